import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readCheckpoint } from '@tass/checkpoints';
import { runFiles } from '@tass/experiment';
import { availableEngines, type EngineName } from '@tass/tensor';
import { MiniatureProject, resultsOf } from '@tass/testing';

const project = new MiniatureProject();
afterAll(() => project.remove());

let uninterrupted: Record<string, unknown>;
let steps: number;
beforeAll(async () => {
  const run = await project.trained(['--exp=miniature']);
  uninterrupted = resultsOf(run);
  steps = positionIn(run).step;
});

const positionIn = (run: string) =>
  (readCheckpoint(runFiles.last(run)).state as unknown as { position: { epoch: number; batch: number; step: number } }).position;
const interrupted = (environment: Record<string, string>) =>
  project.train(['--exp=miniature'], { preload: [join(__dirname, 'fixtures/interrupt.cjs')], environment });

it('writes a whole run folder', () => {
  const inCheckpoints = ['checkpoints/best.safetensors', 'checkpoints/last.safetensors'];
  const beside = [
    'config.yaml',
    'grounding-test.json',
    'metrics.committed',
    'metrics.jsonl',
    'predictions-test.answers',
    'predictions-test.jsonl',
    'report.json',
    'report.md',
    'use-test.json',
  ];
  expect(Object.keys(uninterrupted).sort()).toEqual(['checkpoints', ...inCheckpoints, ...beside]);
  expect(uninterrupted['metrics.jsonl']).toHaveLength(3);
  expect(steps).toBeGreaterThan(8);
});

it('records after each epoch how fast it was and how much memory it took', async () => {
  const [run] = project.runsOf();
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
  const epochs = lines.slice(0, 2).map((line) => (JSON.parse(line) as { values: Record<string, number> }).values);
  for (const values of epochs) expect(values['throughput/questionsPerSecond']).toBeGreaterThan(0);
  const [first, second] = epochs.map((values) => values['system/process_peak_memory_megabytes']);
  expect(first).toBeGreaterThan(50);
  expect(second).toBeGreaterThanOrEqual(first);
});

it('with the same seed gives the same figures and the same bytes', async () => {
  expect(resultsOf(await project.trained(['--exp=miniature']))).toEqual(uninterrupted);
});

it('with another seed gives others', async () => {
  const other = resultsOf(await project.trained(['--exp=miniature', 'seed=2']));
  for (const file of ['checkpoints/best.safetensors', 'checkpoints/last.safetensors', 'predictions-test.jsonl', 'metrics.jsonl']) {
    expect(other[file]).not.toEqual(uninterrupted[file]);
  }
});

describe('killed and resumed, gives the figures and bytes of an uninterrupted run, when it was killed', () => {
  const middleOfSecondEpoch = () => String(Math.round(0.75 * steps));
  const linesWritten = (run: string) => readFileSync(join(run, 'metrics.jsonl'), 'utf8').split('\n').length - 1;

  it.each<[string, () => Record<string, string>, { checkpoint: boolean; lines: number }]>([
    ['in the first epoch, before any checkpoint', () => ({ INTERRUPT_STEP: '3' }), { checkpoint: false, lines: 0 }],
    ['in the middle of the second epoch', () => ({ INTERRUPT_STEP: middleOfSecondEpoch() }), { checkpoint: true, lines: 1 }],
    ['between journal and checkpoint', () => ({ INTERRUPT_RENAME: 'last.safetensors:2:before' }), { checkpoint: true, lines: 2 }],
    ['within the report', () => ({ INTERRUPT_RENAME: 'report.md:1:after' }), { checkpoint: true, lines: 3 }],
  ])('%s', async (_, place, { checkpoint, lines }) => {
    const { signal } = await interrupted({ ...place(), INTERRUPT_SIGNAL: 'SIGKILL' });
    const [run] = project.runsOf();
    expect([signal, existsSync(runFiles.last(run)), linesWritten(run)]).toEqual(['SIGKILL', checkpoint, lines]);
    expect(existsSync(join(run, 'report.json'))).toBe(false);

    expect(await project.trained(['--exp=miniature', '--resume'])).toBe(run);
    expect(resultsOf(run)).toEqual(uninterrupted);
  });
});

describe('on every engine and mode, killed in the middle and resumed, gives the bytes of an uninterrupted run', () => {
  const modes: [EngineName, string[]][] = [
    ['cpu', []],
    ['onnxruntime', ['engine.compile=off']],
    ['onnxruntime', ['engine.threads=2']],
    ['tensorflow', ['engine.compile=off']],
    ['tensorflow', ['engine.compile=graph']],
    ['wasm', ['engine.threads=2']],
  ];
  for (const [backend, words] of modes) {
    const present = availableEngines().includes(backend);
    (present ? it : it.skip)(
      `${backend} ${words.join(' ')}${present ? '' : ': not on this machine, run npm run engine:tensorflow'}`,
      async () => {
        const command = [
          '--exp=miniature',
          `engine.backend=${backend}`,
          'model.match=video-head',
          'loss.match=0.5',
          'model.dropout=0.1',
          ...words,
        ];
        const whole = resultsOf(await project.trained(command));
        expect(whole['checkpoints/last.safetensors']).not.toEqual(uninterrupted['checkpoints/last.safetensors']);
        const environment = { INTERRUPT_STEP: String(Math.round(0.75 * steps)), INTERRUPT_SIGNAL: 'SIGKILL' };
        const { signal } = await project.train(command, { preload: [join(__dirname, 'fixtures/interrupt.cjs')], environment });
        expect(signal).toBe('SIGKILL');
        const [run] = project.runsOf();
        expect(await project.trained(['--exp=miniature', '--resume'])).toBe(run);
        expect(resultsOf(run)).toEqual(whole);
      },
    );
  }
});

it('on SIGINT finishes the step, saves, ends with code 130, and goes on from there', async () => {
  const before = Math.round(0.75 * steps);
  const { code, errors } = await interrupted({ INTERRUPT_STEP: String(before), INTERRUPT_SIGNAL: 'SIGINT' });
  const [run] = project.runsOf();
  expect(code).toBe(130);
  expect(errors).toContain('SIGINT: finishing the step, then saving');
  expect(errors).toContain(`stopped and saved. To resume: npx nx run trainer:train --resume=${basename(run)}`);
  const saved = positionIn(run);
  expect(saved.epoch).toBe(1);
  expect(saved.step).toBeGreaterThanOrEqual(before);
  expect(saved.step).toBeLessThan(steps);
  expect(readdirSync(run).sort()).toEqual(['checkpoints', 'config.yaml', 'manifest.json', 'metrics.committed', 'metrics.jsonl']);

  const resumed = await project.train([`--resume=${basename(run)}`]);
  expect(resumed.code).toBe(0);
  expect(resumed.errors).toContain(`run: ${run}, from epoch 2, batch ${saved.batch + 1}`);
  expect(resultsOf(run)).toEqual(uninterrupted);
});
