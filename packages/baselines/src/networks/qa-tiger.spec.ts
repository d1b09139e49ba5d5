import { build } from '@tass/network';
import { Random, engineFromEnvironment, namedParameters, tf } from '@tass/tensor';
import { greatestDifference } from '@tass/testing';
import { asSingles, batch, expectDropoutInTrainingAlone, sizes } from '../fixtures/small-batch';
import { network } from './qa-tiger';

beforeAll(() => engineFromEnvironment({ backend: 'wasm' }));

const settings = { gather: 'fixed' as const, dim: 8, heads: 4, experts: 4, kept: 3, dropout: 0 };
type Given = Omit<typeof settings, 'gather'> & { gather: 'published' | 'fixed' };
const small = (change: Partial<Given> = {}) => build(network, { ...settings, ...change }, sizes, Random.fromSeed(1));
const logitsOf = ({ parameters, forward }: ReturnType<typeof small>, given = batch) => forward(parameters, given).logits.dataSync();

it('has the published number of parameters but for those that change nothing', () => {
  const published = { time: 60, regions: 14, regionDim: 1024, frameDim: 768, audioDim: 128, textDim: 768, words: 77, vocabulary: 93, answers: 42 }; // prettier-ignore
  const config = { gather: 'published' as const, dim: 512, heads: 8, experts: 7, kept: 7, dropout: 0.1 };
  const named = namedParameters(build(network, config, published, Random.fromSeed(1)).parameters);
  const keyBiases = 8 * 512; // of each attention, which softmax drops
  expect([...named.values()].reduce((sum, { size }) => sum + size, 0) + keyBiases).toBe(14_960_212);
  tf.dispose([...named.values()]);
});

it('answers a question alone as in a batch; as published it reads seconds by the experts of others', () => {
  const difference = (gather: 'published' | 'fixed'): number =>
    greatestDifference(logitsOf(small({ gather }), asSingles(batch)).slice(0, 9), logitsOf(small({ gather }), firstQuestion()));
  expect(difference('fixed')).toBeLessThan(1e-5);
  expect(difference('published')).toBeGreaterThan(1e-3);
  expect(greatestDifference(logitsOf(small({ gather: 'published' }), firstQuestion()), logitsOf(small(), firstQuestion()))).toBeLessThan(1e-6); // prettier-ignore
});

function firstQuestion(): typeof batch {
  return Object.fromEntries(Object.entries(asSingles(batch)).map(([name, x]) => [name, tf.slice(x, 0, 1)])) as unknown as typeof batch;
}

it('drops something in training alone', () => expectDropoutInTrainingAlone(small({ dropout: 0.5 }), small()));

it('gives attention in time, by expert and in all', () => {
  const { parameters, forward } = small();
  const { attention, attentionByHead } = forward(parameters, batch);
  expect(attentionByHead!.visual!.shape).toEqual([3, 2, 4, 4]);
  for (const shares of [attention!.visual!, attention!.audio!])
    for (const sum of tf.sum(shares, -1).dataSync()) expect(sum).toBeCloseTo(1, 5);
});

it('gives what a reader of published results must know, and names what does not fit', () => {
  expect(network.remarks!({ ...settings, gather: 'published' })).toHaveLength(1);
  expect(network.remarks!(settings)).toEqual([]);
  const mistakes = network.mistakes!({ ...settings, dim: 9, kept: 5 }, { answer: 1 });
  expect(mistakes.map(({ path }) => path.join('.'))).toEqual(['model.heads', 'model.dim', 'model.kept']);
  const { parameters, forward } = small();
  expect(() => forward(parameters, { ...batch, regions: tf.zeros([3, 4, 7, 5]) })).toThrow('qa-tiger: regions has shape [3, 4, 7, 5], expected [videos, time=4, regions=7, regionDim=6]'); // prettier-ignore
});
