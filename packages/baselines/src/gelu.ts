import { tf } from '@tass/tensor';

/** x times the share of a normal distribution that is below x, as PyTorch's gelu without approximation. Source: arXiv 1606.08415. */
export const gelu = (x: tf.Tensor): tf.Tensor => tf.tidy(() => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)));
