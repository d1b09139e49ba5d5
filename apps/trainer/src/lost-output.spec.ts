import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hasPython, inClosedTerminal, intoFullDisk, intoHead, MiniatureProject, needsMlflow, resultsOf, withMlflow } from '@tass/testing';
import { entriesOf, SpecMlflow } from './fixtures/mlflow';
import { runsOfCells } from './fixtures/runs-of-cells';

const project = new MiniatureProject();
afterAll(() => project.remove());

let uninterrupted: Record<string, unknown>;
beforeAll(async () => {
  uninterrupted = resultsOf(await project.trained(['--exp=miniature']));
});

const terminal = { TERM: 'xterm', CI: '' };
const oneCell = ['--only=seed=1', '--only=loss.synchrony=1'];
const filesOfSweeps = () => {
  const folder = join(project.runs, '.sweeps/miniature-grid');
  return readdirSync(folder).flatMap((id) => readdirSync(join(folder, id)));
};

it.each([
  ['a pipe whose reader has ended', intoHead(3)],
  ['a full disk', intoFullDisk],
])('training into %s gives the files of one that is read, and no lock is left', async (_, around) => {
  const { code } = await project.train(['--exp=miniature'], { around });
  expect(code).toBe(0);
  expect(resultsOf(project.runsOf()[0])).toEqual(uninterrupted);
});

it('a sweep into a pipe whose reader has ended computes its cells', async () => {
  const { code } = await project.sweep(['--exp=miniature-grid', ...oneCell], { around: intoHead(3) });
  expect(code).toBe(0);
  expect(runsOfCells(project.runs)['synchrony=1 seed=1']).toHaveLength(1);
  expect(filesOfSweeps()).not.toContain('sweep.lock');
});

(hasPython() ? describe : describe.skip)('a terminal that is closed (needs python3)', () => {
  it('stops a training, which saves and can be resumed', async () => {
    const { code } = await project.train(['--exp=miniature'], { around: inClosedTerminal('run: '), environment: terminal });
    const [run] = project.runsOf();
    expect([code, readdirSync(run).filter((file) => file.endsWith('.lock'))]).toEqual([130, []]);
    expect(await project.trained(['--exp=miniature', '--resume'])).toBe(run);
    expect(resultsOf(run)).toEqual(uninterrupted);
  });

  it('stops a sweep and its cells, and it can be resumed', async () => {
    const words = ['--exp=miniature-grid', '--only=seed=2', '--only=loss.synchrony=0'];
    const { code } = await project.sweep(words, { around: inClosedTerminal('1 running'), environment: terminal });
    expect(code).toBe(130);
    expect(filesOfSweeps()).not.toContain('sweep.lock');
    const resumed = await project.sweep(['--exp=miniature-grid', '--resume', ...words.slice(1)]);
    expect([resumed.code, resumed.errors]).toEqual([0, expect.stringContaining('all done')]);
  });
});

withMlflow(`MLflow learns how what has lost its output ended ${needsMlflow}`, () => {
  const server = new SpecMlflow();
  beforeAll(() => server.start());
  afterAll(() => server.stop());
  const statuses = async (experiment: string) =>
    (await server.runsOf(experiment)).map(({ info, data }) => `${entriesOf(data.tags)['tass.kind'] ?? 'run'} ${info.status}`).sort();
  const environment = () => ({ ...terminal, MLFLOW_TRACKING_URI: server.uri });
  const copied = (name: string, of: string) => copyFileSync(join(project.experiments, of), join(project.experiments, `${name}.yaml`));

  it('into a pipe whose reader has ended: FINISHED, of a run and of a sweep', async () => {
    copied('piped', 'miniature.yaml');
    copied('piped-grid', 'miniature-grid.yaml');
    expect((await project.train(['--exp=piped'], { around: intoHead(1), environment: environment() })).code).toBe(0);
    expect(await statuses('piped')).toEqual(['run FINISHED']);
    const words = ['--exp=piped-grid', '--only=loss.synchrony=1', 'seed=3'];
    expect((await project.sweep(words, { around: intoHead(1), environment: environment() })).code).toBe(0);
    expect(await statuses('piped-grid')).toEqual(['run FINISHED', 'sweep KILLED']); // its other cell was not asked for
  });

  (hasPython() ? it : it.skip)('in a terminal that is closed: KILLED, and FINISHED when it was resumed (needs python3)', async () => {
    copied('closed', 'miniature.yaml');
    const closed = { around: inClosedTerminal('run: '), environment: environment() };
    expect((await project.train(['--exp=closed'], closed)).code).toBe(130);
    expect(await statuses('closed')).toEqual(['run KILLED']);
    expect((await project.train(['--exp=closed', '--resume'], { environment: environment() })).code).toBe(0);
    expect(await statuses('closed')).toEqual(['run FINISHED']);
  });
});
