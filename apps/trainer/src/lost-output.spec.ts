import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  hasPython,
  inClosedTerminal,
  intoFullDisk,
  intoHead,
  MiniatureProject,
  mlflowProgram,
  needsMlflow,
  resultsOf,
  withMlflow,
} from '@tass/testing';
import { entriesOf, SpecMlflow } from './fixtures/mlflow';
import { runsOfCells } from './fixtures/runs-of-cells';

const project = new MiniatureProject();
const server = mlflowProgram ? new SpecMlflow() : undefined;
afterAll(() => {
  server?.stop();
  project.remove();
});

let uninterrupted: Record<string, unknown>;
beforeAll(async () => {
  await server?.start();
  for (const name of ['piped', 'closed'])
    copyFileSync(join(project.experiments, 'miniature.yaml'), join(project.experiments, `${name}.yaml`));
  uninterrupted = computedIn(await project.trained(['--exp=miniature']));
});

/** Without what is known of the server. */
function computedIn(run: string): Record<string, unknown> {
  const { 'mlflow.json': _, ...files } = resultsOf(run);
  return files;
}

const environment = () => ({ TERM: 'xterm', CI: '', ...(server && { MLFLOW_TRACKING_URI: server.uri }) });
const filesOfSweeps = () => {
  const folder = join(project.runs, '.sweeps/miniature-grid');
  return readdirSync(folder).flatMap((id) => readdirSync(join(folder, id)));
};

const told: Record<string, string[]> = {}; // what MLflow knew, by the moment
async function ask(moment: string, experiment: string): Promise<void> {
  if (!server) return;
  const runs = await server.runsOf(experiment);
  told[moment] = runs.map(({ info, data }) => `${entriesOf(data.tags)['tass.kind'] ?? 'run'} ${info.status}`).sort();
}

it('training into a pipe whose reader has ended gives the files of one that is read, and no lock is left', async () => {
  const { code } = await project.train(['--exp=piped'], { around: intoHead(3), environment: environment() });
  expect(code).toBe(0);
  expect(computedIn(project.runsOf('piped')[0])).toEqual(uninterrupted);
  await ask('a training into a pipe', 'piped');
});

it('so does training into a full disk', async () => {
  const { code } = await project.train(['--exp=miniature'], { around: intoFullDisk });
  expect(code).toBe(0);
  expect(computedIn(project.runsOf()[0])).toEqual(uninterrupted);
});

it('a sweep into a pipe whose reader has ended computes its cells', async () => {
  const words = ['--exp=miniature-grid', '--only=seed=1', '--only=loss.synchrony=1'];
  const { code } = await project.sweep(words, { around: intoHead(1), environment: environment() });
  expect(code).toBe(0);
  expect(runsOfCells(project.runs)['synchrony=1 seed=1']).toHaveLength(1);
  expect(filesOfSweeps()).not.toContain('sweep.lock');
  await ask('a sweep into a pipe', 'miniature-grid');
});

(hasPython() ? describe : describe.skip)('a terminal that is closed (needs python3)', () => {
  it('stops a training, which saves and can be resumed', async () => {
    const { code } = await project.train(['--exp=closed'], { around: inClosedTerminal('run: '), environment: environment() });
    const [run] = project.runsOf('closed');
    expect([code, readdirSync(run).filter((file) => file.endsWith('.lock'))]).toEqual([130, []]);
    await ask('a training in a closed terminal', 'closed');
    expect(await project.trained(['--exp=closed', '--resume'], { environment: environment() })).toBe(run);
    expect(computedIn(run)).toEqual(uninterrupted);
    await ask('the same, resumed', 'closed');
  });

  it('stops a sweep and its cells, and it can be resumed', async () => {
    const words = ['--exp=miniature-grid', '--only=seed=2', '--only=loss.synchrony=0'];
    const closed = { around: inClosedTerminal('1 running'), environment: { ...environment(), MLFLOW_TRACKING_URI: '' } };
    expect((await project.sweep(words, closed)).code).toBe(130);
    expect(filesOfSweeps()).not.toContain('sweep.lock');
    const resumed = await project.sweep(['--exp=miniature-grid', '--resume', ...words.slice(1)]);
    expect([resumed.code, resumed.errors]).toEqual([0, expect.stringContaining('all done')]);
  });
});

withMlflow(`MLflow learned how what had lost its output ended ${needsMlflow}`, () => {
  it.each([
    ['a training into a pipe', ['run FINISHED']],
    ['a sweep into a pipe', ['run FINISHED', 'sweep KILLED']], // its other cells were not asked for
  ])('%s: %j', (moment, statuses) => expect(told[moment]).toEqual(statuses));

  (hasPython() ? it : it.skip)('a training in a closed terminal: KILLED, and FINISHED when it was resumed (needs python3)', () => {
    expect(told['a training in a closed terminal']).toEqual(['run KILLED']);
    expect(told['the same, resumed']).toEqual(['run FINISHED']);
  });
});
