import { engineFromEnvironment, tf } from '@tass/tensor';
import { change, runningMean } from './in-time';

beforeAll(() => engineFromEnvironment());

it('takes the change from the one before, 0 at the first, along any axis', () => {
  const x = tf.tensor2d([[1, 4, 2], [3, 3, 9]]); // prettier-ignore
  expect(change(x, 1).arraySync()).toEqual([[0, 3, -2], [0, 0, 6]]); // prettier-ignore
  expect(change(x, 0).arraySync()).toEqual([[0, 0, 0], [2, -1, 7]]); // prettier-ignore
  expect(change(tf.tensor1d([5]), 0).arraySync()).toEqual([0]);
});

it('takes the mean of all so far, along any axis', () => {
  const x = tf.tensor2d([[1, 4, 1], [3, 3, 9]]); // prettier-ignore
  expect(runningMean(x, 1).arraySync()).toEqual([[1, 2.5, 2], [3, 3, 5]]); // prettier-ignore
  expect(runningMean(x, 0).arraySync()).toEqual([[1, 4, 1], [2, 3.5, 5]]); // prettier-ignore
});
