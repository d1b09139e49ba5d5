import * as tf from '../tf';

const MASKED = 1e9;

/**
 * Softmax over the last axis among the positions where `mask` is 1; `mask` (1 or 0) broadcasts to the shape of `scores`. Positions under 0
 * get 0. A row that is masked as a whole is uniform: finite, for a loss that ignores the row.
 */
export function maskedSoftmax<Rank extends tf.Tensor>(scores: Rank, mask?: tf.Tensor): Rank {
  if (mask === undefined) return tf.softmax(scores) as Rank;
  return tf.tidy(() => tf.softmax(tf.add(scores, tf.mul(tf.sub(mask, 1), MASKED)) as Rank) as Rank);
}
