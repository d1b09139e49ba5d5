import { build, type DataSizes } from '@tass/network';
import { Random, namedParameters, useEngine } from '@tass/tensor';
import type { TassSettings } from './config';
import { tass, tassConfig } from './network';

beforeAll(() => useEngine({ backend: 'cpu' }));

const settings: TassSettings = { ...tass.example, dim: 4 };
const { tsgPlus, jtg } = settings;
const sizes: DataSizes = { time: 3, regions: 7, regionDim: 8, frameDim: 8, textDim: 8, audioDim: 5, logitScale: 20, words: 5, vocabulary: 11, answers: 42 }; // prettier-ignore
type Changes = Partial<TassSettings>;
const built = (changes: Changes = {}, seed = 1) => build(tass, { ...settings, ...changes }, sizes, Random.fromSeed(seed)).parameters;
const shapesOf = (parameters: object) => new Map([...namedParameters(parameters)].map(([name, { shape }]) => [name, shape]));
const valuesOf = (parameters: object) => [...namedParameters(parameters)].map(([name, tensor]) => [name, [...tensor.dataSync()]]);

it('takes the switches from the experiment and the sizes from the data', () => {
  const shapes = shapesOf(built({ question: { encoder: 'learned', target: 'soft' } }));
  expect(shapes.get('audio.hidden.weight')).toEqual([5, 4]);
  expect(shapes.get('answer.weight')).toEqual([4, 42]);
  expect(shapes.get('question.embedding.weight')).toEqual([11, 4]);
  expect(tassConfig({ ...settings, sizes })).toMatchObject({ time: 3, joint: 8, tsgPlus: { logitScale: 20 } });
});

it.each<[string, Changes, string[]]>([
  ['everything', {}, ['answer', 'audio', 'audioInJointSpace', 'jtg', 'merge', 'question', 'tsgPlus']],
  ['no sound', { inputs: { audio: false, video: true } }, ['answer', 'jtg', 'merge', 'question', 'tsgPlus']],
  ['no video', { inputs: { audio: true, video: false } }, ['answer', 'audio', 'jtg', 'merge', 'question']],
  ['neither', { inputs: { audio: false, video: false } }, ['answer', 'question']],
  ['no audio query', { tsgPlus: { ...tsgPlus, audioQuery: false } }, ['answer', 'audio', 'jtg', 'merge', 'question', 'tsgPlus']],
  ['a match head', { match: 'head' }, ['answer', 'audio', 'audioInJointSpace', 'jtg', 'matchHead', 'merge', 'question', 'tsgPlus']],
  [
    'a contrastive match',
    { match: 'contrastive' },
    ['answer', 'audio', 'audioInJointSpace', 'contrastiveMatch', 'jtg', 'merge', 'question', 'tsgPlus'],
  ],
])('is built of the parts that a switch leaves: %s', (_, changes, parts) => expect(Object.keys(built(changes)).sort()).toEqual(parts));

it.each<[string, Changes]>([
  ['separate maps', { tsgPlus: { ...tsgPlus, maps: 'separate' } }],
  ['average pooling', { tsgPlus: { ...tsgPlus, grounding: false } }],
  ['a dual stream', { jtg: { ...jtg, stream: 'dual' } }],
  ['attention as context', { jtg: { ...jtg, context: 'attention' } }],
  ['no context', { jtg: { ...jtg, context: 'none' } }],
  ['no text query', { tsgPlus: { ...tsgPlus, textQuery: false } }],
  ['a paired stream', { jtg: { ...jtg, stream: 'paired' } }],
  ['places', { tsgPlus: { ...tsgPlus, places: true } }],
  ['presence', { tsgPlus: { ...tsgPlus, presence: true } }],
])('has other parameters by %s', (_, changes) => expect(shapesOf(built(changes))).not.toEqual(shapesOf(built())));

it('starts from the same values by the same seed, and from others by another', () => {
  expect(valuesOf(built())).toEqual(valuesOf(built()));
  expect(valuesOf(built({}, 2))).not.toEqual(valuesOf(built()));
});

it('brings frames of another width to that of the texts', () => {
  const config = { ...settings, visualProjection: 'learned' as const, sizes: { ...sizes, frameDim: 6, regionDim: 6 } };
  expect(tassConfig(config)).toMatchObject({ joint: 8, visualDim: 6 });
  expect(tassConfig({ ...config, sizes: { ...config.sizes, textDim: undefined } })).toMatchObject({ joint: 6, visualDim: 6 });
  expect(tassConfig({ ...config, sizes: { ...config.sizes, regionDim: 7 } })).toMatchObject({ joint: 8, visualDim: 6, regionDim: 7 });
});

it.each<[string, Changes, string[]]>([
  ['everything', {}, ['uniform-attention', 'swapped-attention', 'uniform-map']],
  ['no sound', { inputs: { audio: false, video: true } }, ['uniform-attention', 'swapped-attention', 'uniform-map']],
  ['no video', { inputs: { audio: true, video: false } }, ['uniform-attention', 'swapped-attention']],
  ['average pooling', { tsgPlus: { ...tsgPlus, grounding: false } }, ['uniform-attention', 'swapped-attention']],
  ['neither', { inputs: { audio: false, video: false } }, []],
])('knows the interventions on what it grounds: %s', (_, changes, expected) =>
  expect(tass.interventions!({ ...settings, ...changes })).toEqual(expected)); // prettier-ignore

it('refuses a number of heads that does not divide the width of the texts', () =>
  expect(() => built({ dim: 6, heads: 3 })).toThrow(
    'model.heads is 3, expected a divisor of 8 too, the width of the text features (features.clip)',
  ));
