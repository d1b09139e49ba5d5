import { type LayerNormParameters, type MultiHeadAttentionParameters, type Random, type WeightsChange, LayerNorm, MultiHeadAttention, dropout, tf } from '@tass/tensor'; // prettier-ignore
import { type Drop, FeedForward, type FeedForwardParameters } from './feed-forward';
import { initialValues } from './initial-values';

export interface AttendedStreamParameters {
  readonly attention: MultiHeadAttentionParameters;
  readonly feedForward: FeedForwardParameters; // [dim] -> [dim] -> [dim]
  readonly norm: LayerNormParameters;
}
export interface AttendedStreamInputs {
  readonly question: tf.Tensor3D; // [videos, questions, dim]
  readonly streams: readonly tf.Tensor4D[]; // each [videos, questions or 1, time, dim]; attended to as one
  readonly attentionDrop?: Drop; // of the weights, in training
  readonly drop?: Drop; // of the feed-forward layers, in training
  readonly change?: WeightsChange; // of each stream's weights
}

/** The question looks at a stream: u = MHA(q; stream), y = LN(u + drop(W_2 drop(relu(W_1 u)))). No residual to the question. */
export const AttendedStream = {
  initialize: ({ dim, heads }: { readonly dim: number; readonly heads: number }, random: Random): AttendedStreamParameters => ({
    attention: initialValues.attention({ dim, heads }, random.fork('attention')),
    feedForward: FeedForward.initialize({ from: dim, dim }, random.fork('feedForward')),
    norm: LayerNorm.initialize({ dim }),
  }),

  /**
   * `byHead` [videos, questions, heads, time of all streams]: as dropped; it sums to 1 where nothing is. `attention`: its mean over heads.
   * Throws ShapeError.
   */
  forward(
    parameters: AttendedStreamParameters,
    { question, streams, attentionDrop, drop, change }: AttendedStreamInputs,
    heads: number,
  ): { readonly fused: tf.Tensor3D; readonly attention: tf.Tensor3D; readonly byHead: tf.Tensor4D } {
    return tf.tidy(() => {
      const inputs = { query: question, streams, dropout: attentionDrop, change };
      const { output, attention } = MultiHeadAttention.forward(parameters.attention, inputs, { heads });
      const further = FeedForward.forward(parameters.feedForward, output, drop); // [videos, questions, dim]
      const kept = drop ? dropout(further, drop.rate, drop.source.fork('output')) : further;
      return {
        fused: LayerNorm.forward(parameters.norm, tf.add(output, kept) as tf.Tensor3D),
        attention: tf.mean(attention, 2) as tf.Tensor3D,
        byHead: attention,
      };
    });
  },
};
