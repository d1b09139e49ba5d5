import { engineFromEnvironment } from '../engine-from-environment';
import { Random } from '../random';
import * as tf from '../tf';
import { sumOfSquares } from './sum-of-squares';

beforeAll(() => engineFromEnvironment());

it('is 9 + 16 on a case worked out by hand, for any shape', () => {
  for (const shape of [[2], [2, 1], [1, 1, 2, 1]]) expect(sumOfSquares(tf.tensor([3, -4], shape)).dataSync()[0]).toBe(25);
  expect(sumOfSquares(tf.scalar(2)).shape).toEqual([]);
});

it('adds up many entries as double precision does, within rounding', () => {
  const values = Random.fromSeed(3).normals(200_000);
  const exact = values.reduce((sum, value) => sum + value * value, 0);
  expect(Math.abs(sumOfSquares(tf.tensor1d(values)).dataSync()[0] / exact - 1)).toBeLessThan(1e-4); // wasm adds one after the other: 5e-5
});

it('leaves no tensor behind', () => {
  const x = tf.ones([3]);
  const before = tf.memory().numTensors;
  sumOfSquares(x).dispose();
  expect(tf.memory().numTensors).toBe(before);
});
