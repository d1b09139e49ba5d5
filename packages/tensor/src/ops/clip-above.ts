import * as tf from '../tf';

/**
 * min(x, limit), whose gradient beyond the limit is 0 only where it would raise x further: a learned value at its limit can
 * come back, which the gradient of `minimum` does not allow.
 */
export function clipAbove<Rank extends tf.Tensor>(x: Rank, limit: number): Rank {
  return tf.customGrad((input, save) => {
    const value = tf.minimum(input as tf.Tensor, limit);
    (save as tf.GradSaveFunc)([input as tf.Tensor]);
    const gradFunc = (upstream: tf.Tensor, [saved]: tf.Tensor[]): tf.Tensor =>
      tf.tidy(() => {
        const blocked = tf.mul(tf.step(tf.sub(saved, limit)), tf.step(tf.neg(upstream)));
        return tf.mul(upstream, tf.sub(1, blocked));
      });
    return { value, gradFunc: gradFunc as never };
  })(x) as Rank;
}
