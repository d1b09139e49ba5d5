import { Random, engineFromEnvironment, tf } from '@tass/tensor';
import { greatestDifference, numericGradient } from '@tass/testing';
import { RoutedExperts, type RoutedExpertsInputs } from './routed-experts';

beforeAll(() => engineFromEnvironment());

const random = Random.fromSeed(8);
const normal = (name: string, shape: number[]): tf.Tensor => tf.tensor(random.fork(name).normals(tf.util.sizeFromShape(shape)), shape);
const [dim, heads, experts, videos, questions, time] = [4, 2, 3, 3, 2, 5];
const inputs: RoutedExpertsInputs = {
  question: normal('question', [videos, questions, dim]) as tf.Tensor3D,
  stream: normal('stream', [videos, questions, time, dim]) as tf.Tensor4D,
  values: normal('values', [videos, questions, time, dim]) as tf.Tensor4D,
  heads,
};
const made = (asked: boolean) => RoutedExperts.initialize({ dim, heads, experts, asked }, Random.fromSeed(2));

it('is one expert where one has all the share, and the mean of its two norms', () => {
  const parameters = made(true);
  const router = { weight: tf.zeros([dim, experts]) as tf.Tensor2D, bias: tf.tensor1d([0, 90, 0]) }; // all of the second one's
  const norms = { first: parameters.norms.first, second: { gain: tf.fill([dim], 3), bias: tf.ones([dim]) } } as typeof parameters.norms;
  const result = RoutedExperts.forward({ ...parameters, router, norms }, inputs);
  const rows = (from: number, to: number, of: tf.Tensor): tf.Tensor2D => tf.slice(of as tf.Tensor2D, [from, 0], [to - from, -1]);
  const columns = tf.slice(parameters.hidden.weight, [0, 2], [-1, 2]);
  const inside = tf.relu(
    tf.add(tf.matMul(tf.reshape(inputs.values, [-1, dim]), columns as tf.Tensor2D), tf.slice(parameters.hidden.bias, 2, 2)),
  );
  const whole = tf.add(tf.matMul(inside as tf.Tensor2D, rows(2, 4, parameters.output.weight)), rows(1, 2, parameters.outputBias));
  const { mean, variance } = tf.moments(whole, -1, true);
  const norm = tf.div(tf.sub(whole, mean), tf.sqrt(tf.add(variance, 1e-5)));
  expect(greatestDifference(result.dataSync(), tf.add(tf.mul(norm, 2), 0.5).dataSync())).toBeLessThan(1e-5);
});

it('without an attention depends on no question, and stays of one question', () => {
  const one = { ...inputs, stream: tf.slice(inputs.stream, [0, 0], [-1, 1]), values: tf.slice(inputs.values, [0, 0], [-1, 1]) };
  const result = RoutedExperts.forward(made(false), one);
  expect(result.shape).toEqual([videos, 1, time, dim]);
  const other = RoutedExperts.forward(made(false), { ...one, question: normal('other', [videos, questions, dim]) as tf.Tensor3D });
  expect([...other.dataSync()]).toEqual([...result.dataSync()]);
  expect(RoutedExperts.forward(made(false), { ...one, values: inputs.values }).shape).toEqual([videos, questions, time, dim]);
});

it('has the gradient of central differences with respect to the question', () => {
  const parameters = made(true);
  const weights = normal('weights', [videos, questions, time, dim]); // the sum of squares behind a norm would be the same for all questions
  const of = (x: tf.Tensor): tf.Tensor =>
    tf.mul(weights, RoutedExperts.forward(parameters, { ...inputs, question: tf.reshape(x, inputs.question.shape) }));
  const flat = tf.tensor1d(inputs.question.dataSync());
  const analytic = tf.grad((x: tf.Tensor) => tf.sum(of(x)))(flat).dataSync(); // prettier-ignore
  const numeric = numericGradient((values) => of(tf.tensor1d(values)).dataSync(), flat.dataSync());
  expect(greatestDifference(analytic, numeric)).toBeLessThan(5e-3 * Math.max(...analytic.map(Math.abs)));
});
