import { tf } from '@tass/tensor';

const EPSILON = 1e-5;

/** Mean 0 and variance 1 along the last axis, as a LayerNorm without gain and bias; zeros where all are equal. */
export function standardised(x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    return tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), EPSILON)));
  });
}
