import { tf } from '@tass/tensor';

/**
 * Drops shares below `least`, but never the largest of each row (last axis), and rescales the rest to sum to 1. The choice of entries is a
 * constant in the gradient, because a step function has none. Rescaling keeps the ratios of the rest; the second softmax of TJSTG's code
 * treats shares in [0, 1] as scores and comes close to average pooling.
 */
export function keptShares<Rank extends tf.Tensor>(shares: Rank, least: number): Rank {
  return tf.customGrad((input, save) => {
    const given = input as tf.Tensor;
    const isLow = tf.step(tf.sub(least, given));
    const isBelowLargest = tf.step(tf.sub(tf.max(given, -1, true), given));
    const kept = tf.sub(1, tf.mul(isLow, isBelowLargest)); // [..., regions], 1 or 0
    const chosen = tf.mul(given, kept);
    const total = tf.sum(chosen, -1, true); // [..., 1]
    const value = tf.div(chosen, total);
    (save as tf.GradSaveFunc)([value, kept, total]);
    const gradFunc = (upstream: tf.Tensor, [shareKept, stays, sum]: tf.Tensor[]): tf.Tensor =>
      tf.tidy(() => tf.div(tf.mul(stays, tf.sub(upstream, tf.sum(tf.mul(upstream, shareKept), -1, true))), sum));
    return { value, gradFunc: gradFunc as never };
  })(shares) as Rank;
}
