import { greatestDifference } from '@tass/testing';
import { Random } from '../random';
import { ShapeError } from '../shape';
import { engineFromEnvironment } from '../engine-from-environment';
import * as tf from '../tf';
import { Embedding } from './embedding';
import { Linear } from './linear';
import { Projection } from './projection';

beforeAll(() => engineFromEnvironment());

const weight = tf.tensor2d([[1, 2, 3], [4, 5, 6]]); // prettier-ignore

describe('Linear and Projection', () => {
  it('map the last axis', () => {
    // (1, 1) W = (5, 7, 9); (2, -1) W = (-2, -1, 0)
    const x = tf.tensor3d([[[1, 1]], [[2, -1]]]);
    expect([...Projection.forward({ weight }, x).dataSync()]).toEqual([5, 7, 9, -2, -1, 0]);
    expect([...Linear.forward({ weight, bias: tf.tensor1d([10, 20, 30]) }, x).dataSync()]).toEqual([15, 27, 39, 8, 19, 30]);
    expect(Projection.forward({ weight }, x).shape).toEqual([2, 1, 3]);
  });

  it('start within 1 / sqrt(from), the same for the same seed', () => {
    const start = (seed: number) => [...Projection.initialize({ from: 16, to: 3 }, Random.fromSeed(seed)).weight.dataSync()];
    expect(Math.max(...start(1).map(Math.abs))).toBeLessThanOrEqual(0.25);
    expect(start(1)).toEqual(start(1));
    expect(start(1)).not.toEqual(start(2));
  });

  it('name the shape they expected', () => {
    const expected = 'input has shape [2, 7], expected [..., from=2]';
    expect(() => Projection.forward({ weight }, tf.zeros([2, 7]))).toThrow(new ShapeError(`Projection: ${expected}`));
    expect(() => Linear.forward({ weight, bias: tf.zeros([3]) as tf.Tensor1D }, tf.zeros([2, 7]))).toThrow(
      new ShapeError(`Linear: ${expected}`),
    );
  });
});

describe('Embedding', () => {
  it('looks rows up, and sums the gradient of a row that is used twice', () => {
    const indices = tf.tensor2d([[1, 0], [1, 1]], [2, 2], 'int32'); // prettier-ignore
    expect([...Embedding.forward({ weight }, indices).dataSync()]).toEqual([4, 5, 6, 1, 2, 3, 4, 5, 6, 4, 5, 6]);
    const gradient = tf.grad((table: tf.Tensor) => tf.sum(Embedding.forward({ weight: table as tf.Tensor2D }, indices)))(weight);
    expect(greatestDifference(gradient.dataSync(), [1, 1, 1, 3, 3, 3])).toBe(0);
  });
});
