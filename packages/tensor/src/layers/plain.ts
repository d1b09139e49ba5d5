import * as tf from '../tf';
import type { Attended, AttentionConfig, ChangeableInputs, MultiHeadAttentionParameters } from './attention';
import { Linear } from './linear';
import { Projection } from './projection';

type PlainInputs = Required<Omit<ChangeableInputs, 'dropout' | 'change'>> & Pick<ChangeableInputs, 'change'>;

/**
 * Multi-head attention of arXiv 1706.03762 (3.2); specs compare the fast form with it. Every query has a stream of its own.
 *   head_i = softmax(Q_i K_i^T / sqrt(d)) V_i with Q = x W_q, K = s W_k, V = s W_v, and d channels a head; output = [head_1; ...; head_h] W_o
 */
export function plainMultiHeadAttention(
  parameters: MultiHeadAttentionParameters,
  { query, streams, mask, change = (weights) => weights }: PlainInputs,
  { dim, heads }: AttentionConfig,
): Attended {
  const [batch, queries] = query.shape;
  const stream = tf.concat(streams.map((part) => tf.broadcastTo(part, [batch, queries, part.shape[2], dim])), 2); // prettier-ignore
  const ofQueries = tf.expandDims(Linear.forward(parameters.query, query), 2); // [batch, queries, 1, dim]
  const [keys, values] = [Projection.forward(parameters.key, stream), Linear.forward(parameters.value, stream)]; // each [batch, queries, positions, dim]

  const attended = Array.from({ length: heads }, (_, head) => {
    const [q, k, v] = [ofQueries, keys, values].map((x) => tf.split(x, heads, -1)[head]); // [batch, queries, 1 or positions, dim / heads]
    const scores = tf.div(tf.sum(tf.mul(q, k), -1), Math.sqrt(dim / heads)); // [batch, queries, positions]
    const shares = tf.softmax(tf.add(scores, tf.mul(tf.sub(mask, 1), 1e9))); // 0 where the mask is 0
    const ofStreams = tf.split(tf.expandDims(shares, 2) as tf.Tensor4D, streams.map(({ shape }) => shape[2]), -1) as tf.Tensor4D[]; // prettier-ignore
    const attention = tf.squeeze(tf.concat(ofStreams.map(change), -1), [2]); // [batch, queries, positions]
    return { attention, value: tf.sum(tf.mul(tf.expandDims(attention, -1), v), 2) }; // value [batch, queries, dim / heads]
  });
  const together = tf.concat(attended.map(({ value }) => value), -1) as tf.Tensor3D; // prettier-ignore
  return {
    output: Linear.forward(parameters.output, together), // [batch, queries, dim]
    attention: tf.stack(attended.map(({ attention }) => attention), 2) as tf.Tensor4D, // prettier-ignore
  };
}
