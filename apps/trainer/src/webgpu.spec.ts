import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFiles } from '@tass/experiment';
import { MiniatureProject, needsSwiftShader, resultsOf, webgpuEnvironment, webgpuName, withWebgpu } from '@tass/testing';

const project = new MiniatureProject();
afterAll(() => project.remove());

const words = ['--exp=miniature', 'engine.backend=onnxruntime', 'epochs=2'];
const onGpu = [...words, 'engine.device=webgpu'];
const environment = webgpuEnvironment;
const withoutDriver = { VK_DRIVER_FILES: '/nowhere.json', VK_ICD_FILENAMES: '/nowhere.json' };
const deviceOf = (run: string): string => JSON.parse(readFileSync(join(run, 'manifest.json'), 'utf8')).engine.device;

interface Line {
  readonly values: Readonly<Record<string, number>>;
}
const lossesOf = (results: Record<string, unknown>): [string, number][] =>
  (results['metrics.jsonl'] as Line[]).flatMap(({ values }) => Object.entries(values).filter(([name]) => /^(train|loss)/.test(name)));

it('is refused without a GPU, before there is a run', async () => {
  const { code, errors, showsStack } = await project.refusal('train', onGpu, { environment: withoutDriver });
  expect([code, showsStack, existsSync(project.runs)]).toEqual([1, false, false]);
  expect(errors).toMatch(/^trainer: useEngine: device webgpu is not there: .+\n$/);
});

withWebgpu(`training on WebGPU ${needsSwiftShader}`, () => {
  it('is refused with compile=off, where a GPU would have nothing to do', async () => {
    const { code, errors, showsStack } = await project.refusal('train', [...onGpu, 'engine.compile=off'], { environment });
    expect([code, showsStack, existsSync(project.runs)]).toEqual([1, false, false]);
    expect(errors).toMatch(
      /the device is webgpu: .*, which computes compiled steps only, but engine\.compile is off\. Leave out one of the two\n$/,
    );
  });

  it('is shared by the jobs of a sweep, which says so; one job at once has it alone', async () => {
    const plan = async (...more: string[]) => (await project.sweep([...onGpu, 'seed=1,2', '--dry-run', ...more], { environment })).errors;
    const line = /^WebGPU: the 2 jobs at once share one GPU \(.+\) and its memory\. --jobs=1 gives each run all of it$/m;
    expect(await plan('--jobs=2')).toMatch(line);
    expect(await plan('--jobs=1')).not.toMatch('share one GPU');
    expect(await plan('--jobs=2', 'engine.device=cpu')).not.toMatch('share one GPU');
  });

  let whole: Record<string, unknown>;

  it('gives the losses of the CPU, and the manifest names the device', async () => {
    const run = await project.trained(onGpu, { environment });
    expect(deviceOf(run)).toMatch(webgpuName);
    whole = resultsOf(run);
    const expected = lossesOf(resultsOf(await project.trained(words)));
    const found = lossesOf(whole);
    expect(found.map(([name]) => name)).toEqual(expected.map(([name]) => name));
    found.forEach(([name, loss], i) =>
      expect([name, Math.abs(loss - expected[i][1]) <= 1e-5 * Math.abs(expected[i][1])]).toEqual([name, true]),
    );
  });

  it('killed and resumed there, gives the same bytes; resumed without the GPU, an error that leaves the checkpoint', async () => {
    const interrupt = { preload: [join(__dirname, 'fixtures/interrupt.cjs')] };
    const { signal } = await project.train(onGpu, { ...interrupt, environment: { ...environment, INTERRUPT_STEP: '9', INTERRUPT_SIGNAL: 'SIGKILL' } }); // prettier-ignore
    expect(signal).toBe('SIGKILL');
    const [killed] = project.runsOf();
    const checkpoint = readFileSync(runFiles.last(killed));
    const elsewhere = await project.train(['--exp=miniature', '--resume'], { environment: withoutDriver });
    expect([elsewhere.code, elsewhere.errors]).toEqual([1, expect.stringContaining('useEngine: device webgpu is not there: ')]);
    expect(readFileSync(runFiles.last(killed)).equals(checkpoint)).toBe(true);
    expect(await project.trained(['--exp=miniature', '--resume'], { environment })).toBe(killed);
    expect(resultsOf(killed)).toEqual(whole);
  });
});
