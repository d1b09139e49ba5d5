import { type MultiHeadAttentionParameters, type Random, CrossAttention, MultiHeadAttention, tf } from '@tass/tensor';
import { type Drop, FeedForward, type FeedForwardParameters, dropped } from './feed-forward';
import { type InitialLinear, initialValues } from './initial-values';

export interface FramePatchesParameters {
  readonly self: MultiHeadAttentionParameters;
  readonly attention: MultiHeadAttentionParameters;
  readonly map: FeedForwardParameters; // [dim] -> [dim / 2] -> [dim]
}
export interface FramePatchesConfig {
  readonly dim: number; // even, a multiple of heads
  readonly heads: number;
  readonly linear?: InitialLinear; // of the map; PyTorch's
}
type DropAt = (place: string) => Drop | undefined;

/** P <- P + MHA(P; P) in each frame; what a query of the frame reads of it: W_2 relu(W_1 drop(MHA(query; P))). Without norms. */
export const FramePatches = {
  initialize: ({ dim, heads, linear }: FramePatchesConfig, random: Random): FramePatchesParameters => ({
    self: initialValues.attention({ dim, heads }, random.fork('self')),
    attention: initialValues.attention({ dim, heads }, random.fork('attention')),
    map: FeedForward.initialize({ from: dim, dim: dim / 2, to: dim, linear }, random.fork('map')),
  }),

  /** For queries [videos, questions, time, dim] of patches [videos, time, regions, dim]: each [videos, questions, time, dim]. Throws ShapeError. */
  forward(
    { self, attention, map }: FramePatchesParameters,
    { patches, queries }: { readonly patches: tf.Tensor4D; readonly queries: readonly tf.Tensor4D[] },
    { heads, at }: { readonly heads: number; readonly at: DropAt },
  ): tf.Tensor4D[] {
    return tf.tidy(() => {
      const [videos, questions, time, dim] = queries[0].shape;
      const ofFrames = tf.reshape(patches, [videos * time, 1, -1, dim]) as tf.Tensor4D;
      const toSelf = { query: ofFrames, stream: ofFrames, dropout: at('self') };
      const mixed = tf.add(ofFrames, CrossAttention.forward(self, toSelf, { heads })) as tf.Tensor4D;
      const count = queries.length;
      const all = tf.transpose(tf.concat([...queries], 1), [0, 2, 1, 3]); // [videos, time, count * questions, dim]
      const inputs = {
        query: tf.reshape(all, [videos * time, count * questions, dim]) as tf.Tensor3D,
        streams: [mixed],
        dropout: at('attention'),
      };
      const read = dropped(MultiHeadAttention.forward(attention, inputs, { heads }).output, at('output'));
      const rows = tf.reshape(FeedForward.forward(map, read), [videos, time, count * questions, dim]);
      const inOrder = tf.transpose(rows, [0, 2, 1, 3]);
      return (count === 1 ? [inOrder] : tf.split(inOrder, count, 1)) as tf.Tensor4D[]; // TensorFlow.js 4.22 has no gradient for a split into one
    });
  },
};
