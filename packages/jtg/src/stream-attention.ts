import {
  type LayerNormParameters,
  type Module,
  type MultiHeadAttentionParameters,
  LayerNorm,
  MultiHeadAttention,
  type DropoutSource,
  type WeightsChange,
  dropout,
  tf,
} from '@tass/tensor';
import { FeedForward, type FeedForwardParameters } from './feed-forward';

export interface StreamAttentionConfig {
  readonly dim: number; // a multiple of heads
  readonly heads: number;
  readonly dropout: number; // of the feed-forward's output, in training
}
export interface StreamAttentionParameters {
  readonly attention: MultiHeadAttentionParameters;
  readonly feedForward: FeedForwardParameters;
  readonly norm: LayerNormParameters;
}
export interface StreamAttentionInputs {
  readonly question: tf.Tensor3D; // [videos, questions, dim]
  readonly streams: readonly tf.Tensor4D[]; // each [videos, questions or 1, time, dim]; attended to as one
  readonly dropout?: DropoutSource; // without it nothing is dropped
  readonly change?: WeightsChange; // of each stream's shares
}
export interface AttendedStream {
  readonly fused: tf.Tensor3D; // [videos, questions, dim]
  readonly attention: tf.Tensor3D; // [videos, questions, time of all streams], the mean over heads; sums to 1
  readonly byHead: tf.Tensor4D; // [videos, questions, heads, time of all streams], sums to 1
}

/** The question attends to a stream: o = MHA(q; s, s), then LayerNorm(o + W_b relu(W_a o)). Throws ShapeError, RangeError. */
export const StreamAttention: Module<StreamAttentionConfig, StreamAttentionParameters, StreamAttentionInputs, AttendedStream> = {
  initialize: ({ dim, heads }, random) => ({
    attention: MultiHeadAttention.initialize({ dim, heads }, random.fork('attention')),
    feedForward: FeedForward.initialize({ dim }, random.fork('feedForward')),
    norm: LayerNorm.initialize({ dim }),
  }),

  forward(parameters, { question, streams, dropout: source, change }, config) {
    return tf.tidy(() => {
      const { output, attention } = MultiHeadAttention.forward(parameters.attention, { query: question, streams, change }, config);
      const further = FeedForward.forward(parameters.feedForward, output); // [videos, questions, dim]
      const kept = source ? dropout(further, config.dropout, source) : further;
      return {
        fused: LayerNorm.forward(parameters.norm, tf.add(output, kept) as tf.Tensor3D),
        attention: tf.mean(attention, 2) as tf.Tensor3D,
        byHead: attention,
      };
    });
  },
};
