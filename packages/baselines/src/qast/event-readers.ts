import { type LayerNormParameters, type MultiHeadAttentionParameters, type Random, type WeightsChange, LayerNorm, MultiHeadAttention, tf } from '@tass/tensor'; // prettier-ignore
import { type Drop, FeedForward, type FeedForwardParameters } from '../feed-forward';
import { gelu } from '../gelu';
import { initialValues } from '../initial-values';

export interface EventReadersParameters {
  readonly queries: tf.Tensor2D; // [readers, dim]
  readonly norm: LayerNormParameters; // [2 * dim]
  readonly asked: FeedForwardParameters; // [2 * dim] -> [dim] -> [dim]
  readonly attention: MultiHeadAttentionParameters;
  readonly readNorm: LayerNormParameters; // before and after the feed-forward layers
  readonly feedForward: FeedForwardParameters; // [dim] -> [2 * dim] -> [dim]
}
export interface EventReadersInputs {
  readonly events: tf.Tensor4D; // [videos, questions, time, dim]
  readonly question: tf.Tensor3D; // [videos, questions, dim]
  readonly prompt: tf.Tensor3D; // [videos, questions, dim]
  readonly heads: number;
  readonly attentionDrop?: Drop; // of the weights, in training
  readonly drop?: Drop; // inside the feed-forward layers, in training
  readonly change?: WeightsChange; // of the weights in time, [videos, questions, any, time]
}

const DEVIATION_AT_START = 0.02; // [our reading] of the queries

/**
 * Learned queries, told what is asked, read the events; how they look at a second is its importance.
 *   r_j = query_j + W_2 gelu(W_1 LN([q; prompt])); u_j = LN(MHA(r_j; e)), u_j <- LN(u_j + W_4 drop(gelu(W_3 u_j))), one LN
 *   importance of a second: the mean of its weights over queries and heads
 * [our reading] No residual from the queries to what they read.
 */
export const EventReaders = {
  initialize(
    { dim, heads, readers }: { readonly dim: number; readonly heads: number; readonly readers: number },
    random: Random,
  ): EventReadersParameters {
    return {
      queries: tf.tensor2d(random.fork('queries').normals(readers * dim, DEVIATION_AT_START), [readers, dim]),
      norm: LayerNorm.initialize({ dim: 2 * dim }),
      asked: FeedForward.initialize({ from: 2 * dim, dim }, random.fork('asked')),
      attention: initialValues.attention({ dim, heads }, random.fork('attention')),
      readNorm: LayerNorm.initialize({ dim }),
      feedForward: FeedForward.initialize({ from: dim, dim: 2 * dim, to: dim }, random.fork('feedForward')),
    };
  },

  /** What is read [videos, questions, readers, dim]; the importance by head [videos, questions, heads, time], which sums to 1 before dropout. */
  forward(
    parameters: EventReadersParameters,
    { events, question, prompt, heads, attentionDrop, drop, change }: EventReadersInputs,
  ): { readonly read: tf.Tensor4D; readonly importanceByHead: tf.Tensor4D } {
    return tf.tidy(() => {
      const [videos, questions, time, dim] = events.shape;
      const rows = videos * questions;
      const readers = parameters.queries.shape[0];
      const both = LayerNorm.forward(parameters.norm, tf.concat([question, prompt], -1));
      const asked = tf.reshape(FeedForward.forward(parameters.asked, both, undefined, gelu), [rows, 1, dim]);
      const attended = MultiHeadAttention.forward(
        parameters.attention,
        {
          query: tf.add(asked, parameters.queries) as tf.Tensor3D, // [rows, readers, dim]
          streams: [tf.reshape(events, [rows, 1, time, dim]) as tf.Tensor4D],
          dropout: attentionDrop,
          change: change && ((weights) => tf.reshape(change(tf.reshape(weights, [videos, questions, -1, time])), weights.shape)),
        },
        { heads },
      );
      const read = LayerNorm.forward(parameters.readNorm, attended.output);
      const further = FeedForward.forward(parameters.feedForward, read, drop, gelu);
      return {
        read: tf.reshape(LayerNorm.forward(parameters.readNorm, tf.add(read, further)), [videos, questions, readers, dim]),
        importanceByHead: tf.reshape(tf.mean(attended.attention, 1), [videos, questions, heads, time]),
      };
    });
  },
};
