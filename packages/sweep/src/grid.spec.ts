import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeExperiment, ConfigError } from '@tass/config';
import { UsageError } from '@tass/program';
import { expandGrid } from './expand-grid';
import { readGrid } from './grid';
import { selectCells } from './select-cells';

let root: string;
let start: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'tass-grid-'));
  start = process.cwd();
  process.chdir(root);
});
afterAll(() => {
  process.chdir(start);
  rmSync(root, { recursive: true });
});

const grid = (text: string) => {
  writeFileSync('grid.yaml', `title: ???\n${text}`); // what is not the grid's is not its business
  return readGrid(composeExperiment({ root, name: 'grid' }));
};
const cells = (text: string) => expandGrid(grid(text)).cells;
const names = (text: string) => cells(text).map(({ name }) => name);
const issues = (text: string): readonly string[] => {
  try {
    cells(text);
  } catch (error) {
    if (error instanceof ConfigError) return error.issues;
    throw error;
  }
  return [];
};

describe('a grid', () => {
  it('is the product of experiments, axes in their order and seeds, the seed changing fastest', () => {
    const written = 'sweep: { seeds: [1, 2], axes: { model: [tass, tass-small], loss.synchrony: [0, 1.5] }, experiments: [a/b, c] }';
    expect(names(written)).toEqual([
      ...['a/b model=tass loss.synchrony=0 seed=1', 'a/b model=tass loss.synchrony=0 seed=2', 'a/b model=tass loss.synchrony=1.5 seed=1'],
      ...['a/b model=tass loss.synchrony=1.5 seed=2', 'a/b model=tass-small loss.synchrony=0 seed=1'],
      ...['a/b model=tass-small loss.synchrony=0 seed=2', 'a/b model=tass-small loss.synchrony=1.5 seed=1'],
      ...['a/b model=tass-small loss.synchrony=1.5 seed=2', 'c model=tass loss.synchrony=0 seed=1', 'c model=tass loss.synchrony=0 seed=2'],
      ...['c model=tass loss.synchrony=1.5 seed=1', 'c model=tass loss.synchrony=1.5 seed=2', 'c model=tass-small loss.synchrony=0 seed=1'],
      ...['c model=tass-small loss.synchrony=0 seed=2', 'c model=tass-small loss.synchrony=1.5 seed=1'],
      'c model=tass-small loss.synchrony=1.5 seed=2',
    ]);
  });

  it('gives each cell its words, those for all cells first', () => {
    const [cell] = cells('sweep: { experiments: [c], seeds: [3], axes: { a.b: [[1, x]] }, overrides: [epochs=4, dataset=small] }');
    expect(cell).toEqual({
      name: 'c a.b=[1, x] seed=3',
      experiment: 'c',
      seed: 3,
      coordinates: { experiment: 'c', 'a.b': [1, 'x'], seed: 3 },
      overrides: ['epochs=4', 'dataset=small', 'a.b=[1, x]', 'seed=3'],
    });
  });

  it('is the file itself where it names no experiments, as one cell without axes', () => {
    expect(cells('sweep: {}')).toEqual([
      { name: 'the experiment itself', experiment: undefined, seed: undefined, coordinates: {}, overrides: [] },
    ]);
    expect(names('sweep: { seeds: [1, 2] }')).toEqual(['seed=1', 'seed=2']);
  });

  it('leaves out what exclude names, and adds what include names', () => {
    const exclude = '[{ experiment: b, seed: 2 }, { x: {y: 1} }]';
    const include = '[{ experiment: b, seed: 2, z: true }, { experiment: d }]';
    expect(
      names(`sweep: { experiments: [a, b], seeds: [1, 2], axes: { x: [{y: 1}, 0] }, exclude: ${exclude}, include: ${include} }`),
    ).toEqual([...['a x=0 seed=1', 'a x=0 seed=2', 'b x=0 seed=1', 'b seed=2 z=true', 'd']]);
    expect(names('sweep: { include: [{ seed: 4 }] }')).toEqual(['seed=4']);
  });

  it('runs once what stands twice, and says so', () => {
    const { cells, notes } = expandGrid(grid('sweep: { seeds: [1, 2, 1], axes: { x: [a] }, include: [{ seed: 2, x: a }, { seed: 2 }] }'));
    expect(cells.map(({ name }) => name)).toEqual(['x=a seed=1', 'x=a seed=2', 'seed=2']);
    expect(notes).toEqual(['x=a seed=1 is in the grid twice and runs once', 'seed=2 x=a is in the grid twice and runs once']);
  });

  it.each<[string, ...string[]]>([
    ['seed: 1', 'grid.yaml:1:1: there is no key sweep, expected a grid, as in sweep: { seeds: [1, 2, 3] }'],
    ['sweep: 3', 'grid.yaml:2:1: sweep is 3, expected a map of keys'],
    ['sweep: { sedes: [1] }', 'grid.yaml:2:10: sweep.sedes is not a known key. Known: experiments, seeds, axes, overrides, include, exclude. Did you mean seeds?'],
    ['sweep: { seeds: [], axes: { a: [] } }', 'grid.yaml:2:10: sweep.seeds is a list of 0, expected a list of at least 1 items', 'grid.yaml:2:29: sweep.axes.a is a list of 0, expected a list of at least 1 items'],
    ['sweep: { axes: { a: 3 } }', 'grid.yaml:2:18: sweep.axes.a is 3, expected a list'],
    ['sweep: { seeds: [1.5] }', 'grid.yaml:2:18: sweep.seeds.0 is 1.5, expected a whole number'],
    ['sweep: { seeds: [1], axes: { seed: [2], epochs: [1], x y: [1], experiment: [a] }, overrides: [epochs=4] }',
      'grid.yaml:2:30: sweep.axes.seed is given twice: also in sweep.seeds',
      'grid.yaml:2:41: sweep.axes.epochs is given twice: also in sweep.overrides',
      'grid.yaml:2:54: sweep.axes.x y cannot be overridden, expected a key as in loss.synchrony, a group, or +new.key',
      'grid.yaml:2:64: sweep.axes.experiment: experiments have a list of their own, sweep.experiments'],
    ['sweep: { seeds: [1], overrides: [a=1, +a=2, seed=3] }',
      'grid.yaml:2:39: sweep.overrides.1 (+a=2): a is given twice',
      'grid.yaml:2:45: sweep.overrides.2 (seed=3): seed is given twice: also in sweep.seeds'],
    ['sweep: { overrides: ["a=1,2"] }', 'grid.yaml:2:22: sweep.overrides.0 (a=1,2) has several values. Write them as an axis: sweep.axes.a: [a, b]'],
    ['sweep: { seeds: [1, 2], axes: { model: [tass] }, exclude: [{ sede: 1 }, { seed: 3, model: tas }, {}] }',
      'grid.yaml:2:60: sweep.exclude.0 matches no cell. sede is not an axis. Axes: model, seed. Did you mean seed?',
      'grid.yaml:2:73: sweep.exclude.1 matches no cell. seed is 3, expected one of 1, 2. model is tas, expected one of tass. Did you mean tass?',
      'grid.yaml:2:98: sweep.exclude.2 matches no cell. No cell has all of these values.'],
    ['sweep: { seeds: [1], exclude: [{ seed: 1 }] }', 'grid.yaml:2:22: sweep.exclude leaves no cells'],
    ['sweep: { experiments: [a], include: [{ seed: -1 }, { experiment: 3, "?": 1 }] }',
      'grid.yaml:2:38: sweep.include.0 names no experiment, expected one, as experiment: a',
      'grid.yaml:2:38: sweep.include.0.seed is -1, expected a whole number of at least 0',
      'grid.yaml:2:52: sweep.include.1.experiment is 3, expected the name of an experiment',
      'grid.yaml:2:52: sweep.include.1.? cannot be overridden'],
  ])('refuses %s', (text, ...messages) => expect(issues(text)).toEqual(messages)); // prettier-ignore
});

