import * as tf from '../tf';
import { maskedSoftmax } from '../ops/masked-softmax';
import type { MultiHeadAttentionParameters, WeightsChange } from './attention';
import { Linear } from './linear';
import { Projection } from './projection';

/** What queries attend to, head by head: each [rows * heads, positions, dim / heads]. */
export interface KeysAndValues {
  readonly keys: tf.Tensor3D;
  readonly values: tf.Tensor3D;
}

export interface AttendByHeadInputs {
  readonly query: tf.Tensor3D; // [rows, queries, dim]
  readonly stream: tf.Tensor3D; // [rows, positions, dim]
  readonly seen?: KeysAndValues; // of the stream, where others need them too
  readonly mask?: tf.Tensor2D; // [rows, positions], 1 or 0: what may be looked at
  readonly change?: WeightsChange; // of [rows, heads, queries, positions]
}

export const keysAndValues = ({ key, value }: MultiHeadAttentionParameters, stream: tf.Tensor3D, heads: number): KeysAndValues => ({
  keys: byHead(Projection.forward(key, stream), heads),
  values: byHead(Linear.forward(value, stream), heads),
});

/** Multi-head attention with projected keys and values, [rows, queries, dim]: for about as many queries as the stream has positions. */
export function attendByHead(
  parameters: MultiHeadAttentionParameters,
  { query, stream, seen, mask, change }: AttendByHeadInputs,
  heads: number,
): tf.Tensor3D {
  const [[rows, queries, dim], positions] = [query.shape, stream.shape[1]];
  return tf.tidy(() => {
    const head = dim / heads;
    const scaled = byHead(tf.mul(Linear.forward(parameters.query, query), 1 / Math.sqrt(head)), heads);
    const { keys, values } = seen ?? keysAndValues(parameters, stream, heads);
    const scores = tf.reshape(tf.matMul(scaled, keys, false, true), [rows, heads, queries, positions]) as tf.Tensor4D;
    const weights = maskedSoftmax(scores, mask && tf.reshape(mask, [rows, 1, 1, positions]));
    const shares = change ? change(weights) : weights;
    const summed = tf.matMul(tf.reshape(shares, [rows * heads, queries, positions]), values); // [rows * heads, queries, head]
    const joined = tf.reshape(tf.transpose(tf.reshape(summed, [rows, heads, queries, head]), [0, 2, 1, 3]), [rows, queries, dim]);
    return Linear.forward(parameters.output, joined as tf.Tensor3D);
  });
}

function byHead(rows: tf.Tensor3D, heads: number): tf.Tensor3D {
  const [batch, positions, dim] = rows.shape;
  const split = tf.transpose(tf.reshape(rows, [batch, positions, heads, dim / heads]), [0, 2, 1, 3]);
  return tf.reshape(split, [batch * heads, positions, dim / heads]);
}
