import * as tf from '../tf';
import { ShapeError, expectShape } from '../shape';
import { type DropoutSource, dropout as drop } from '../ops/dropout';
import { type AttentionConfig, MultiHeadAttention, type MultiHeadAttentionParameters } from './attention';
import { attendByHead } from './attend-by-head';

export interface CrossAttentionInputs {
  readonly query: tf.Tensor4D; // [batch, groups or 1, queries, dim]
  readonly stream: tf.Tensor4D; // [batch, groups or 1, positions, dim]; of 1 group: looked at by all
  readonly mask?: tf.Tensor3D; // [batch, groups of the stream, positions], 1 or 0: what may be looked at
  readonly dropout?: { readonly rate: number; readonly source: DropoutSource }; // of the weights, in training
}

/**
 * Multi-head attention of a sequence to a sequence, [batch, groups, queries, dim]. Source: arXiv 1706.03762, as written in `plain.ts`. Its parameters are
 * those of `MultiHeadAttention`, whose folded projections pay only for few queries. Throws ShapeError, RangeError.
 */
export const CrossAttention = {
  initialize: MultiHeadAttention.initialize,

  forward(
    parameters: MultiHeadAttentionParameters,
    { query, stream, mask, dropout }: CrossAttentionInputs,
    { heads }: Pick<AttentionConfig, 'heads'>,
  ): tf.Tensor4D {
    const [dim] = parameters.key.weight.shape;
    const axes = { query: 'batch groups queries dim', stream: 'batch ofStream positions dim' };
    const { batch, groups: ofQuery, queries, ofStream, positions } = expectShape('CrossAttention', { query, stream }, axes, { dim });
    if (mask) expectShape('CrossAttention', { mask }, { mask: 'batch ofStream positions' }, { batch, ofStream, positions });
    const groups = Math.max(ofQuery, ofStream);
    if (Math.min(ofQuery, ofStream) !== 1 && ofQuery !== ofStream)
      throw new ShapeError(`CrossAttention: query has ${ofQuery} groups and stream ${ofStream}, expected as many, or 1`);
    return tf.tidy(() => {
      const rows = batch * ofStream; // queries of all groups look at a stream that is shared
      const perGroup = ofStream === 1 ? query : tf.broadcastTo(query, [batch, groups, queries, dim]);
      const inputs = {
        query: tf.reshape(perGroup, [rows, -1, dim]) as tf.Tensor3D,
        stream: tf.reshape(stream, [rows, positions, dim]) as tf.Tensor3D,
        mask: mask && (tf.reshape(mask, [rows, positions]) as tf.Tensor2D),
        change: dropout && ((weights: tf.Tensor4D) => drop(weights, dropout.rate, dropout.source)),
      };
      return tf.reshape(attendByHead(parameters, inputs, heads), [batch, groups, queries, dim]);
    });
  },
};
