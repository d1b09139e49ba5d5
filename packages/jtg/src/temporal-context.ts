import {
  type BidirectionalLstmParameters,
  type LayerNormParameters,
  type Module,
  type MultiHeadAttentionParameters,
  BidirectionalLstm,
  LayerNorm,
  MultiHeadAttention,
  tf,
} from '@tass/tensor';
import { FeedForward, type FeedForwardParameters } from './feed-forward';

/** What lets a segment know the others of its modality. */
export const contextNames = ['bilstm', 'attention', 'none'] as const;
export type ContextName = (typeof contextNames)[number];

export interface TemporalContextConfig {
  readonly dim: number; // even for bilstm, a multiple of heads for attention
  readonly heads: number;
  readonly context: ContextName;
}
export interface TemporalContextParameters {
  readonly lstm?: BidirectionalLstmParameters; // [dim] -> 2 x [dim / 2]
  readonly attentionNorm?: LayerNormParameters;
  readonly attention?: MultiHeadAttentionParameters;
  readonly feedForwardNorm?: LayerNormParameters;
  readonly feedForward?: FeedForwardParameters;
}

/**
 * Adds information from the other segments of a modality to each segment: x [rows, time, dim] -> [rows, time, dim]. `bilstm` (code): a
 * bidirectional LSTM with a residual connection. `attention` (ours): one pre-norm layer of self-attention and feed-forward; it ignores
 * order, which the stream's time embeddings add afterwards. `none`: x itself. Throws ShapeError, and RangeError for a width that cannot be
 * split.
 */
export const TemporalContext: Module<TemporalContextConfig, TemporalContextParameters, tf.Tensor3D, tf.Tensor3D> = {
  initialize({ dim, heads, context }, random) {
    if (context === 'bilstm') {
      if (dim % 2 !== 0) throw new RangeError(`TemporalContext: dim is ${dim}, expected an even number for bilstm`);
      return { lstm: BidirectionalLstm.initialize({ from: dim, hidden: dim / 2 }, random.fork('lstm')) };
    }
    if (context === 'none') return {};
    return {
      attentionNorm: LayerNorm.initialize({ dim }),
      attention: MultiHeadAttention.initialize({ dim, heads }, random.fork('attention')),
      feedForwardNorm: LayerNorm.initialize({ dim }),
      feedForward: FeedForward.initialize({ dim }, random.fork('feedForward')),
    };
  },

  forward(parameters, x, { heads, context }) {
    if (context === 'none') return tf.clone(x);
    return tf.tidy(() => {
      if (context === 'bilstm') return tf.add(x, BidirectionalLstm.forward(parameters.lstm!, x));
      const query = LayerNorm.forward(parameters.attentionNorm!, x); // [rows, time, dim]
      const { output } = MultiHeadAttention.forward(
        parameters.attention!,
        { query, streams: [tf.expandDims(query, 1) as tf.Tensor4D] },
        { heads },
      );
      const attended = tf.add(x, output) as tf.Tensor3D; // [rows, time, dim]
      return tf.add(attended, FeedForward.forward(parameters.feedForward!, LayerNorm.forward(parameters.feedForwardNorm!, attended)));
    });
  },
};
