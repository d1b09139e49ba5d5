import { type LayerNormParameters, type LinearParameters, type MultiHeadAttentionParameters, type ProjectionParameters, type Random, LayerNorm, Linear, MultiHeadAttention, Projection, tf } from '@tass/tensor'; // prettier-ignore
import type { Drop } from '../feed-forward';
import { initialValues } from '../initial-values';

export interface RoutedExpertsParameters {
  readonly attention?: MultiHeadAttentionParameters; // by which a question chooses experts; without it the mean of the stream does
  readonly router: LinearParameters; // [dim] -> [experts]
  /** f_e of all experts, one after the other: W_2 relu(W_1 x). */
  readonly hidden: LinearParameters; // [dim] -> [experts * dim / 2]
  readonly output: ProjectionParameters; // [experts * dim / 2] -> [dim]
  readonly outputBias: tf.Tensor2D; // [experts, dim]
  readonly norms: { readonly first: LayerNormParameters; readonly second: LayerNormParameters };
}
export interface RoutedExpertsConfig {
  readonly dim: number; // even
  readonly heads: number; // a divisor of dim
  readonly experts: number;
  readonly asked: boolean; // does the question choose
}
export interface RoutedExpertsInputs {
  readonly question: tf.Tensor3D; // [videos, questions, dim]
  readonly stream: tf.Tensor4D; // [videos, questions or 1, time, dim]
  readonly values: tf.Tensor4D; // [videos, questions or 1, time, dim]
  readonly heads: number;
  readonly attentionDrop?: Drop; // in training
}

/**
 * CueSpace's mixture of experts: the same shares in all seconds.
 *   p = softmax(W z), z = MHA(q; x), or the mean of x over time; s_t = sum over e of p_e f_e(value_t); y_t = (LN_1(s_t) + LN_2(s_t)) / 2
 * [our reading] Both norms read one sum.
 */
export const RoutedExperts = {
  initialize({ dim, heads, experts, asked }: RoutedExpertsConfig, random: Random): RoutedExpertsParameters {
    const inside = dim / 2;
    const limit = 1 / Math.sqrt(inside);
    return {
      ...(asked ? { attention: initialValues.attention({ dim, heads }, random.fork('attention')) } : {}),
      router: Linear.initialize({ from: dim, to: experts }, random.fork('router')),
      hidden: Linear.initialize({ from: dim, to: experts * inside }, random.fork('hidden')),
      output: { weight: tf.tensor2d(random.fork('output').uniforms(experts * inside * dim, limit), [experts * inside, dim]) },
      outputBias: tf.tensor2d(random.fork('outputBias').uniforms(experts * dim, limit), [experts, dim]),
      norms: { first: LayerNorm.initialize({ dim }), second: LayerNorm.initialize({ dim }) },
    };
  },

  /** [videos, questions, time, dim], or with 1 question where nothing depends on it. Throws ShapeError. */
  forward(parameters: RoutedExpertsParameters, { question, stream, values, heads, attentionDrop }: RoutedExpertsInputs): tf.Tensor4D {
    const { attention, router, hidden, output, outputBias, norms } = parameters;
    return tf.tidy(() => {
      const z = attention
        ? MultiHeadAttention.forward(attention, { query: question, streams: [stream], dropout: attentionDrop }, { heads }).output
        : (tf.mean(stream, 2) as tf.Tensor3D);
      const shares = tf.softmax(Linear.forward(router, z)); // [videos, questions or 1, experts]
      const [videos, asking, experts] = shares.shape;
      const [, ofValues, time, dim] = values.shape;
      const inside = tf.reshape(tf.relu(Linear.forward(hidden, values)), [videos, ofValues, time, experts, -1]);
      const weighed = tf.mul(inside, tf.reshape(shares, [videos, asking, 1, experts, 1]));
      const summed = Projection.forward(output, tf.reshape(weighed, [videos, -1, time, output.weight.shape[0]]));
      const bias = tf.reshape(Projection.forward({ weight: outputBias }, shares), [videos, asking, 1, dim]);
      const sum = tf.add(summed, bias);
      return tf.mul(0.5, tf.add(LayerNorm.forward(norms.first, sum), LayerNorm.forward(norms.second, sum))) as tf.Tensor4D;
    });
  },
};
