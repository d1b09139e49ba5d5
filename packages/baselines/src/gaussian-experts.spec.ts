import { Random, engineFromEnvironment, tf } from '@tass/tensor';
import { greatestDifference, numericGradient } from '@tass/testing';
import { GaussianExperts, type GaussianExpertsInputs, gaussiansOf } from './gaussian-experts';

beforeAll(() => engineFromEnvironment());

const random = Random.fromSeed(8);
const normal = (name: string, shape: number[]): tf.Tensor => tf.tensor(random.fork(name).normals(tf.util.sizeFromShape(shape)), shape);

it('has its centres and widths where they were worked out by hand', () => {
  // Two experts: centres 1/4 and 3/4, each moved by at most 1/4. Numbers (0, 0): centre 1/4, width 1/2 of 1/9 = 1/18.
  // At 0, 1/2, 1: exp(-(1/4)^2 * 162) = e^-10.125 twice, e^-91.1; over the largest 1, 1, e^-81.
  // (large, very small): centre 3/4 + 1/4 = 1, width .09 / 9 = .01; at 1 it is 1, elsewhere 0.
  const curves = gaussiansOf(tf.tensor3d([[[0, 0, 20, -20]]]), 2, 3);
  expect(curves.shape).toEqual([1, 1, 2, 3]);
  expect(greatestDifference(curves.dataSync(), [1, 1, Math.exp(-81), 0, 0, 1])).toBeLessThan(1e-6);
});

const [dim, heads, experts] = [4, 2, 3];
const parameters = GaussianExperts.initialize({ dim, heads, experts }, Random.fromSeed(2));
const [videos, questions, time] = [3, 2, 5];
const inputs: GaussianExpertsInputs = {
  question: normal('question', [videos, questions, dim]) as tf.Tensor3D,
  stream: normal('stream', [videos, questions, time, dim]) as tf.Tensor4D,
  values: [normal('values', [videos, questions, time, dim]) as tf.Tensor4D],
};
const resultOf = (given: GaussianExpertsInputs, gather: 'published' | 'fixed' = 'fixed', kept = 2) =>
  GaussianExperts.forward(parameters, given, { heads, kept, gather }).results[0];
const first = (x: tf.Tensor): number[] => [...x.dataSync()].slice(0, dim); // of the first sample

it('keeps the experts of largest share, whose shares then sum to 1', () => {
  const all = GaussianExperts.forward(parameters, inputs, { heads, kept: experts, gather: 'fixed' }).weights;
  const kept = GaussianExperts.forward(parameters, inputs, { heads, kept: 2, gather: 'fixed' }).weights;
  const sharesOf = (weights: tf.Tensor): number[][] => tf.reshape(tf.max(weights, -1), [-1, experts]).arraySync() as number[][]; // a Gaussian's largest is 1
  sharesOf(kept).forEach((shares, sample) => {
    const whole = sharesOf(all)[sample];
    expect(shares.filter((share) => share > 0)).toHaveLength(2);
    expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(1, 5);
    expect(shares[whole.indexOf(Math.min(...whole))]).toBe(0);
  });
});

it('as published reads a sample by the experts of the others in the batch, rightly when it is alone', () => {
  const alone = Object.fromEntries(Object.entries({ ...inputs, values: inputs.values[0] }).map(([name, x]) => [name, tf.slice(x as tf.Tensor, 0, 1)])); // prettier-ignore
  const one = (x: tf.Tensor) => tf.slice(x, [0, 0], [1, 1]);
  const single = { question: one(alone.question), stream: one(alone.stream), values: [one(alone.values)] } as unknown as GaussianExpertsInputs; // prettier-ignore
  const own = first(resultOf(single));
  expect(greatestDifference(first(resultOf(single, 'published')), own)).toBeLessThan(1e-6);
  expect(greatestDifference(first(resultOf(inputs)), own)).toBeLessThan(1e-6);
  expect(greatestDifference(first(resultOf(inputs, 'published')), own)).toBeGreaterThan(1e-3);
});

it.each(['published', 'fixed'] as const)('has the gradient of central differences with respect to the question: %s', (gather) => {
  const of = (x: tf.Tensor): tf.Tensor => tf.square(resultOf({ ...inputs, question: tf.reshape(x, inputs.question.shape) }, gather));
  const analytic = tf
    .grad((x: tf.Tensor) => tf.sum(of(x)))(tf.tensor1d(inputs.question.dataSync()))
    .dataSync();
  const numeric = numericGradient((values) => of(tf.tensor1d(values)).dataSync(), inputs.question.dataSync());
  const largest = Math.max(...analytic.map(Math.abs));
  expect(greatestDifference(analytic, numeric)).toBeLessThan(2e-3 * largest);
});
