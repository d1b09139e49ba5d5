import { tf, unitLength } from '@tass/tensor';

/** Lengths of the vectors along the last axis, without that axis; one of length 0 has a gradient of 0. */
export const lengths = (x: tf.Tensor): tf.Tensor => tf.tidy(() => tf.sum(tf.mul(x, unitLength(x)), -1));
