import { Random, engineFromEnvironment, tf } from '@tass/tensor';
import { greatestDifference } from '@tass/testing';
import { largest, picked, ranked } from './largest';

beforeAll(() => engineFromEnvironment());

const placesOf = (picks: tf.Tensor): number[] => [...tf.argMax(picks, -1).dataSync()];

it('takes the largest in the order of their places, and of equal ones the first', () => {
  const scores = tf.tensor2d([[0.1, 0.7, 0.2, 0.9, 0.3], [0.5, 0.2, 0.5, 0.5, 0.1], [1, 1, 1, 1, 1]]); // prettier-ignore
  const picks = largest(scores, 2);
  expect(picks.shape).toEqual([3, 2, 5]);
  expect(placesOf(picks)).toEqual([1, 3, 0, 2, 0, 1]);
  expect([...tf.sum(picks, -1).dataSync()]).toEqual([1, 1, 1, 1, 1, 1]);
  expect(placesOf(largest(scores, 3))).toEqual([1, 3, 4, 0, 2, 3, 0, 1, 2]);
});

it('ranks them from the largest, and of equal ones the first', () => {
  const scores = tf.tensor2d([[0.1, 0.7, 0.2, 0.9], [0.5, 0.2, 0.5, 0.1]]); // prettier-ignore
  expect(placesOf(ranked(scores, 3))).toEqual([3, 1, 2, 0, 2, 1]);
});

it('takes what a sort takes, of many rows', () => {
  const scores = Random.fromSeed(3).normals(40 * 9);
  const expected = Array.from({ length: 40 }, (_, row) => {
    const own = scores.slice(9 * row, 9 * row + 9);
    const sorted = [...own.keys()].sort((a, b) => own[b] - own[a]);
    return sorted.slice(0, 4).sort((a, b) => a - b);
  });
  expect(placesOf(largest(tf.tensor(scores, [5, 8, 9]), 4))).toEqual(expected.flat());
});

it('has no gradient, what is picked has its own', () => {
  const scores = tf.tensor([0.3, 0.1, 0.2], [1, 1, 3]);
  const x = tf.tensor([1, 2, 3, 4, 5, 6], [1, 1, 3, 2]);
  const taken = (given: tf.Tensor, of: tf.Tensor): tf.Scalar => tf.sum(tf.square(picked(largest(given, 2), of)));
  expect([...picked(largest(scores, 2), x).dataSync()]).toEqual([1, 2, 5, 6]);
  expect([
    ...tf
      .grad((of: tf.Tensor) => taken(scores, of))(x)
      .dataSync(),
  ]).toEqual([2, 4, 0, 0, 10, 12]);
  expect(
    greatestDifference(
      tf
        .grad((given: tf.Tensor) => taken(given, x))(scores)
        .dataSync(),
      [0, 0, 0],
    ),
  ).toBe(0);
});

it('refuses to take more than there are', () =>
  expect(() => largest(tf.zeros([2, 3]), 4)).toThrow('largest: count is 4, expected at most the number of places, 3'));
