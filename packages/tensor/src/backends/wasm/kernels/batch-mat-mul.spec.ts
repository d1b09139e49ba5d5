import { greatestDifference } from '@tass/testing';
import { disposeEngine, useEngine } from '../../../engine';
import { Random } from '../../../random';
import * as tf from '../../../tf';
import { cheapestForm } from './batch-mat-mul';

beforeAll(() => useEngine({ backend: 'wasm', threads: 1 }));
afterAll(() => disposeEngine());

const normal = (label: string, shape: number[]) =>
  tf.tensor(
    Random.fromSeed(3)
      .fork(label)
      .normals(shape.reduce((size, axis) => size * axis, 1)),
    shape,
  );
/** Rows of a by columns of b, in double precision. */
function product(a: tf.Tensor, b: tf.Tensor): number[] {
  const [left, right] = [a.arraySync() as number[][], b.arraySync() as number[][]];
  return left.flatMap((row) => right[0].map((_, column) => row.reduce((sum, value, k) => sum + value * right[k][column], 0)));
}

it.each(['scalar', 'direct', 'swapped'] as const)('gives the product in the form %s', (form) => {
  const size = { scalar: [2, 3, 4], direct: [500, 60, 20], swapped: [20, 60, 500] }[form];
  const [rows, inner, columns] = size;
  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      expect(cheapestForm({ rows, inner, columns, transposeA, transposeB })).toBe(form);
      const a = normal('a', [rows, inner]);
      const b = normal('b', [inner, columns]);
      const given = [transposeA ? tf.transpose(a) : a, transposeB ? tf.transpose(b) : b];
      const found = tf.matMul(given[0], given[1], transposeA, transposeB);
      expect(greatestDifference(found.dataSync(), product(a, b))).toBeLessThan(2e-5); // values up to 40
    }
  }
});

it('broadcasts both operands over leading axes', () => {
  const a = normal('a', [2, 1, 30, 70]);
  const b = normal('b', [3, 70, 40]);
  const found = tf.matMul(a, b);
  expect(found.shape).toEqual([2, 3, 30, 40]);
  for (const [i, j] of [
    [0, 2],
    [1, 0],
  ]) {
    const part = tf.slice(found, [i, j, 0, 0], [1, 1, 30, 40]).dataSync();
    const expected = product(
      tf.reshape(tf.slice(a, [i, 0, 0, 0], [1, 1, 30, 70]), [30, 70]),
      tf.reshape(tf.slice(b, [j, 0, 0], [1, 70, 40]), [70, 40]),
    );
    expect(greatestDifference(part, expected)).toBeLessThan(2e-5);
  }
});

it('holds no data of its own afterwards', () => {
  const [a, b] = [normal('a', [3, 50, 70]), normal('b', [3, 40, 70])];
  const before = tf.engine().backend.numDataIds();
  tf.matMul(a, b, false, true).dispose();
  expect(tf.engine().backend.numDataIds()).toBe(before);
});

it('names the shapes of operands that do not fit', () => {
  expect(() => tf.matMul(tf.ones([2, 3]), tf.ones([4, 5]), false, true)).toThrow(
    'matMul: operands [2, 3] and [4, 5] transposed have inner sizes 3 and 5',
  );
});

it('refuses integers', () => {
  expect(() => tf.matMul(tf.ones([2, 3], 'int32'), tf.ones([3, 5], 'int32'))).toThrow(
    'matMul: operands are int32 and int32, expected float32',
  );
});
