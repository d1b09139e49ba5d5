import { join } from 'node:path';
import { z } from 'zod';
import { checkConfig } from './check';
import { composeExperiment } from './compose';
import { ConfigError } from './config-error';

const schema = z.strictObject({
  seed: z.int().min(0),
  epochs: z.int().positive(),
  dataset: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('mini-avqa'), videos: z.int().min(1), seed: z.int().default(7) }),
    z.strictObject({ kind: z.literal('music-avqa'), root: z.string() }),
  ]),
  model: z.strictObject({
    dim: z.int().multipleOf(4),
    tsgPlus: z.strictObject({ threshold: z.number().min(0), textQuery: z.boolean() }),
    jtg: z.strictObject({ stream: z.enum(['single', 'dual']), heads: z.int() }).optional(),
  }),
  optimizer: z.strictObject({ name: z.literal('adam'), learningRate: z.number().positive() }),
  engine: z.union([z.enum(['auto', 'wasm']), z.int()]).default('auto'),
  tags: z.array(z.string().min(2)).default([]),
  notes: z.record(z.string(), z.string()).default({}),
});

const check = (...overrides: string[]) =>
  checkConfig(composeExperiment({ root: join(__dirname, '../fixtures/experiments'), name: 'quickstart', overrides }), schema);
const issuesOf = (...overrides: string[]): readonly string[] => {
  try {
    check(...overrides);
  } catch (error) {
    if (error instanceof ConfigError) return error.issues;
    throw error;
  }
  return [];
};

const start = process.cwd();
beforeAll(() => process.chdir(join(__dirname, '..')));
afterAll(() => process.chdir(start));

it('gives the experiment with its defaults', () => {
  const config = check('seed=3');
  expect(config.seed).toBe(3);
  expect(config.engine).toBe('auto');
  expect(config.dataset).toEqual({ kind: 'mini-avqa', videos: 200, seed: 7 });
});

it.each([
  [
    'sead=3',
    'override sead=3: sead is not a known key. Known: seed, epochs, dataset, model, optimizer, engine, tags, notes. Did you mean seed?',
  ],
  ['model.tsgPlus.treshold=1', 'model.tsgPlus.treshold is not a known key. Known: threshold, textQuery. Did you mean threshold?'],
  ['learningRate=1e-3', 'Did you mean optimizer.learningRate?'],
  ['dataset.vidoes=3', 'dataset.vidoes is not a known key. Known: kind, videos, seed. Did you mean videos?'],
  ['dataset.kind=mini', 'dataset.kind is "mini", expected one of mini-avqa, music-avqa'],
  ['~dataset.kind', 'fixtures/experiments/dataset/mini-avqa.yaml:1:1: dataset.kind is missing, expected one of mini-avqa, music-avqa'],
  ['seed=x', 'override seed=x: seed is "x", expected a number'],
  ['seed=1.5', 'seed is 1.5, expected a whole number'],
  ['seed=-1', 'seed is -1, expected at least 0'],
  ['optimizer.learningRate=0', 'optimizer.learningRate is 0, expected more than 0'],
  ['model.dim=6', 'model.dim is 6, expected a multiple of 4'],
  ['model.tsgPlus.textQuery=off', 'model.tsgPlus.textQuery is "off", expected true or false'],
  ['model.jtg.stream=duel', 'model.jtg.stream is "duel", expected one of single, dual. Did you mean dual?'],
  ['model.jtg.staem=x', 'Known: stream, heads. Did you mean stream?'],
  ['optimizer.name=sgd', 'optimizer.name is "sgd", expected adam'],
  ['engine=waasm', 'engine is "waasm", expected one of auto, wasm or a number. Did you mean wasm?'],
  ['tags=x', 'tags is "x", expected a list'],
  ['tags=[ab, c]', 'tags.1 is "c", expected text of at least 2 characters'],
  ['notes.any=3', 'notes.any is 3, expected text'],
  ['model.tsgPlus=[1]', 'model.tsgPlus is a list of 1, expected a map of keys'],
  ['~seed', 'fixtures/experiments/quickstart.yaml:2:1: seed is missing, expected a number'],
  ['~model.dim', 'fixtures/experiments/model/'],
  [
    'dataset=music-avqa',
    'fixtures/experiments/dataset/music-avqa.yaml:2:1: dataset.root has no value yet (???). Give it one, as in dataset.root=...',
  ],
  ['seed=${epoch}', 'override seed=${epoch}: seed is ${epoch}: there is no key epoch in files and overrides. Did you mean epochs?'],
  ['seed=${model.jtg.stream}', 'override seed=${model.jtg.stream}: seed is "single", expected a number'],
])('%s', (override, message) => {
  const issues = issuesOf(override);
  expect(issues).toHaveLength(1);
  expect(issues[0]).toContain(message);
});

it('reports all mistakes at once', () => {
  const issues = issuesOf('dataset=music-avqa', 'seed=x', 'sead=1', 'epoch=3', 'tags=["${now}"]');
  expect(issues.map((issue) => issue.slice(0, issue.indexOf(' ', issue.indexOf(': ') + 2)))).toEqual([
    'fixtures/experiments/dataset/music-avqa.yaml:2:1: dataset.root',
    'override tags=["${now}"]: tags.0',
    'override seed=x: seed',
    'override sead=1: sead',
    'override epoch=3: epoch',
  ]);
});

it('refuses what has no value yet where a reference needs it, and nowhere else', () => {
  expect(issuesOf('dataset=music-avqa', 'notes.root=${dataset.root}')).toEqual([
    'fixtures/experiments/dataset/music-avqa.yaml:2:1: dataset.root has no value yet (???). Give it one, as in dataset.root=...',
    'override notes.root=${dataset.root}: notes.root is ${dataset.root}: dataset.root has no value yet (???). Give it one, as in dataset.root=...',
  ]);
  expect(check('dataset=music-avqa', 'notes.root=${dataset.root}/x', 'dataset.root=/data').notes).toEqual({ root: '/data/x' });
});

it('takes what ??? stood for', () => {
  expect(check('dataset=music-avqa', 'dataset.root=/data').dataset).toEqual({ kind: 'music-avqa', root: '/data' });
});
