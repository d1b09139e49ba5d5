import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
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
  const { title, cells, launcher } = plan('ablations');
  expect(title).toBe('Ablations of TASS');
  expect(cells.map(({ experiment: { title, seed } }) => `${title} ${seed}`)).toEqual(
    ['TASS', 'w/o TSG+', 'w/o text query', 'single stream', 'mean summary'].flatMap((title) => [1, 2, 3].map((seed) => `${title} ${seed}`)),
  );
  for (const { experiment } of cells)
    expect(experiment.dataset).toMatchObject({ kind: 'mini-avqa', videos: { train: 600, val: 100, test: 200 } });
  expect(launcher).toEqual({ kind: 'local', jobs: 2 });
});

it('words of the command line stand above those of the grid', () => {
  const { cells } = plan('ablations', 'dataset=mini-avqa', 'epochs=8');
  for (const { experiment, overrides } of cells) {
    expect(experiment).toMatchObject({ epochs: 8, dataset: { videos: { train: 1500 } } });
    const { config } = composeExperiment({ root, name: 'ablations/single-stream', overrides: [...overrides] }); // what its run records gives it again
    expect(config).toMatchObject({ epochs: 8, seed: experiment.seed, dataset: { videos: { train: 1500 } } });
  }
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

it.each([
  ['node22', 'node22'],
  ['tools/node', join(settings.root, 'tools/node')],
  ['~/bin/node', join(homedir(), 'bin/node')],
  ['/opt/node', '/opt/node'],
])('launcher.node=%s is the program %s', (given, program) => {
  expect(plan('quickstart', 'launcher=slurm', `launcher.node=${given}`).launcher).toMatchObject({ node: program });
});

describe('axes on the command line', () => {
  const cellsOf = (...words: string[]) => plan('tass-small', ...words).cells;

  it('make a grid of an experiment, the last changing fastest', () => {
    const cells = cellsOf('seed=range(1,3)', 'model.jtg.stream=single,dual', 'epochs=3');
    expect(
      cells.map(({ request, experiment: { seed, epochs, model } }) => [
        request.name,
        seed,
        (model.jtg as { stream: string }).stream,
        epochs,
      ]),
    ).toEqual([
      ['tass-small seed=1 model.jtg.stream=single', 1, 'single', 3],
      ['tass-small seed=1 model.jtg.stream=dual', 1, 'dual', 3],
      ['tass-small seed=2 model.jtg.stream=single', 2, 'single', 3],
      ['tass-small seed=2 model.jtg.stream=dual', 2, 'dual', 3],
    ]);
  });

  it('take groups, patterns, numbers, lists and references', () => {
    const worlds = cellsOf('dataset=glob(mini*)').map(({ experiment }) => experiment.dataset);
    expect(worlds).toEqual([1500, 600].map((train) => expect.objectContaining({ videos: expect.objectContaining({ train }) })));
    expect(
      cellsOf('optimizer.learningRate=1e-3,2e-3', 'model.jtg.context=bilstm').map(({ experiment }) => experiment.optimizer.learningRate),
    ).toEqual([1e-3, 2e-3]);
    expect(cellsOf("title='a, b',${seed}-x", 'seed=5').map(({ experiment }) => experiment.title)).toEqual(['a, b', '5-x']);
    expect(cellsOf('batch={questions: 32, perVideo: 4},{questions: 16}').map(({ experiment }) => experiment.batch)).toEqual([
      { questions: 32, perVideo: 4 },
      { questions: 16, perVideo: 8 },
    ]);
  });

  it('stand above those of a grid file', () => {
    const seeds = plan('ablations', 'seed=7,8').cells;
    expect(seeds.map(({ experiment: { seed } }) => seed)).toEqual(Array(5).fill([7, 8]).flat());
    const one = plan('ablations', 'seed=7').cells; // not three times the same cell
    expect(one.map(({ experiment: { title, seed } }) => `${title} ${seed}`)).toEqual(
      ['TASS', 'w/o TSG+', 'w/o text query', 'single stream', 'mean summary'].map((title) => `${title} 7`),
    );
    const epochs = plan('ablations', 'epochs=2,3', 'dataset=mini-avqa').cells;
    expect(epochs.map(({ experiment }) => experiment.epochs)).toEqual(Array(5).fill([2, 2, 2, 3, 3, 3]).flat());
    expect(epochs.every(({ experiment }) => experiment.dataset.kind === 'mini-avqa' && experiment.dataset.seed === 11)).toBe(true);
  });

  it('all mistakes of their words at once, then those of the cells', () => {
    expect(() => cellsOf('seed=range(1,1)', 'modle=glob(*)')).toThrow(
      /override seed=range\(1,1\): .* has no values.*\noverride modle=glob\(\*\): modle is not a group/,
    );
    expect(() => cellsOf('dataset=mini-avqa,mini-avka', 'seed=1,x')).toThrow(
      /override seed="?x"?: seed is "x", expected a number \(in the cell tass-small dataset=mini-avqa seed=x\)\n.*no dataset\/mini-avka\. .*Did you mean mini-avqa\? \(in the cell tass-small dataset=mini-avka seed=1 and 1 more\)$/,
    );
  });

  it('a mistake of some cells names them with their words', () => {
    expect(() => cellsOf('loss.match=0,0.5', 'seed=1,2')).toThrow(
      /loss\.match is 0, expected more than 0, as model\.match is video-head; or model\.match=none \(in the cell tass-small loss\.match=0 seed=1 and 1 more\)$/,
    );
    expect(cellsOf('optimizer=glob(adam*)')).toHaveLength(3); // the example of the help text
  });

  it('words are applied in their order', () => {
    const batches = cellsOf('batch.questions=64', 'batch={questions: 32},{perVideo: 4}').map(({ experiment }) => experiment.batch);
    expect(batches).toEqual([
      { questions: 32, perVideo: 8 },
      { questions: 64, perVideo: 4 },
    ]);
    const after = cellsOf('batch={questions: 32},{perVideo: 4}', 'batch.questions=64').map(({ experiment }) => experiment.batch.questions);
    expect(after).toEqual([64, 64]);
  });
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

it('a launcher has one value for each of its keys', () => {
  expect(() => plan('quickstart', 'launcher.jobs=1,2', 'seed=1,2')).toThrow(
    /^override launcher\.jobs=1,2: 1,2 can be read as several values, .*\. All cells of a sweep share one launcher$/,
  );
});

it('an unknown launcher', () => {
  expect(() => plan('quickstart', 'launcher=slrum')).toThrow(
    /there is no launcher\/slrum\. Options of launcher: local, slurm\. Did you mean slurm\?/,
  );
});
