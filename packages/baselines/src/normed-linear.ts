import { type LayerNormParameters, type LinearParameters, type Random, LayerNorm, Linear, type tf } from '@tass/tensor';

export interface NormedLinearParameters {
  readonly norm: LayerNormParameters; // [from]
  readonly map: LinearParameters; // [from] -> [to]
}

/** W LN(x) + b. */
export const NormedLinear = {
  initialize: ({ from, to }: { readonly from: number; readonly to: number }, random: Random): NormedLinearParameters => ({
    norm: LayerNorm.initialize({ dim: from }),
    map: Linear.initialize({ from, to }, random.fork('map')),
  }),

  /** x: [..., from] -> [..., to]. Throws ShapeError. */
  forward: <Rank extends tf.Tensor>({ norm, map }: NormedLinearParameters, x: Rank): Rank =>
    Linear.forward(map, LayerNorm.forward(norm, x)),
};
