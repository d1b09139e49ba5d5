import { namedParameters, useEngine } from '@tass/tensor';
import { experiment } from './fixtures/experiment';
import { buildNetwork } from './network';
import type { Experiment } from './schema';

beforeAll(() => useEngine({ backend: 'cpu' }));

const sizes = { time: 3, joint: 8, audioDim: 5, logitScale: 20 };
type Model = Experiment['model'];
const build = (changes: Partial<Model> = {}, seed = 1, words = 11) =>
  buildNetwork({ ...experiment, seed, model: { ...experiment.model, ...changes } }, sizes, words);
const partsOf = (changes: Partial<Model>) => Object.keys(build(changes).parameters).sort();
const valuesOf = ({ parameters }: ReturnType<typeof build>) =>
  [...namedParameters(parameters)].map(([name, tensor]) => [name, [...tensor.dataSync()]]);
const { tsgPlus } = experiment.model;

it('takes the switches from the experiment and the sizes from the data', () => {
  const { config, parameters } = build({ question: { encoder: 'learned', target: 'soft' } });
  expect(config).toMatchObject({ time: 3, joint: 8, audioDim: 5, answers: 42, dim: 4, heads: 2 });
  expect(config.tsgPlus.logitScale).toBe(20);
  const shapes = new Map([...namedParameters(parameters)].map(([name, { shape }]) => [name, shape]));
  expect(shapes.get('audio.hidden.weight')).toEqual([5, 4]);
  expect(shapes.get('answer.weight')).toEqual([4, 42]);
  expect(shapes.get('question.embedding.weight')).toEqual([11, 4]);
});

it.each<[string, Partial<Model>, string[]]>([
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
])('is built of the parts that a switch leaves: %s', (_, changes, parts) => expect(partsOf(changes)).toEqual(parts));

it.each<[string, Partial<Model>]>([
  ['separate maps', { tsgPlus: { ...tsgPlus, maps: 'separate' } }],
  ['average pooling', { tsgPlus: { ...tsgPlus, grounding: false } }],
  ['a dual stream', { jtg: { ...experiment.model.jtg, stream: 'dual' } }],
  ['attention as context', { jtg: { ...experiment.model.jtg, context: 'attention' } }],
  ['no context', { jtg: { ...experiment.model.jtg, context: 'none' } }],
  ['no text query', { tsgPlus: { ...tsgPlus, textQuery: false } }],
])('has other parameters by %s', (_, changes) => {
  const shapes = (network: ReturnType<typeof build>) =>
    [...namedParameters(network.parameters)].map(([name, { shape }]) => `${name} ${shape}`);
  expect(shapes(build(changes))).not.toEqual(shapes(build()));
});

it('starts from the same values by the same seed, and from others by another', () => {
  expect(valuesOf(build())).toEqual(valuesOf(build()));
  expect(valuesOf(build({}, 2))).not.toEqual(valuesOf(build()));
});

it('refuses a number of heads that does not divide the width', () =>
  expect(() => build({ dim: 6, heads: 3 })).toThrow(
    'model.heads is 3, expected a divisor of 8 too, the width of the text features (features.clip)',
  ));
