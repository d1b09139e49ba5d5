import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { composeExperiment, listExperiments, projectSettings } from '@tass/config';
import { planSweep } from './sweep-plan';

const settings = projectSettings(resolve(__dirname, '../../..'), {});
const root = settings.experiments;
const grids = listExperiments(root).filter((name) => 'sweep' in composeExperiment({ root, name }).config);
const plan = (experiment: string, ...overrides: string[]) => planSweep({ experiment, overrides }, settings);

it.each(grids)('%s plans, and says how it is run', (name) => {
  const { cells } = plan(name);
  expect(new Set(cells.map(({ experiment }) => JSON.stringify(experiment))).size).toBe(cells.length);
  expect(readFileSync(join(root, `${name}.yaml`), 'utf8')).toMatch(new RegExp(`^#[^]*npx nx run trainer:sweep --exp=${name}\\s`, 'm'));
});

it('the ablations: five networks with three seeds each on the small world', () => {
  const { cells, launcher } = plan('ablations');
  expect(cells.map(({ experiment: { title, seed } }) => `${title} ${seed}`)).toEqual(
    ['TASS', 'w/o TSG+', 'w/o text query', 'dual stream', 'w/o CMS'].flatMap((title) => [1, 2, 3].map((seed) => `${title} ${seed}`)),
  );
  for (const { experiment } of cells)
    expect(experiment.dataset).toMatchObject({ kind: 'mini-avqa', videos: { train: 600, val: 100, test: 200 } });
  expect(launcher).toEqual({ kind: 'local', jobs: 2 });
});

it('words of the command line stand above those of the grid', () => {
  const { cells } = plan('ablations', 'dataset=mini-avqa', 'epochs=8');
  for (const { experiment } of cells) expect(experiment).toMatchObject({ epochs: 8, dataset: { videos: { train: 1500 } } });
});

it('an experiment that is no grid is a grid of one cell', () => {
  const { cells } = plan('quickstart', 'seed=4');
  expect(cells.map(({ name, experiment }) => [name, experiment.seed])).toEqual([['quickstart', 4]]);
});

it('the launcher is an option with keys of its own', () => {
  expect(plan('quickstart', 'launcher=slurm', 'launcher.time=90', 'launcher.gpus=1').launcher).toMatchObject({
    kind: 'slurm',
    time: 90,
    gpus: 1,
  });
  expect(plan('quickstart', 'launcher.jobs=5').launcher).toEqual({ kind: 'local', jobs: 5 });
});

it('all mistakes at once, those of every cell once', () => {
  const wrong = () => plan('ablations', 'epochs=0', 'launcher.jbos=2', 'modle.dim=3');
  expect(wrong).toThrow('override epochs=0: epochs is 0, expected');
  expect(wrong).toThrow(/launcher\.jbos is not a known key.*Did you mean jobs\?/);
  expect(wrong).toThrow('modle is not a known key');
  try {
    wrong();
  } catch (error) {
    expect((error as Error).message.split('\n')).toHaveLength(3);
  }
});

it('an unknown launcher', () => {
  expect(() => plan('quickstart', 'launcher=slrum')).toThrow(
    /there is no launcher\/slrum\. Options of launcher: local, slurm\. Did you mean slurm\?/,
  );
});
