import { type LayerNormParameters, type LinearParameters, type MultiHeadAttentionParameters, type Random, LayerNorm, Linear, MultiHeadAttention, batchedMatMul, tf } from '@tass/tensor'; // prettier-ignore
import { type Drop, FeedForward, type FeedForwardParameters } from '../feed-forward';
import { gelu } from '../gelu';
import { initialValues } from '../initial-values';

/** Attention of the first of a question's tokens to all of them: one pre-norm layer. */
export interface SemanticLayerParameters {
  readonly attentionNorm: LayerNormParameters;
  readonly attention: MultiHeadAttentionParameters;
  readonly feedForwardNorm: LayerNormParameters;
  readonly feedForward: FeedForwardParameters; // [dim] -> [3 * dim] -> [dim]
}

export const SemanticLayer = {
  initialize: ({ dim, heads }: { readonly dim: number; readonly heads: number }, random: Random): SemanticLayerParameters => ({
    attentionNorm: LayerNorm.initialize({ dim }),
    attention: initialValues.attention({ dim, heads }, random.fork('attention')),
    feedForwardNorm: LayerNorm.initialize({ dim }),
    feedForward: FeedForward.initialize({ from: dim, dim: 3 * dim, to: dim }, random.fork('feedForward')),
  }),

  /**
   * x_1 + MHA(LN(x_1); LN(x)), then x + W_2 drop(gelu(W_1 LN(x))) of tokens [videos, questions, tokens, dim]: [videos, questions, dim].
   * `attentionDrop`: of the weights, in training; `drop`: inside the feed-forward layers.
   */
  forward(
    parameters: SemanticLayerParameters,
    tokens: tf.Tensor4D,
    { heads, attentionDrop, drop }: { readonly heads: number; readonly attentionDrop?: Drop; readonly drop?: Drop },
  ): tf.Tensor3D {
    return tf.tidy(() => {
      const first = (x: tf.Tensor4D) => tf.squeeze(tf.slice(x, [0, 0, 0, 0], [-1, -1, 1, -1]), [2]) as tf.Tensor3D;
      const stream = LayerNorm.forward(parameters.attentionNorm, tokens);
      const inputs = { query: first(stream), streams: [stream], dropout: attentionDrop };
      const seen = tf.add(first(tokens), MultiHeadAttention.forward(parameters.attention, inputs, { heads }).output) as tf.Tensor3D;
      const normed = LayerNorm.forward(parameters.feedForwardNorm, seen);
      return tf.add(seen, FeedForward.forward(parameters.feedForward, normed, drop, gelu));
    });
  },
};

export interface AnswerHeadParameters {
  readonly weightsNorm: LayerNormParameters; // [2 * dim]
  readonly weights: FeedForwardParameters; // [2 * dim] -> [dim] -> [4]
  readonly norm: LayerNormParameters;
  readonly fuse: FeedForwardParameters; // [dim] -> [2 * dim] -> [dim]
  readonly fuseNorm: LayerNormParameters;
  readonly answer: LinearParameters; // [dim] -> [answers]
}
export interface AnswerHeadInputs {
  readonly question: tf.Tensor3D; // [videos, questions, dim]
  readonly sound: tf.Tensor3D; // [videos, questions, dim], as the others
  readonly picture: tf.Tensor3D;
  readonly semantic: tf.Tensor3D;
  readonly patches: tf.Tensor3D;
  readonly drop?: Drop; // inside of both pairs of layers, in training
}

/**
 * The question and what its events mean weigh what was pooled.
 *   p = softmax(W_2 gelu(W_1 LN([q; semantic]))) over sound, picture, semantic and patches; z = LN(q + sum of p x)
 *   logits = W LN(W_4 drop(gelu(W_3 z)))
 */
export const AnswerHead = {
  initialize: ({ dim, answers }: { readonly dim: number; readonly answers: number }, random: Random): AnswerHeadParameters => ({
    weightsNorm: LayerNorm.initialize({ dim: 2 * dim }),
    weights: FeedForward.initialize({ from: 2 * dim, dim, to: 4 }, random.fork('weights')),
    norm: LayerNorm.initialize({ dim }),
    fuse: FeedForward.initialize({ from: dim, dim: 2 * dim, to: dim }, random.fork('fuse')),
    fuseNorm: LayerNorm.initialize({ dim }),
    answer: Linear.initialize({ from: dim, to: answers }, random.fork('answer')),
  }),

  /** [videos, questions, answers]. */
  forward(parameters: AnswerHeadParameters, { question, sound, picture, semantic, patches, drop }: AnswerHeadInputs): tf.Tensor3D {
    return tf.tidy(() => {
      const asked = LayerNorm.forward(parameters.weightsNorm, tf.concat([question, semantic], -1));
      const shares = tf.softmax(FeedForward.forward(parameters.weights, asked, undefined, gelu)); // [videos, questions, 4]
      const all = tf.stack([sound, picture, semantic, patches], 2); // [videos, questions, 4, dim]
      const summed = tf.squeeze(batchedMatMul(tf.expandDims(shares, 2), all), [2]);
      const fused = LayerNorm.forward(parameters.norm, tf.add(summed, question) as tf.Tensor3D);
      const deep = LayerNorm.forward(parameters.fuseNorm, FeedForward.forward(parameters.fuse, fused, drop, gelu));
      return Linear.forward(parameters.answer, deep);
    });
  },
};
