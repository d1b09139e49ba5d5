import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { MiniatureProject, resultsOf } from '@tass/testing';
import { runsOfCells } from './fixtures/runs-of-cells';

const project = new MiniatureProject();
afterAll(() => project.remove());

/** What the finished runs of all cells computed. */
const computed = (): Record<string, Record<string, unknown>[]> =>
  Object.fromEntries(Object.entries(runsOfCells(project.runs)).map(([cell, folders]) => [cell, folders.map(resultsOf)]));
const forget = (): void => {
  for (const folder of ['.cells', '.sweeps', 'miniature']) project.removeRuns(folder);
};
const killWhen = (pattern: RegExp, signal: NodeJS.Signals) => {
  let isSent = false;
  return (text: string, program: ChildProcess): void => {
    if (isSent || !pattern.test(text)) return;
    isSent = true;
    program.kill(signal);
  };
};

let uninterrupted: ReturnType<typeof computed>;

it('a dry run tells what would be run, and makes nothing', async () => {
  const { code, output } = await project.sweep(['--exp=miniature-grid', '--dry-run']);
  expect(code).toBe(0);
  expect(output).toMatch(/miniature loss\.synchrony=0 seed=2 +run/);
  expect(output).toContain('4 cells: 4 pending. 4 would be run');
  expect(existsSync(project.runs)).toBe(false);
  expect(existsSync(project.world)).toBe(false);
});

it('runs every cell of the grid once, on data made once before', async () => {
  const { code, output, errors } = await project.sweep(['--exp=miniature-grid']);
  expect([code, errors]).toEqual([0, expect.stringContaining('all done')]);
  expect(errors.match(/data: made by a job/g)).toHaveLength(1);
  expect(output).toBe('4 of 4 succeeded\n');
  uninterrupted = computed();
  expect(Object.keys(uninterrupted).sort()).toEqual(
    [0, 1].flatMap((synchrony) => [1, 2].map((seed) => `synchrony=${synchrony} seed=${seed}`)),
  );
  for (const runs of Object.values(uninterrupted)) expect(runs).toHaveLength(1);
});

it('a cell gives what the same experiment gives alone', async () => {
  const alone = await project.trained(['--exp=miniature', 'seed=2', 'loss.synchrony=0']);
  expect(resultsOf(alone)).toEqual({ ...uninterrupted['synchrony=0 seed=2'][0], 'config.yaml': expect.anything() });
});

it('nothing that is done is run again, in another sweep either', async () => {
  const again = await project.sweep(['--exp=miniature-grid']);
  expect([again.code, again.errors.match(/before; not run again/g)?.length]).toEqual([0, 4]);
  const other = await project.sweep(['--exp=miniature', 'seed=2']); // named in another way
  expect([other.code, other.errors.match(/before; not run again/g)?.length]).toEqual([0, 1]);
  expect(computed()).toEqual(uninterrupted);
});

it('train -m is a sweep: its cells are those of the grid', async () => {
  const multirun = await project.train(['--exp=miniature', '-m', 'loss.synchrony=1,0', 'seed=range(1,3)', '--dry-run']);
  expect([multirun.code, multirun.output]).toEqual([0, expect.stringContaining('4 cells: 4 succeeded. 0 would be run')]);
  const refused = await project.train(['--exp=miniature', '-m', 'seed=choice()', 'loss.synchrony=range(1,0)']);
  expect([refused.code, refused.errors.trimEnd().split('\n').length]).toEqual([1, 2]);
});

it('--status of the newest sweep', async () => {
  const { code, output } = await project.sweep(['--exp=miniature-grid', '--status']);
  expect(code).toBe(0);
  expect(output).toMatch(
    /succeeded +1 +1 .* 2\/2 epochs, loss \d\.\d{3}, best \d+\.\d{2} % +miniature loss\.synchrony=1 seed=1 +miniature\/\d{8}-\d{6}-seed1-\w+/,
  );
});

it('cells that compute the same count once, before, while and after they run', async () => {
  const words = ['--exp=miniature', 'title=a,b', 'seed=1'];
  expect((await project.sweep([...words, '--dry-run'])).output).toContain('1 cell: 1 succeeded. 0 would be run');
  const { code, output, errors } = await project.sweep(words);
  expect([code, output]).toEqual([0, expect.stringContaining('1 of 1 succeeded')]);
  expect(errors).toMatch(/sweep .*: 1 cell of miniature on .*\n(.*\n)*equal +miniature .* is the same as miniature .*\n/);
  expect((await project.sweep(['--exp=miniature', '--status'])).output).toMatch(/ the same as miniature .*\n\n1 cell: 1 succeeded\n/);
});

