import * as tf from '../tf';
import { expectShape } from '../shape';
import { maskedSoftmax } from '../ops/masked-softmax';
import { type AttentionConfig, MultiHeadAttention, type MultiHeadAttentionParameters } from './attention';
import { Linear } from './linear';
import { Projection } from './projection';

export interface SelfAttentionInputs {
  readonly x: tf.Tensor3D; // [batch, positions, dim]
  readonly mask?: tf.Tensor2D; // [batch, positions], 1 or 0: what may be looked at
  readonly seen?: KeysAndValues; // of x, where others need them too
}

/** What queries look at, head by head: each [batch * heads, positions, dim / heads]. */
export interface KeysAndValues {
  readonly keys: tf.Tensor3D;
  readonly values: tf.Tensor3D;
}

/**
 * Multi-head attention of all positions to each other, [batch, positions, dim] -> the same. Source: arXiv 1706.03762, as written in `plain.ts`; its
 * parameters are those of `MultiHeadAttention`, whose folded projections pay for few queries only. Throws ShapeError, RangeError.
 */
export const SelfAttention = {
  initialize: MultiHeadAttention.initialize,

  keysAndValues: (
    { key, value }: MultiHeadAttentionParameters,
    x: tf.Tensor3D,
    { heads }: Pick<AttentionConfig, 'heads'>,
  ): KeysAndValues => ({
    keys: byHead(Projection.forward(key, x), heads),
    values: byHead(Linear.forward(value, x), heads),
  }),

  forward(
    parameters: MultiHeadAttentionParameters,
    { x, mask, seen }: SelfAttentionInputs,
    { heads }: Pick<AttentionConfig, 'heads'>,
  ): tf.Tensor3D {
    const [dim] = parameters.key.weight.shape;
    const { batch, positions } = expectShape('SelfAttention', { x }, { x: 'batch positions dim' }, { dim });
    if (mask) expectShape('SelfAttention', { mask }, { mask: 'batch positions' }, { batch, positions });
    return tf.tidy(() => {
      const head = dim / heads;
      const queries = byHead(tf.mul(Linear.forward(parameters.query, x), 1 / Math.sqrt(head)), heads);
      const { keys, values } = seen ?? SelfAttention.keysAndValues(parameters, x, { heads });
      const scores = tf.reshape(tf.matMul(queries, keys, false, true), [batch, heads, positions, positions]) as tf.Tensor4D;
      const attention = maskedSoftmax(scores, mask && tf.reshape(mask, [batch, 1, 1, positions]));
      const summed = tf.matMul(tf.reshape(attention, [batch * heads, positions, positions]), values); // [batch * heads, positions, head]
      const joined = tf.reshape(tf.transpose(tf.reshape(summed, [batch, heads, positions, head]), [0, 2, 1, 3]), [batch, positions, dim]);
      return Linear.forward(parameters.output, joined as tf.Tensor3D);
    });
  },
};

function byHead(rows: tf.Tensor3D, heads: number): tf.Tensor3D {
  const [batch, positions, dim] = rows.shape;
  const split = tf.transpose(tf.reshape(rows, [batch, positions, heads, dim / heads]), [0, 2, 1, 3]);
  return tf.reshape(split, [batch * heads, positions, dim / heads]);
}
