import * as tf from '../tf';
import type { Random } from '../random';
import { ShapeError } from '../shape';

export interface ProjectionConfig {
  readonly from: number;
  readonly to: number;
}
export interface ProjectionParameters {
  readonly weight: tf.Tensor2D; // [from, to]
}

/** y = x W over the last axis: a linear map without bias, for a term of a sum whose bias is elsewhere or would change nothing. */
export const Projection = {
  initialize({ from, to }: ProjectionConfig, random: Random): ProjectionParameters {
    return { weight: tf.tensor2d(random.fork('weight').uniforms(from * to, 1 / Math.sqrt(from)), [from, to]) };
  },

  /** x: [..., from] -> [..., to]. Throws ShapeError. */
  forward<Rank extends tf.Tensor>({ weight }: ProjectionParameters, x: Rank): Rank {
    const [from, to] = weight.shape;
    const leading = x.shape.slice(0, -1);
    if (x.shape[x.shape.length - 1] !== from)
      throw new ShapeError(`Projection: input has shape [${x.shape.join(', ')}], expected [..., from=${from}]`);
    return tf.tidy(() => tf.reshape(tf.matMul(tf.reshape(x, [-1, from]), weight), [...leading, to]) as unknown as Rank);
  },
};
