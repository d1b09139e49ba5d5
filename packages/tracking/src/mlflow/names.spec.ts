import type { RunManifest } from '../manifest';
import { methodName, runName, sweepName } from './names';
import type { SweepRecord } from './sweep-record';

const manifest = (overrides: string[], cell?: string) => ({ seed: 2, overrides, cell }) as unknown as RunManifest;

it.each([
  [[], 'TASS · seed 2'],
  [['seed=2', 'title=TASS', 'launcher=slurm', 'launcher.jobs=2'], 'TASS · seed 2'],
  [
    ['dataset.root=/home/ann/avqa', '++engine.threads=4', 'engine.device=gpu', 'features.workers=8', 'features.store=~/store'],
    'TASS · seed 2',
  ],
  [['dataset.videos=videos', 'dataset.workers=3', 'dataset.videos.train=9'], 'TASS (dataset.videos.train=9) · seed 2'],
  [['dataset.videos={train: 9}', 'features.clip=openai/clip'], 'TASS (dataset.videos={train: 9}, features.clip=openai/clip) · seed 2'],
  [['features.clip=/home/ann/clip', 'features.audio=../ast/', 'batch={a: "/x/y", b: 1}'], 'TASS (features.clip=clip, features.audio=ast/, batch={a: "y", b: 1}) · seed 2'], // prettier-ignore
  [
    ['features={clip: ~ann/clip,audio: C:\\\\x\\\\ast}', 'loss.match=1/2'],
    'TASS (features={clip: clip,audio: ast}, loss.match=1/2) · seed 2',
  ],
  [['loss.synchrony=0', '+seed=2', 'dataset=mini-avqa', '~features'], 'TASS (loss.synchrony=0, dataset=mini-avqa, ~features) · seed 2'],
])('a run is named by its title, what the command line %j changes, and its seed', (overrides, name) => {
  expect(runName('TASS', manifest(overrides), undefined)).toBe(name);
});

it('a name is no longer than MLflow takes', () => {
  expect(runName('x'.repeat(300), manifest([]), undefined)).toMatch(/^x{200,}\.\.\. \(309 characters\)$/);
  expect(runName('x'.repeat(300), manifest([]), undefined)).toHaveLength(250);
});

describe('in a sweep', () => {
  const cell = (address: string, axis: string, seed: number) => ({
    address,
    name: `tass ${axis} seed=${seed}`,
    title: 'TASS',
    overrides: ['epochs=4', axis, `seed=${seed}`],
  });
  const sweep: SweepRecord = {
    ...{ id: '1', experiment: 'grid', title: 'Ablations', words: [] },
    cells: [cell('a', 'model.dropout=0', 1), cell('b', 'model.dropout=0', 2), cell('c', 'model.dropout=0.1', 1)],
  };

  it('what its file sets for all cells is left out, what tells cells apart is not', () => {
    expect(sweepName(sweep)).toBe('Ablations');
    expect(sweep.cells.map((one) => methodName(one, sweep))).toEqual([
      'TASS (model.dropout=0)',
      'TASS (model.dropout=0)',
      'TASS (model.dropout=0.1)',
    ]);
    expect(runName('TASS', manifest(['epochs=4', 'model.dropout=0', 'seed=2'], 'b'), sweep)).toBe('TASS (model.dropout=0) · seed 2');
  });

  it('what its command line says is kept', () => {
    const words = ['epochs=3', 'seed=1,2', 'model.dropout=0,0.1', 'dataset=mini-avqa', 'launcher=slurm'];
    const cells = sweep.cells.map((one) => ({
      ...one,
      overrides: ['epochs=4', 'epochs=3', ...one.overrides.slice(1), 'dataset=mini-avqa'],
    }));
    const asked = { ...sweep, words, cells };
    expect(sweepName(asked)).toBe('Ablations (epochs=3, model.dropout=0,0.1, dataset=mini-avqa)');
    expect(methodName(cells[2], asked)).toBe('TASS (epochs=3, model.dropout=0.1, dataset=mini-avqa)');
  });

  it('of a sweep from before titles were recorded, the cells keep the names that they have', () => {
    const cells = sweep.cells.map(({ title: _, ...old }) => old);
    const old = { ...sweep, words: ['epochs=3'], cells };
    expect(methodName(cells[1], old)).toBe('tass model.dropout=0');
    expect(runName('TASS', manifest([], 'b'), old)).toBe('TASS (model.dropout=0) · seed 2');
  });
});
