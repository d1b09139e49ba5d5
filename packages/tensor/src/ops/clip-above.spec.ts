import { greatestDifference } from '@tass/testing';
import { engineFromEnvironment } from '../engine-from-environment';
import * as tf from '../tf';
import { clipAbove } from './clip-above';

beforeAll(() => engineFromEnvironment());

describe('clipAbove', () => {
  it('is the lesser of value and limit', () => {
    expect([...clipAbove(tf.tensor1d([-1, 2, 5]), 2).dataSync()]).toEqual([-1, 2, 2]);
  });

  it('lets the gradient through beyond the limit where a step against it lowers the value, and nowhere else', () => {
    const gradient = (slope: number) =>
      tf
        .grad((x: tf.Tensor) => tf.sum(tf.mul(clipAbove(x, 2), slope)))(tf.tensor1d([1, 2, 5]))
        .dataSync();
    expect(greatestDifference(gradient(3), [3, 3, 3])).toBe(0);
    expect(greatestDifference(gradient(-3), [-3, -3, 0])).toBe(0);
  });
});
