import { greatestDifference, numericGradient } from '@tass/testing';
import { Random } from '../random';
import { ShapeError } from '../shape';
import { engineFromEnvironment } from '../engine-from-environment';
import * as tf from '../tf';
import { batchedMatMul } from './batched-mat-mul';

beforeAll(() => engineFromEnvironment());

const random = Random.fromSeed(4);
const normal = (name: string, shape: number[]): tf.Tensor => tf.tensor(random.fork(name).normals(tf.util.sizeFromShape(shape)), shape);
const a = normal('a', [2, 3, 4, 5]);

describe('batchedMatMul', () => {
  it('multiplies matrices of shared leading axes', () => {
    // row (1 2) times the columns of each video's matrix: (1 2) [1 0; 0 1] = (1 2), (3 4) [0 1; 1 0] = (4 3)
    const product = batchedMatMul(tf.tensor3d([[[1, 2]], [[3, 4]]]), tf.tensor3d([[[1, 0], [0, 1]], [[0, 1], [1, 0]]])); // prettier-ignore
    expect([...product.dataSync()]).toEqual([1, 2, 4, 3]);
  });

  it.each([
    ['of its own', [2, 3, 5, 6], false],
    ['shared along the last leading axis', [2, 1, 5, 6], false],
    ['shared by all', [5, 6], false],
    ['shared by all, axes kept', [1, 1, 6, 5], true],
    ['transposed', [2, 3, 6, 5], true],
    ['transposed and shared', [2, 1, 6, 5], true],
  ])('equals the product of tiled matrices, and has its gradient: b %s', (_, shape, transposeB) => {
    const b = normal('b', shape);
    const mixture = normal('mixture', [2, 3, 4, 6]);
    const terms = (left: tf.Tensor, right: tf.Tensor): tf.Tensor => tf.mul(batchedMatMul(left, right, transposeB), mixture);
    const tiled = tf.broadcastTo(b, [2, 3, ...shape.slice(-2)]);
    expect(greatestDifference(batchedMatMul(a, b, transposeB).dataSync(), tf.matMul(a, tiled, false, transposeB).dataSync())).toBeLessThan(
      1e-5,
    );
    const [ofA, ofB] = tf.grads((left: tf.Tensor, right: tf.Tensor) => tf.sum(terms(left, right)))([a, b]);
    const numericOfA = numericGradient((values) => terms(tf.tensor(values, a.shape), b).dataSync(), a.dataSync());
    const numericOfB = numericGradient((values) => terms(a, tf.tensor(values, shape)).dataSync(), b.dataSync());
    expect(greatestDifference(ofA.dataSync(), numericOfA)).toBeLessThan(3e-4); // measured 7e-5, gradients up to 16
    expect(greatestDifference(ofB.dataSync(), numericOfB)).toBeLessThan(3e-4);
  });

  it('names shapes that do not fit', () => {
    expect(() => batchedMatMul(a, tf.zeros([2, 3, 6, 7]))).toThrow(ShapeError);
    expect(() => batchedMatMul(a, tf.zeros([2, 3, 6, 7]))).toThrow(
      /b has shape \[2, 3, 6, 7\] beside a \[2, 3, 4, 5\].*5 on the inner axis/,
    );
    expect(() => batchedMatMul(a, tf.zeros([1, 3, 5, 6]))).toThrow(ShapeError); // only the last leading axes may be shared
  });
});
