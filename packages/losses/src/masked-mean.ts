import { tf } from '@tass/tensor';

/** The mean of the values whose mask is 1; 0 where none is. `mask` has the shape of `values`. */
export function maskedMean(values: tf.Tensor, mask: tf.Tensor): tf.Scalar {
  return tf.tidy(() => tf.div(tf.sum(tf.mul(values, mask)), tf.maximum(tf.sum(mask), 1)) as tf.Scalar);
}
