import * as tf from '../tf';
import type { Random } from '../random';

export interface EmbeddingConfig {
  readonly count: number;
  readonly dim: number;
}
export interface EmbeddingParameters {
  readonly weight: tf.Tensor2D; // [count, dim]
}

/** A learned vector for each index. Initial values of a standard normal distribution, as PyTorch. */
export const Embedding = {
  initialize: ({ count, dim }: EmbeddingConfig, random: Random): EmbeddingParameters => ({
    weight: tf.tensor2d(random.fork('weight').normals(count * dim), [count, dim]),
  }),

  /** indices (int32): [...] -> [..., dim]. */
  forward({ weight }: EmbeddingParameters, indices: tf.Tensor): tf.Tensor {
    return tf.tidy(() => tf.reshape(tf.gather(weight, tf.reshape(indices, [-1]) as tf.Tensor1D), [...indices.shape, weight.shape[1]]));
  },
};
