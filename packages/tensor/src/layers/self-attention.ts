import type * as tf from '../tf';
import { expectShape } from '../shape';
import { type KeysAndValues, attendByHead, keysAndValues } from './attend-by-head';
import { type AttentionConfig, MultiHeadAttention, type MultiHeadAttentionParameters } from './attention';

export interface SelfAttentionInputs {
  readonly x: tf.Tensor3D; // [batch, positions, dim]
  readonly mask?: tf.Tensor2D; // [batch, positions], 1 or 0: what may be looked at
  readonly seen?: KeysAndValues; // of x, where others need them too
}

/**
 * Multi-head attention of all positions to each other, [batch, positions, dim] -> the same. Source: arXiv 1706.03762, as written in `plain.ts`; its
 * parameters are those of `MultiHeadAttention`, whose folded projections pay only for few queries. Throws ShapeError, RangeError.
 */
export const SelfAttention = {
  initialize: MultiHeadAttention.initialize,

  keysAndValues: (parameters: MultiHeadAttentionParameters, x: tf.Tensor3D, { heads }: Pick<AttentionConfig, 'heads'>): KeysAndValues =>
    keysAndValues(parameters, x, heads),

  forward(
    parameters: MultiHeadAttentionParameters,
    { x, mask, seen }: SelfAttentionInputs,
    { heads }: Pick<AttentionConfig, 'heads'>,
  ): tf.Tensor3D {
    const [dim] = parameters.key.weight.shape;
    const { batch, positions } = expectShape('SelfAttention', { x }, { x: 'batch positions dim' }, { dim });
    if (mask) expectShape('SelfAttention', { mask }, { mask: 'batch positions' }, { batch, positions });
    return attendByHead(parameters, { query: x, stream: x, seen, mask }, heads);
  },
};
