import * as tf from '../tf';
import type { Random } from '../random';
import { ShapeError } from '../shape';

export interface LinearConfig {
  readonly from: number;
  readonly to: number;
}
export interface LinearParameters {
  readonly weight: tf.Tensor2D; // [from, to]
  readonly bias: tf.Tensor1D; // [to]
}

/** y = x W + b over the last axis, whatever axes come before it. Initial values as PyTorch's Linear: uniform within 1 / sqrt(from). */
export const Linear = {
  initialize({ from, to }: LinearConfig, random: Random): LinearParameters {
    const limit = 1 / Math.sqrt(from);
    return {
      weight: tf.tensor2d(random.fork('weight').uniforms(from * to, limit), [from, to]),
      bias: tf.tensor1d(random.fork('bias').uniforms(to, limit)),
    };
  },

  /** x: [..., from] -> [..., to]. Throws ShapeError. */
  forward<Rank extends tf.Tensor>({ weight, bias }: LinearParameters, x: Rank): Rank {
    const [from, to] = weight.shape;
    const leading = x.shape.slice(0, -1);
    if (x.shape[x.shape.length - 1] !== from)
      throw new ShapeError(`Linear: input has shape [${x.shape.join(', ')}], expected [..., from=${from}]`);
    return tf.tidy(() => tf.reshape(tf.add(tf.matMul(tf.reshape(x, [-1, from]), weight), bias), [...leading, to]) as unknown as Rank);
  },
};
