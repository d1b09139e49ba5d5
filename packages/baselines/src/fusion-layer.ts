import { CrossAttention, LayerNorm, dropout, tf, type LayerNormParameters, type MultiHeadAttentionParameters, type Random } from '@tass/tensor'; // prettier-ignore
import { type Drop, FeedForward, type FeedForwardParameters } from './feed-forward';
import { type InitialLinear, initialValues } from './initial-values';

export interface FusionLayerParameters {
  readonly attention: Readonly<Record<string, MultiHeadAttentionParameters>>; // one for each stream
  readonly norm: LayerNormParameters;
  readonly feedForward: FeedForwardParameters; // [dim] -> [dim] -> [dim]
  readonly feedForwardNorm: LayerNormParameters;
}
export interface FusionLayerConfig {
  readonly dim: number;
  readonly heads: number;
  readonly streams: readonly string[]; // names of what is looked at
  readonly linear?: InitialLinear; // of the feed-forward layers; PyTorch's
}
export interface FusionLayerInputs {
  readonly x: tf.Tensor4D; // [videos, questions or 1, positions, dim]
  readonly streams: Readonly<Record<string, tf.Tensor4D>>; // each [videos, questions or 1, its positions, dim]
  readonly masks?: Readonly<Record<string, tf.Tensor3D>>; // [videos, questions, its positions], of streams that have padding
  readonly drop?: Drop; // of weights, of what attention and feed-forward give, and inside the latter, in training
}

/** x <- LN(x + sum of drop(MHA(x; stream)) over streams); x <- LN(x + drop(W_2 drop(relu(W_1 x)))). */
export const FusionLayer = {
  initialize({ dim, heads, streams, linear }: FusionLayerConfig, random: Random): FusionLayerParameters {
    return {
      attention: Object.fromEntries(
        streams.map((name) => [name, initialValues.attention({ dim, heads }, random.fork(`attention.${name}`))]),
      ),
      norm: LayerNorm.initialize({ dim }),
      feedForward: FeedForward.initialize({ from: dim, dim, linear }, random.fork('feedForward')),
      feedForwardNorm: LayerNorm.initialize({ dim }),
    };
  },

  /** [videos, questions, positions, dim]; 1 question where x and all streams have 1. Throws ShapeError. */
  forward(parameters: FusionLayerParameters, { x, streams, masks, drop }: FusionLayerInputs, heads: number): tf.Tensor4D {
    return tf.tidy(() => {
      const at = (place: string): Drop | undefined => drop && { rate: drop.rate, source: drop.source.fork(place) };
      const dropped = (of: tf.Tensor, place: string): tf.Tensor => (drop ? dropout(of, drop.rate, drop.source.fork(place)) : of);
      const attended = Object.entries(streams).map(([name, stream]) => {
        const inputs = { query: x, stream, mask: masks?.[name], dropout: at(`${name}.weights`) };
        return dropped(CrossAttention.forward(parameters.attention[name], inputs, { heads }), `${name}.output`);
      });
      const seen = LayerNorm.forward(parameters.norm, attended.reduce((sum, term) => tf.add(sum, term), x as tf.Tensor)); // prettier-ignore
      const further = FeedForward.forward(parameters.feedForward, seen, at('feedForward'));
      return LayerNorm.forward(parameters.feedForwardNorm, tf.add(seen, dropped(further, 'feedForward.output'))) as tf.Tensor4D;
    });
  },
};
