import { Random, engineFromEnvironment, tf } from '@tass/tensor';
import { greatestDifference, numericGradient } from '@tass/testing';
import { ConvolutionInTime } from './convolution-in-time';

beforeAll(() => engineFromEnvironment());

const x = tf.tensor4d([1, 10, 2, 20, 3, 30, 4, 40], [1, 1, 4, 2]); // two channels of four seconds

it('weighs the seconds around each, zeros outside, channel by channel', () => {
  // Channel 1 with (1, 0, 0): the second before; channel 2 with (0, 2, 1): twice its own, and the one after
  const parameters = { kernel: tf.tensor2d([[1, 0], [0, 2], [0, 1]]), bias: tf.tensor1d([0.5, 0]) }; // prettier-ignore
  expect([...ConvolutionInTime.forward(parameters, x).dataSync()]).toEqual([0.5, 40, 1.5, 70, 2.5, 100, 3.5, 80]);
});

it('may be longer than the video: what meets no second has a gradient of 0', () => {
  const { kernel, bias } = ConvolutionInTime.initialize({ dim: 2, seconds: 11 }, Random.fromSeed(1));
  const of = (given: tf.Tensor): tf.Tensor =>
    tf.square(ConvolutionInTime.forward({ kernel: tf.reshape(given, [11, 2]) as tf.Tensor2D, bias }, x));
  const flat = tf.reshape(kernel, [22]);
  const analytic = tf.grad((given: tf.Tensor) => tf.sum(of(given)))(flat).dataSync(); // prettier-ignore
  const numeric = numericGradient((values) => of(tf.tensor1d(values)).dataSync(), flat.dataSync());
  expect(greatestDifference(analytic, numeric)).toBeLessThan(2e-3 * Math.max(...analytic.map(Math.abs)));
  expect([...analytic.slice(0, 4), ...analytic.slice(-4)]).toEqual(Array(8).fill(0)); // 4 and 5 seconds away
});

it('starts within 1 / sqrt(seconds)', () => {
  const { kernel, bias } = ConvolutionInTime.initialize({ dim: 500, seconds: 7 }, Random.fromSeed(1));
  for (const values of [kernel, bias]) {
    const most = tf.max(tf.abs(values)).dataSync()[0];
    expect(most).toBeLessThanOrEqual(1 / Math.sqrt(7));
    expect(most).toBeGreaterThan(0.97 / Math.sqrt(7));
  }
});
