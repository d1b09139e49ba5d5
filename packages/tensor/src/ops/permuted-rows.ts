import * as tf from '../tf';

/** A permutation and its inverse, int32 [rows] each. */
export interface RowOrder {
  readonly order: tf.Tensor1D;
  readonly inverse: tf.Tensor1D;
}

/** Row i of the result is row order[i] of x. Its gradient is a gather by the inverse; that of a general gather has to add rows. */
export function permutedRows<Rank extends tf.Tensor>(x: Rank, { order, inverse }: RowOrder): Rank {
  return tf.customGrad((input, save) => {
    (save as tf.GradSaveFunc)([inverse]);
    const gradFunc = (upstream: tf.Tensor, [back]: tf.Tensor[]): tf.Tensor => tf.gather(upstream, back as tf.Tensor1D);
    return { value: tf.gather(input as tf.Tensor, order), gradFunc: gradFunc as never };
  })(x) as Rank;
}
