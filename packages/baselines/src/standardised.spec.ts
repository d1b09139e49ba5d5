import { engineFromEnvironment, tf } from '@tass/tensor';
import { greatestDifference } from '@tass/testing';
import { gelu } from './gelu';
import { lengths } from './lengths';
import { standardised } from './standardised';

beforeAll(() => engineFromEnvironment());

it('gives mean 0 and variance 1, and zeros where all are equal', () => {
  const x = tf.tensor2d([[1, 3, 1, 3], [5, 5, 5, 5]]); // prettier-ignore
  expect(greatestDifference(standardised(x).dataSync(), [-1, 1, -1, 1, 0, 0, 0, 0])).toBeLessThan(1e-5);
});

it('measures vectors, with a gradient of 0 for one of length 0', () => {
  const x = tf.tensor2d([[3, 4], [0, 0]]); // prettier-ignore
  expect([...lengths(x).dataSync()]).toEqual([5, 0]);
  const gradient = tf.grad((given: tf.Tensor) => tf.sum(lengths(given)))(x).dataSync(); // prettier-ignore
  expect(greatestDifference(gradient, [0.6, 0.8, 0, 0])).toBeLessThan(1e-6);
});

it('is gelu without approximation', () => {
  const below = [0.00134989803, 0.15865525393, 0.5, 0.84134474607, 0.9986501]; // of a normal distribution, below -3, -1, 0, 1, 3
  const expected = [-3, -1, 0, 1, 3].map((x, i) => x * below[i]);
  expect(greatestDifference(gelu(tf.tensor1d([-3, -1, 0, 1, 3])).dataSync(), expected)).toBeLessThan(1e-6);
});
