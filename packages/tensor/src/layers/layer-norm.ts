import * as tf from '../tf';
import { ShapeError } from '../shape';

export interface LayerNormConfig {
  readonly dim: number;
}
export interface LayerNormParameters {
  readonly gain: tf.Tensor1D; // [dim]
  readonly bias: tf.Tensor1D; // [dim]
}

const EPSILON = 1e-5;

/** Mean 0 and variance 1 over the last axis, then gain and bias. Source: arXiv 1607.06450; epsilon 1e-5 as PyTorch. */
export const LayerNorm = {
  initialize: ({ dim }: LayerNormConfig): LayerNormParameters => ({ gain: tf.ones([dim]), bias: tf.zeros([dim]) }),

  /** x: [..., dim] -> [..., dim]. Throws ShapeError. */
  forward<Rank extends tf.Tensor>({ gain, bias }: LayerNormParameters, x: Rank): Rank {
    const [dim] = gain.shape;
    if (x.shape[x.shape.length - 1] !== dim)
      throw new ShapeError(`LayerNorm: input has shape [${x.shape.join(', ')}], expected [..., dim=${dim}]`);
    return tf.tidy(() => {
      const centred = tf.sub(x, tf.mean(x, -1, true));
      const variance = tf.mean(tf.square(centred), -1, true);
      return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, EPSILON))), gain), bias) as Rank;
    });
  },
};
