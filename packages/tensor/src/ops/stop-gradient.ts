import * as tf from '../tf';

/** x, a constant in the gradient. */
export function stopGradient<Rank extends tf.Tensor>(x: Rank): Rank {
  return tf.customGrad((input) => ({
    value: tf.clone(input as tf.Tensor),
    gradFunc: ((upstream: tf.Tensor) => tf.zerosLike(upstream)) as never,
  }))(x) as Rank;
}
