import { greatestDifference, numericGradient } from '@tass/testing';
import { engineFromEnvironment, tf } from '@tass/tensor';
import { keptShares } from './kept-shares';

beforeAll(() => engineFromEnvironment());

describe('keptShares', () => {
  it('drops shares under the least and rescales the rest', () => {
    // .1 is dropped; .6 / .9 and .3 / .9; a share equal to the least stays
    expect(greatestDifference(keptShares(tf.tensor1d([0.6, 0.3, 0.1]), 0.3).dataSync(), [2 / 3, 1 / 3, 0])).toBeLessThan(1e-6);
  });

  it('always keeps the largest, and all where the least is 0', () => {
    expect(greatestDifference(keptShares(tf.tensor2d([[0.5, 0.3, 0.2]]), 0.9).dataSync(), [1, 0, 0])).toBe(0);
    expect(greatestDifference(keptShares(tf.tensor2d([[0.5, 0.3, 0.2]]), 0).dataSync(), [0.5, 0.3, 0.2])).toBeLessThan(1e-7);
  });

  it('has the gradient of central differences, in which what is kept is constant', () => {
    const shares = [0.4, 0.3, 0.18, 0.12, 0.05, 0.6, 0.25, 0.1]; // away from .15 by three steps
    const terms = (x: tf.Tensor): tf.Tensor => tf.mul(keptShares(tf.reshape(x, [2, 4]), 0.15), tf.tensor2d([[1, -2, 3, 5], [2, 4, -1, 3]])); // prettier-ignore
    const numeric = numericGradient((values) => terms(tf.tensor1d(values)).dataSync(), shares, 0.009);
    expect(
      greatestDifference(
        tf
          .grad((x: tf.Tensor) => tf.sum(terms(x)))(tf.tensor1d(shares))
          .dataSync(),
        numeric,
      ),
    ).toBeLessThan(5e-5); // measured 8e-6, gradients up to 5
  });
});