it.each<[NodeJS.Signals, number | null]>([
  ['SIGTERM', 130],
  ['SIGKILL', null],
])('%s to the sweep: what is missing is done on --resume, and the figures are those of an uninterrupted sweep', async (signal, code) => {
  forget();
  const stopped = await project.sweep(['--exp=miniature-grid', '--jobs=2'], { onError: killWhen(/started .*\n.*started/, signal) });
  expect(stopped.code).toBe(code);
  const resumed = await project.sweep(['--exp=miniature-grid', '--resume']);
  expect([resumed.code, resumed.errors]).toEqual([0, expect.stringContaining('all done')]);
  expect(readdirSync(join(project.runs, '.sweeps/miniature-grid'))).toHaveLength(1);
  expect(computed()).toEqual(uninterrupted);
});

it('a cell that fails is told when it happens, with its log; the others are done; the exit code is 1', async () => {
  forget();
  writeFileSync(
    join(project.experiments, 'bad-grid.yaml'),
    'title: bad\nsweep:\n  experiments: [miniature]\n  axes: { optimizer.learningRate: [0.01, 1e38] }\n',
  );
  const { code, output, errors } = await project.sweep(['--exp=bad-grid', '--retry=1']);
  expect(code).toBe(1);
  expect(errors).toMatch(
    /failed +miniature optimizer\.learningRate=1e\+?38 \(exit code 1\): .*not finite.*; begun again, for the last time/,
  );
  expect(errors).toMatch(/failed +miniature .*; not begun again\n(.*\n)*? +log: .*log\.txt/);
  expect(output).toContain('1 of 2 succeeded, 1 failed');
  expect(errors).toMatch(/to resume: npx nx run trainer:sweep --resume=\d{8}-\d{6}-\w+/);
});

it('--only chooses cells', async () => {
  forget();
  const { code, output } = await project.sweep(['--exp=miniature-grid', '--only=seed=2', '--only=loss.synchrony=0']);
  expect([code, output]).toEqual([0, expect.stringContaining('1 of 1 succeeded')]);
  expect(Object.entries(computed()).filter(([, runs]) => runs.length > 0)).toHaveLength(1);
});

describe('a sweep that is not begun', () => {
  it.each<[string, string[], RegExp]>([
    ['nothing named', [], /trainer: no experiment is named/],
    ['no such grid', ['--exp=ablation'], /there is no experiment ablation .*Did you mean ablations\?/],
    ['a value that no cell has', ['--exp=miniature-grid', '--only=seed=9'], /--only=seed=9: no cell has that value, expected one of 1, 2/],
    ['settings on --resume', ['--exp=miniature-grid', '--resume', 'epochs=3'], /epochs=3 cannot be changed with --resume/],
    ['no such sweep', ['--resume=2020'], /there is no sweep 2020/],
  ])('%s', async (_, words, message) => {
    const { code, errors } = await project.sweep(words);
    expect(code).not.toBe(0);
    expect(errors).toMatch(message);
    expect(errors).not.toMatch(/\n\s+at /);
  });

  it('a cell changed since: the keys are named', async () => {
    const grid = join(project.experiments, 'miniature-grid.yaml');
    const before = readFileSync(grid, 'utf8');
    writeFileSync(grid, before.replace('seeds:', 'overrides: [epochs=3]\n  seeds:'));
    const { code, errors } = await project.sweep(['--exp=miniature-grid', '--resume']);
    writeFileSync(grid, before);
    expect([code, errors]).toEqual([1, expect.stringMatching(/the files no longer give the cells of [^]*epochs was 2, is 3/)]);
  });

  it('a sweep that another process runs', async () => {
    forget();
    const first = project.sweep(['--exp=miniature-grid']);
    const folder = join(project.runs, '.sweeps/miniature-grid');
    while (!existsSync(folder) || !readdirSync(folder).some((id) => existsSync(join(folder, id, 'sweep.lock'))))
      await new Promise((resolve) => setTimeout(resolve, 50));
    const [id] = readdirSync(folder);
    const second = await project.sweep([`--resume=${basename(id)}`]);
    expect([second.code, second.errors]).toEqual([1, expect.stringMatching(/is in use by process \d+/)]);
    expect((await first).code).toBe(0);
    expect(computed()).toEqual(uninterrupted);
  });
});