describe('--only', () => {
  const grid = 'sweep: { experiments: [a, b], seeds: [1, 2], axes: { x: [[1, 2], y] }, include: [{ experiment: a, z: 1 }] }';
  it.each<[string[], number[]]>([
    [[], [0, 1, 2, 3, 4, 5, 6, 7, 8]],
    [['seed=1'], [0, 2, 4, 6]],
    [
      ['seed=1', 'seed=2', 'experiment=b'],
      [4, 5, 6, 7],
    ],
    [
      ['x=[1, 2]', 'experiment=a'],
      [0, 1],
    ],
    [['z=1'], [8]],
  ])('%j', (words, positions) => {
    const all = cells(grid);
    expect(selectCells(all, words).map((cell) => all.indexOf(cell))).toEqual(positions);
  });

  it.each([
    ['seed', '--only=seed, expected --only=KEY=VALUE, as in --only=seed=1'],
    ['sead=1', '--only=sead=1: sead is not an axis of the grid, expected one of experiment, x, seed, z. Did you mean seed?'],
    ['seed=3', '--only=seed=3: no cell has that value, expected one of 1, 2.'],
    ['x=z', '--only=x=z: no cell has that value, expected one of [1, 2], y. Did you mean y?'],
  ])('refuses %s', (word, message) => expect(() => selectCells(cells(grid), [word])).toThrow(new UsageError(message)));

  it('refuses values that no cell has together', () => {
    expect(() => selectCells(cells(grid), ['z=1', 'seed=1'])).toThrow('--only=z=1 --only=seed=1: no cell has all of these values');
  });
});

it('refuses more cells than anyone runs before their product takes memory', () => {
  const values = `[${Array.from({ length: 3000 }, (_, index) => index).join(', ')}]`;
  expect(issues(`sweep: { seeds: ${values}, axes: { epochs: ${values}, dim: ${values} } }`)).toEqual([
    'grid.yaml:2:1: the grid has 27000000000 cells (3000 of epochs x 3000 of dim x 3000 of seed), expected at most 10000. Leave out values, or make several sweeps',
  ]);
  expect(cells(`sweep: { seeds: ${values}, axes: { dim: [1, 2, 3] } }`)).toHaveLength(9000);
});
