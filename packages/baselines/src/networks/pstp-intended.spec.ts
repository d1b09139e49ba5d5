import { build } from '@tass/network';
import { Random, engineFromEnvironment, namedParameters, tf } from '@tass/tensor';
import { greatestDifference } from '@tass/testing';
import { batch, labels, sizes } from '../fixtures/small-batch';
import { network } from './pstp-intended';

beforeAll(() => engineFromEnvironment({ backend: 'wasm' }));

const settings = { dim: 8, heads: 4, segments: 4, chosen: 2, patches: 3, dropout: 0 };
const small = (change: Partial<typeof settings> = {}) => build(network, { ...settings, ...change }, sizes, Random.fromSeed(1));
const logitsOf = ({ parameters, forward }: ReturnType<typeof small>, given = batch) => forward(parameters, given).logits.dataSync();

it('has as many parameters as its equations, at the published size', () => {
  const published = { time: 60, regions: 49, regionDim: 512, frameDim: 512, audioDim: 128, textDim: 512, words: 77, vocabulary: 93, answers: 42 }; // prettier-ignore
  const config = { dim: 512, heads: 4, segments: 12, chosen: 2, patches: 20, dropout: 0.1 };
  const named = namedParameters(build(network, config, published, Random.fromSeed(1)).parameters);
  const [map, attention] = [512 * 512 + 512, 4 * 512 * 512 + 3 * 512];
  const [feedForward, norm, answer] = [2 * map, 2 * 512, 512 * 42 + 42];
  const selecting = 1024 * 512 + 512 + 2 * (2 * 512 * 512 + 512);
  const layers = attention + feedForward + norm + (2 * attention + feedForward + 2 * norm) + (attention + feedForward + 2 * norm); // guided, global, the last
  expect([...named.values()].reduce((sum, { size }) => sum + size, 0)).toBe(128 * 512 + 512 + 4 * map + selecting + layers + answer);
  tf.dispose([...named.values()]);
});

it('reads the regions of the chosen seconds alone', () => {
  // Of 4 segments of a second, 2 are chosen: what the regions of a second are changes the answer for 2 of 4 seconds
  const question = 0; // of the first video
  const changed = [0, 1, 2, 3].filter((second) => {
    const inSecond = tf.reshape(tf.oneHot(second, 4), [1, 4, 1, 1]);
    const logits = logitsOf(small(), { ...batch, regions: tf.add(batch.regions, tf.mul(inSecond, 0.5)) as tf.Tensor4D });
    const of = (all: ArrayLike<number>) => Array.from(all).slice(9 * question, 9 * question + 9);
    return greatestDifference(of(logits), of(logitsOf(small()))) > 1e-7;
  });
  expect(changed).toHaveLength(2);
});

it('drops something in training alone', () => {
  const trained = (of: ReturnType<typeof small>, seed: number) => of.forward(of.parameters, batch, { training: { seed: () => seed, labels } }).logits.dataSync(); // prettier-ignore
  expect(greatestDifference(trained(small({ dropout: 0.5 }), 1), trained(small({ dropout: 0.5 }), 2))).toBeGreaterThan(1e-3);
  expect(greatestDifference(logitsOf(small({ dropout: 0.5 })), trained(small(), 1))).toBeLessThan(1e-6);
});

it('names what does not fit', () => {
  expect(() => small({ segments: 3 })).toThrow('pstp-intended: model.segments is 3, expected a divisor of the 4 seconds of a video');
  expect(() => small({ patches: 8 })).toThrow('pstp-intended: model.patches is 8, expected at most the 7 patches of a frame');
  expect(network.mistakes!({ ...settings, heads: 3, chosen: 4 }, { answer: 1 }).map(({ path }) => path.join('.'))).toEqual(['model.heads', 'model.chosen']); // prettier-ignore
});
