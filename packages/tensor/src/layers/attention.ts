import * as tf from '../tf';
import type { Random } from '../random';
import { ShapeError, expectShape } from '../shape';
import { batchedMatMul } from '../ops/batched-mat-mul';
import { type DropoutSource, dropout as drop } from '../ops/dropout';
import { maskedSoftmax } from '../ops/masked-softmax';
import { Linear, type LinearParameters } from './linear';
import { Projection, type ProjectionParameters } from './projection';

export interface AttentionConfig {
  readonly dim: number; // a multiple of heads
  readonly heads: number;
}
export interface AttentionWeightsParameters {
  readonly query: LinearParameters; // [dim] -> [dim]
  readonly key: ProjectionParameters; // [dim] -> [dim]; a bias would add the same to all scores of a query and change nothing
}
export interface MultiHeadAttentionParameters extends AttentionWeightsParameters {
  readonly value: LinearParameters; // [dim] -> [dim]
  readonly output: LinearParameters; // [dim] -> [dim]
}
export interface AttentionInputs {
  readonly query: tf.Tensor3D; // [batch, queries, dim]
  readonly streams: readonly tf.Tensor4D[]; // each [batch, queries or 1, positions, dim]; attended to as one, end to end. 1: shared by the queries
  readonly mask?: tf.Tensor3D; // [batch, queries, positions of all streams], 1 or 0
  readonly dropout?: { readonly rate: number; readonly source: DropoutSource }; // of the weights, in training
}
/** Other weights for those of one stream, [batch, queries, heads, positions] -> the same; the sum over positions stays. */
export type WeightsChange = (weights: tf.Tensor4D) => tf.Tensor4D;
export interface ChangeableInputs extends AttentionInputs {
  readonly change?: WeightsChange; // of each stream's weights, before values are summed by them
}
export interface Attended {
  readonly output: tf.Tensor3D; // [batch, queries, dim]
  readonly attention: tf.Tensor4D; // [batch, queries, heads, positions of all streams], as changed; shares that sum to 1 before dropout
}

/**
 * The weights of multi-head attention alone: softmax over positions of the scaled products of projected query and projected stream.
 * The key projection is folded into the queries, (q W_k^T) . s for q . (s W_k): a stream is longer than its queries, and is read without projection.
 * Throws ShapeError, and RangeError when heads do not divide dim.
 */
export const AttentionWeights = {
  initialize({ dim, heads }: AttentionConfig, random: Random): AttentionWeightsParameters {
    if (dim % heads !== 0) throw new RangeError(`AttentionWeights: heads is ${heads}, expected a divisor of dim ${dim}`);
    return {
      query: Linear.initialize({ from: dim, to: dim }, random.fork('query')),
      key: Projection.initialize({ from: dim, to: dim }, random.fork('key')),
    };
  },

  forward(
    parameters: AttentionWeightsParameters,
    { query, streams, mask, dropout }: AttentionInputs,
    { heads }: Pick<AttentionConfig, 'heads'>,
  ): tf.Tensor4D {
    const [dim] = parameters.key.weight.shape;
    const { batch, queries } = expectShape('AttentionWeights', { query }, { query: 'batch queries dim' }, { dim });
    for (const stream of streams) expectStream(stream, batch, queries, dim);
    return tf.tidy(() => {
      const head = dim / heads;
      const scaled = tf.mul(Linear.forward(parameters.query, query), 1 / Math.sqrt(head)); // [batch, queries, dim]
      const queriesByHead = tf.transpose(tf.reshape(scaled, [batch * queries, heads, head]), [1, 0, 2]); // [heads, batch * queries, head]
      const keyByHead = tf.transpose(tf.reshape(parameters.key.weight, [dim, heads, head]), [1, 2, 0]); // [heads, head, dim]
      const folded = tf.reshape(tf.transpose(tf.matMul(queriesByHead, keyByHead), [1, 0, 2]), [batch, queries, heads, dim]);
      const scores = tf.concat(
        streams.map((stream) => batchedMatMul(folded, stream, true)),
        -1,
      ); // [batch, queries, heads, positions]
      const weights = maskedSoftmax(scores, mask && tf.expandDims(mask, 2)) as tf.Tensor4D;
      return dropout ? drop(weights, dropout.rate, dropout.source) : weights;
    });
  },
};

/**
 * Multi-head attention of queries to a stream. Source: arXiv 1706.03762, as written in `plain.ts`. The value projection is applied after the weighted sum, which has
 * fewer rows than the stream; its bias passes unchanged because weights sum to 1, except after dropout. Throws as AttentionWeights.
 */
export const MultiHeadAttention = {
  initialize: (config: AttentionConfig, random: Random): MultiHeadAttentionParameters => ({
    ...AttentionWeights.initialize(config, random),
    value: Linear.initialize({ from: config.dim, to: config.dim }, random.fork('value')),
    output: Linear.initialize({ from: config.dim, to: config.dim }, random.fork('output')),
  }),

  forward(parameters: MultiHeadAttentionParameters, inputs: ChangeableInputs, config: Pick<AttentionConfig, 'heads'>): Attended {
    return tf.tidy(() => {
      const { heads } = config;
      const { change } = inputs;
      const weights = AttentionWeights.forward(parameters, inputs, config);
      const [batch, queries, dim] = inputs.query.shape;
      const head = dim / heads;
      const lengths = inputs.streams.map((stream) => stream.shape[2]);
      const own = (lengths.length === 1 ? [weights] : tf.split(weights, lengths, -1)) as tf.Tensor4D[]; // each [batch, queries, heads, positions of a stream]
      const parts = change ? own.map(change) : own;
      const sums = parts.map((part, i) => batchedMatMul(part, inputs.streams[i])); // each [batch, queries, heads, dim]
      const sum = sums.reduce((total, term) => tf.add(total, term));
      const sumByHead = tf.transpose(tf.reshape(sum, [batch * queries, heads, dim]), [1, 0, 2]); // [heads, batch * queries, dim]
      const valueByHead = tf.transpose(tf.reshape(parameters.value.weight, [dim, heads, head]), [1, 0, 2]); // [heads, dim, head]
      const values = tf.reshape(tf.transpose(tf.matMul(sumByHead, valueByHead), [1, 0, 2]), [batch, queries, dim]); // heads joined
      const attention = change ? (tf.concat(parts, -1) as tf.Tensor4D) : weights;
      const bias = inputs.dropout ? biasByWeights(parameters.value.bias, attention) : parameters.value.bias;
      const output = Linear.forward(parameters.output, tf.add(values, bias) as tf.Tensor3D);
      return { output, attention };
    });
  },
};

/** The values' bias if the weights of a head do not sum to 1: [batch, queries, dim]. */
function biasByWeights(bias: tf.Tensor1D, attention: tf.Tensor4D): tf.Tensor {
  const [batch, queries, heads] = attention.shape;
  return tf.reshape(tf.mul(tf.sum(attention, -1, true), tf.reshape(bias, [heads, -1])), [batch, queries, bias.shape[0]]);
}

function expectStream(stream: tf.Tensor4D, batch: number, queries: number, dim: number): void {
  const [batchOfStream, queriesOfStream, , dimOfStream] = stream.shape;
  if (stream.rank === 4 && batchOfStream === batch && (queriesOfStream === 1 || queriesOfStream === queries) && dimOfStream === dim) return;
  throw new ShapeError(
    `AttentionWeights: stream has shape [${stream.shape.join(', ')}], expected [batch=${batch}, queries=${queries} or 1, positions, dim=${dim}]`,
  );
}
