import { build } from '@tass/network';
import { Random, engineFromEnvironment, namedParameters, tf } from '@tass/tensor';
import { greatestDifference } from '@tass/testing';
import { batch, labels, sizes } from '../fixtures/small-batch';
import { network } from './pstp-public';

beforeAll(() => engineFromEnvironment({ backend: 'wasm' }));

const small = (dropout = 0) => build(network, { dim: 8, dropout }, sizes, Random.fromSeed(1));
const logitsOf = ({ parameters, forward }: ReturnType<typeof small>, given = batch) => forward(parameters, given).logits.dataSync();

it('has the published number of parameters but for one that changes nothing', () => {
  const published = { time: 60, regions: 49, regionDim: 512, frameDim: 512, audioDim: 128, textDim: 512, words: 77, vocabulary: 93, answers: 42 }; // prettier-ignore
  const named = namedParameters(build(network, { dim: 512, dropout: 0.1 }, published, Random.fromSeed(1)).parameters);
  const keyBias = 512; // which softmax drops
  expect([...named.values()].reduce((sum, { size }) => sum + size, 0) + keyBias).toBe(2_453_546);
  tf.dispose([...named.values()]);
});

it('reads words, and no region', () => {
  const { regions, words } = batch;
  expect(greatestDifference(logitsOf(small(), { ...batch, regions: tf.mul(regions, 2) }), logitsOf(small()))).toBe(0);
  expect(greatestDifference(logitsOf(small(), { ...batch, words: tf.mul(words, 2) }), logitsOf(small()))).toBeGreaterThan(1e-3);
});

it('answers by the mean of its tokens, worked out by hand', () => {
  // One second, one word, tokens (1, 0), (0, 1), (1, 1). Layers of zeros leave LN(LN x): (1, -1), (-1, 1), (0, 0) of mean 0 without its bias, here (.5, .25).
  // Question (1, 2): tanh(.5, .5) = .462117 each; the answer sums them.
  const one = { time: 1, regions: 1, regionDim: 2, frameDim: 2, audioDim: 2, textDim: 2, words: 1, vocabulary: 1, answers: 1 };
  const built = build(network, { dim: 2, dropout: 0 }, one, Random.fromSeed(1));
  const tree = built.parameters as ReturnType<typeof network.initialize>;
  const identity = { weight: tf.eye(2) as tf.Tensor2D, bias: tf.zeros([2]) as tf.Tensor1D };
  const zero = { weight: tf.zeros([2, 2]) as tf.Tensor2D, bias: tf.zeros([2]) as tf.Tensor1D };
  const attention = { query: zero, key: zero, value: zero, output: zero };
  const feedForwardNorm = { gain: tf.ones([2]) as tf.Tensor1D, bias: tf.tensor1d([0.5, 0.25]) };
  const parameters = {
    ...{ audio: identity, frames: identity, words: identity, sentence: identity },
    layer: { ...tree.layer, attention: { self: attention }, feedForward: { hidden: zero, output: zero }, feedForwardNorm },
    answer: { weight: tf.ones([2, 1]), bias: tf.zeros([1]) },
  };
  const given = {
    regions: tf.zeros([1, 1, 1, 2]) as tf.Tensor4D,
    audio: tf.tensor3d([[[1, 0]]]),
    frames: tf.tensor3d([[[0, 1]]]),
    words: tf.tensor4d([[[[1, 1]]]]),
    sentence: tf.tensor3d([[[1, 2]]]),
    wordMask: tf.ones([1, 1, 1]) as tf.Tensor3D,
  };
  expect(built.forward(parameters, given).logits.dataSync()[0]).toBeCloseTo(2 * 0.462117, 5);
});

it('drops something in training alone', () => {
  const trained = (of: ReturnType<typeof small>, seed: number) => of.forward(of.parameters, batch, { training: { seed: () => seed, labels } }).logits.dataSync(); // prettier-ignore
  expect(greatestDifference(trained(small(0.5), 1), trained(small(0.5), 2))).toBeGreaterThan(1e-3);
  expect(greatestDifference(logitsOf(small(0.5)), trained(small(), 1))).toBeLessThan(1e-6);
});

it('names what does not fit', () => {
  const { parameters, forward } = small();
  expect(() => forward(parameters, { ...batch, frames: tf.zeros([3, 4, 5]) })).toThrow('pstp-public: frames has shape [3, 4, 5], expected [videos=3, time=4, frameDim=6]'); // prettier-ignore
  expect(() => forward(parameters, { ...batch, words: undefined })).toThrow('pstp-public: the batch has no words, expected regions, frames, audio, sentence, words and wordMask'); // prettier-ignore
});
