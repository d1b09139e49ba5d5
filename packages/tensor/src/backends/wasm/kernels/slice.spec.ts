import { disposeEngine, useEngine } from '../../../engine';
import * as tf from '../../../tf';

beforeAll(() => useEngine({ backend: 'wasm', threads: 1 }));
afterAll(() => disposeEngine());

const counting = (shape: number[], dtype: 'float32' | 'int32' = 'float32') =>
  tf.reshape(
    tf.range(
      0,
      shape.reduce((size, axis) => size * axis, 1),
      1,
      dtype,
    ),
    shape,
  );
/** The value at `place` of a counting tensor is its position in memory. */
const at = (shape: number[], place: number[]) => place.reduce((position, index, axis) => position * shape[axis] + index, 0);

describe('slice', () => {
  it('takes a part of five axes', () => {
    const shape = [2, 3, 4, 2, 3];
    const part = tf.slice(counting(shape), [1, 0, 2, 1, 0], [1, 2, 2, 1, 3]);
    expect(part.shape).toEqual([1, 2, 2, 1, 3]);
    const expected = [0, 1].flatMap((i) => [2, 3].flatMap((j) => [0, 1, 2].map((k) => at(shape, [1, i, j, 1, k]))));
    expect([...part.dataSync()]).toEqual(expected);
  });

  it('copies runs of 64 numbers as short ones', () => {
    const part = tf.slice(counting([3, 2, 64]), [1, 1, 0], [2, 1, 64]).dataSync();
    expect([part[0], part[63], part[64], part[127]]).toEqual([192, 255, 320, 383]);
  });

  it('takes integers, booleans, strings, one number, and nothing', () => {
    expect([...tf.slice(counting([4], 'int32'), 1, 2).dataSync()]).toEqual([1, 2]);
    expect([
      ...tf
        .slice(
          tf.tensor2d(
            [
              [1, 0, 1],
              [0, 1, 1],
            ],
            [2, 3],
            'bool',
          ),
          [0, 1],
          [2, 1],
        )
        .dataSync(),
    ]).toEqual([0, 1]);
    expect(tf.slice(tf.tensor1d(['a', 'b', 'c']), 1, 2).dataSync()).toEqual(['b', 'c']);
    expect([...tf.slice(counting([2, 2]), [1, 0], [1, 1]).dataSync()]).toEqual([2]);
    expect(tf.slice(counting([2, 2]), [1, 0], [0, 2]).shape).toEqual([0, 2]);
  });

  it('refuses a part that reaches over the end', () => {
    expect(() => tf.slice(counting([4]), 3, 2)).toThrow(/Error in slice1D: begin\[0\] \+ size\[0\]/);
  });
});

it('split gives parts of the sizes asked for', () => {
  const [first, second] = tf.split(counting([2, 5]), [2, 3], 1);
  expect([...first.dataSync()]).toEqual([0, 1, 5, 6]);
  expect([...second.dataSync()]).toEqual([2, 3, 4, 7, 8, 9]);
});

it('unstack gives one tensor for each index, without the axis', () => {
  const parts = tf.unstack(counting([2, 3, 2]), 1);
  expect(parts.map(({ shape }) => shape)).toEqual([
    [2, 2],
    [2, 2],
    [2, 2],
  ]);
  expect([...parts[2].dataSync()]).toEqual([4, 5, 10, 11]);
});
