import { disposeEngine, useEngine } from '../../../engine';
import * as tf from '../../../tf';

beforeAll(() => useEngine({ backend: 'wasm', threads: 1 }));
afterAll(() => disposeEngine());

const x = () => tf.reshape(tf.range(0, 24), [2, 3, 2, 2]); // value = 12 a + 4 b + 2 c + d

it('adds over the first axis', () =>
  expect([
    ...tf
      .sum(
        tf.tensor2d([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
        0,
      )
      .dataSync(),
  ]).toEqual([9, 12]));

it('adds over axes in the middle, given in any order', () => {
  const sums = tf.sum(x(), [2, 1]);
  expect(sums.shape).toEqual([2, 2]);
  expect([...sums.dataSync()]).toEqual([30, 36, 102, 108]); // sum over b, c of 4 b + 2 c is 30, and 6 of a and d each
});

it('keeps the axes on demand', () => expect(tf.sum(x(), [0, 1], true).shape).toEqual([1, 1, 2, 2]));

it('averages', () => expect([...tf.mean(x(), [1, 2]).dataSync()]).toEqual([5, 6, 17, 18]));

it('leaves sums over the last axes, apart ones and integers to the package', () => {
  expect([...tf.sum(x(), [2, 3]).dataSync()]).toEqual([6, 22, 38, 54, 70, 86]);
  expect([...tf.sum(x(), [0, 2]).dataSync()]).toEqual([28, 32, 44, 48, 60, 64]);
  expect([
    ...tf
      .sum(
        tf.tensor2d(
          [
            [1, 2],
            [3, 4],
          ],
          [2, 2],
          'int32',
        ),
        0,
      )
      .dataSync(),
  ]).toEqual([4, 6]);
});

it('adds a million small numbers without losing them', () => {
  expect(tf.sum(tf.fill([1_000_000, 1, 1], 0.1), [0, 1]).dataSync()[0]).toBeCloseTo(100000.0015, 1); // 0.1 as float32 has it
});
