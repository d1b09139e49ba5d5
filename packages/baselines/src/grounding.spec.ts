import { Random, type RowOrder, engineFromEnvironment, tf } from '@tass/tensor';
import { greatestDifference, numericGradient } from '@tass/testing';
import { Grounding } from './grounding';

beforeAll(() => engineFromEnvironment());

const softmax = (cosines: tf.Tensor4D): tf.Tensor4D => tf.softmax(cosines);
const random = Random.fromSeed(8);
const normal = (name: string, shape: number[]): tf.Tensor => tf.tensor(random.fork(name).normals(tf.util.sizeFromShape(shape)), shape);
const order = (rows: number[]): tf.Tensor1D => tf.tensor1d(rows, 'int32');

it('pools unit regions by the softmax of their cosines, and averages them as they are, on a case worked out by hand', () => {
  // Regions (0, 2) and (3, 0), the sound (1, 0): cosines 0 and 1, shares 1 / (1 + e) = .268941 and .731059.
  // Mean (1.5, 1), grounded (.731059, .268941); tanh of them (.905148, .761594), (.623713, .262639).
  const identity = tf.eye(2) as tf.Tensor2D;
  const segment = { first: { weight: identity, bias: tf.tensor1d([0, 0.5]) }, second: { weight: identity } };
  const inputs = { regions: tf.tensor4d([[[[0, 2], [3, 0]]]]), queries: tf.tensor4d([[[[5, 0]]]]) }; // prettier-ignore
  const { visual, map, cosines } = Grounding.forward({ segment }, inputs, softmax);
  expect(greatestDifference(cosines.dataSync(), [0, 1])).toBeLessThan(1e-6);
  expect(greatestDifference(map.dataSync(), [0.268941, 0.731059])).toBeLessThan(1e-6);
  expect(greatestDifference(visual.dataSync(), [0.905148 + 0.623713, 0.761594 + 0.262639 + 0.5])).toBeLessThan(2e-6);
});

// videos 3, time 2, regions 4, dim 5, queries 2; regionDim 6
const config = { time: 2, regionDim: 6, audioDim: 3, words: 5, vocabulary: 7, answers: 2 };
const { regions: projection, segment } = Grounding.initialize(5, config, Random.fromSeed(2));
const parameters = { regions: projection, segment };
const inputs = { regions: normal('regions', [3, 2, 4, 6]) as tf.Tensor4D, queries: normal('queries', [3, 2, 2, 5]) as tf.Tensor4D };
const drawn = [3, 4, 0, 5, 2, 1]; // of the segments (0, 0), (0, 1), (1, 0), ...
const negatives: RowOrder = { order: order(drawn), inverse: order([2, 5, 4, 0, 1, 3]) };

it('grounds a negative as if its picture were the own one', () => {
  const { negative } = Grounding.forward(parameters, { ...inputs, negatives }, softmax);
  const pictures = tf.reshape(tf.gather(tf.reshape(inputs.regions, [6, 24]), order(drawn)), [3, 2, 4, 6]) as tf.Tensor4D;
  const { visual } = Grounding.forward(parameters, { ...inputs, regions: pictures }, softmax);
  expect(greatestDifference(negative!.dataSync(), visual.dataSync())).toBeLessThan(1e-6);
});

it('has the gradient of central differences with respect to queries and regions, negatives included', () => {
  const mixtures = ['own', 'other'].map((name) => normal(name, [3, 2, 2, 5]));
  const terms = (given: Partial<typeof inputs>): tf.Tensor => {
    const { visual, negative } = Grounding.forward(parameters, { ...inputs, negatives, ...given }, softmax);
    return tf.concat([visual, negative!].map((x, i) => tf.reshape(tf.mul(x, mixtures[i]), [-1])));
  };
  for (const name of ['queries', 'regions'] as const) {
    const [, , rows, width] = inputs[name].shape;
    const [first, others] = tf.split(tf.reshape(inputs[name], [6, rows, width]), [1, 5]); // its own segment, and a negative of another one
    const of = (x: tf.Tensor): tf.Tensor => terms({ [name]: tf.reshape(tf.concat([x, others]), inputs[name].shape) });
    const analytic = tf.grad((x: tf.Tensor) => tf.sum(of(x)))(first).dataSync(); // prettier-ignore
    const numeric = numericGradient((values) => of(tf.tensor(values, first.shape)).dataSync(), first.dataSync(), 0.01);
    expect({ name, close: greatestDifference(analytic, numeric) < 2e-4 }).toEqual({ name, close: true });
  }
});
