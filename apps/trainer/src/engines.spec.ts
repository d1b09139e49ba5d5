import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { availableEngines, type EngineName } from '@tass/tensor';
import { MiniatureProject, filesIn, resultsOf } from '@tass/testing';

const project = new MiniatureProject();
afterAll(() => project.remove());

const tensorflowIsThere = availableEngines().includes('tensorflow');

const sameBitsOn = async (backend: EngineName) => {
  const words = ['--exp=miniature', `engine.backend=${backend}`, 'engine.threads=2'];
  const undisturbed = resultsOf(await project.trained(words));
  const [, { step: steps }] = undisturbed['metrics.jsonl'] as { step: number }[];

  const preload = [join(__dirname, 'fixtures/interrupt.cjs')];
  const environment = { INTERRUPT_STEP: String(Math.round(0.75 * steps)), INTERRUPT_SIGNAL: 'SIGKILL' }; // within the second epoch
  expect((await project.train(words, { preload, environment })).signal).toBe('SIGKILL');
  const resumed = await project.trained(['--exp=miniature', '--resume']);
  expect(resultsOf(resumed)).toEqual(undisturbed);
  expect(JSON.parse(readFileSync(join(resumed, 'manifest.json'), 'utf8')).engine).toMatchObject({ backend, threads: 2 });
};

it('on wasm with two threads, a run killed and resumed has the bytes of an undisturbed one', () => sameBitsOn('wasm'));

(tensorflowIsThere ? it : it.skip)(
  'on tensorflow, a run killed and resumed has the bytes of an undisturbed one (needs npm run engine:tensorflow)',
  () => sameBitsOn('tensorflow'),
);

it('an engine that is asked for and is not there is named, with where it was looked for and the command that brings it', async () => {
  const library = join(project.folder, 'nothing');
  const before = filesIn(project.folder);
  const { code, errors, output } = await project.train(['--exp=miniature', 'engine.backend=tensorflow'], {
    environment: { TASS_TENSORFLOW_LIB: library },
  });
  expect([code, output]).toEqual([1, '']);
  expect(errors).toMatch(
    /^trainer: useEngine: backend tensorflow is not there: TASS_TENSORFLOW_LIB=\S+nothing does not hold .+\. Run: npm run engine:tensorflow\n$/,
  );
  expect(filesIn(project.folder)).toEqual(before);
});
