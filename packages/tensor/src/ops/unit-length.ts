import * as tf from '../tf';

const SHORTEST = 1e-12;

/**
 * Vectors along the last axis divided by their length. A vector of length 0 has no direction: it stays 0 and its gradient is 0, where
 * TensorFlow.js's own norm gives NaN.
 */
export function unitLength<Rank extends tf.Tensor>(x: Rank): Rank {
  return tf.customGrad((input, save) => {
    const vectors = input as tf.Tensor;
    const inverseLength = inverseLengths(vectors);
    const value = tf.mul(vectors, inverseLength);
    (save as tf.GradSaveFunc)([value, inverseLength]);
    const gradFunc = (upstream: tf.Tensor, [unit, inverse]: tf.Tensor[]): tf.Tensor =>
      tf.tidy(() => tf.mul(tf.sub(upstream, tf.mul(unit, tf.sum(tf.mul(unit, upstream), -1, true))), inverse));
    return { value, gradFunc: gradFunc as never };
  })(x) as Rank;
}

/** 1 / length of the vectors along the last axis, that axis kept with size 1; 0 for a vector of length 0. */
export function inverseLengths(x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const length = tf.sqrt(tf.sum(tf.square(x), -1, true));
    return tf.div(tf.step(length), tf.maximum(length, SHORTEST));
  });
}
