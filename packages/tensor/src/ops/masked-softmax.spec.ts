import { greatestDifference } from '@tass/testing';
import { engineFromEnvironment } from '../engine-from-environment';
import * as tf from '../tf';
import { maskedSoftmax } from './masked-softmax';

beforeAll(() => engineFromEnvironment());

describe('maskedSoftmax', () => {
  it('shares out among the positions of the mask alone', () => {
    // exp(log 3) : exp(0) = 3 : 1; the masked 9 would outweigh both
    const shares = maskedSoftmax(tf.tensor2d([[Math.log(3), 9, 0]]), tf.tensor2d([[1, 0, 1]]));
    expect(greatestDifference(shares.dataSync(), [0.75, 0, 0.25])).toBeLessThan(1e-6);
  });

  it('is uniform, with a finite gradient, where all is masked', () => {
    const scores = tf.tensor2d([[1, 2]]);
    const share = (x: tf.Tensor): tf.Scalar => tf.sum(tf.slice(maskedSoftmax(x, tf.zeros([1, 2])), [0, 0], [1, 1]));
    expect(share(scores).dataSync()[0]).toBe(0.5);
    expect([...tf.grad(share)(scores).dataSync()].every(Number.isFinite)).toBe(true);
  });

  it('broadcasts the mask', () => {
    const shares = maskedSoftmax(tf.zeros([2, 3, 4]), tf.tensor3d([1, 1, 0, 0], [1, 1, 4]));
    expect([...shares.dataSync()]).toEqual(new Array(6).fill([0.5, 0.5, 0, 0]).flat());
  });
});
