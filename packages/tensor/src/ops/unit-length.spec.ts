import { greatestDifference, numericGradient } from '@tass/testing';
import { Random } from '../random';
import { engineFromEnvironment } from '../engine-from-environment';
import * as tf from '../tf';
import { inverseLengths, unitLength } from './unit-length';

beforeAll(() => engineFromEnvironment());

describe('unitLength', () => {
  it('divides by the length, and leaves a vector of length 0 as it is', () => {
    // |(3, 4)| = 5, |(0, -2)| = 2
    expect(greatestDifference(unitLength(tf.tensor2d([[3, 4], [0, -2], [0, 0]])).dataSync(), [0.6, 0.8, 0, -1, 0, 0])).toBeLessThan(1e-7); // prettier-ignore
    expect(greatestDifference(inverseLengths(tf.tensor2d([[3, 4], [0, 0]])).dataSync(), [0.2, 0])).toBeLessThan(1e-7); // prettier-ignore
  });

  it('has the gradient of central differences, and 0 at length 0', () => {
    const random = Random.fromSeed(2);
    const x = tf.tensor2d(random.fork('x').normals(15), [3, 5]);
    const mixture = tf.tensor2d(random.fork('mixture').normals(15), [3, 5]);
    const terms = (input: tf.Tensor): tf.Tensor => tf.mul(unitLength(input), mixture);
    const gradient = tf.grad((input: tf.Tensor) => tf.sum(terms(input)));
    const numeric = numericGradient((values) => terms(tf.tensor(values, [3, 5])).dataSync(), x.dataSync());
    expect(greatestDifference(gradient(x).dataSync(), numeric)).toBeLessThan(2e-5); // measured 5e-6, gradients up to .8
    expect(greatestDifference(gradient(tf.zeros([3, 5])).dataSync(), new Float32Array(15))).toBe(0);
  });

  it('leaves no tensor behind', () => {
    const x = tf.ones([2, 3]);
    const before = tf.memory().numTensors;
    tf.dispose(tf.grad((input: tf.Tensor) => tf.sum(unitLength(input)))(x));
    expect(tf.memory().numTensors).toBe(before);
  });
});
