import { type LinearParameters, type MultiHeadAttentionParameters, type ProjectionParameters, type Random, type WeightsChange, Linear, MultiHeadAttention, tf } from '@tass/tensor'; // prettier-ignore
import { type Drop } from './feed-forward';
import { initialValues } from './initial-values';
import { ranked } from './largest';

export interface GaussianExpertsConfig {
  readonly dim: number; // a multiple of heads, and even
  readonly heads: number;
  readonly experts: number;
}
export interface GaussianExpertsParameters {
  readonly attention: MultiHeadAttentionParameters;
  readonly router: LinearParameters; // [dim] -> [experts]
  readonly gaussians: LinearParameters; // [dim] -> [experts * 2]: centre and width of each
  /** f_e of all experts, one after the other: W_2 relu(W_1 x). */
  readonly hidden: LinearParameters; // [dim] -> [experts * dim / 2]
  readonly output: ProjectionParameters; // [experts * dim / 2] -> [dim]
  readonly outputBias: tf.Tensor2D; // [experts, dim]
}
export interface GaussianExpertsInputs {
  readonly question: tf.Tensor3D; // [videos, questions, dim]
  readonly stream: tf.Tensor4D; // [videos, questions, time, dim], by which the question chooses experts and times
  readonly values: readonly tf.Tensor4D[]; // each [videos, questions, time, dim]
  readonly attentionDrop?: Drop;
  readonly change?: WeightsChange; // of the weights in time
}

/** By whose experts a second is read: the question's own, or as QA-TIGER's public code takes them, another one's. */
export type Gather = 'published' | 'fixed';

const NARROWEST = 0.09; // share of the widest
const WIDEST = 1 / 9; // of the length of a video

/**
 * QA-TIGER's mixture of experts in time (CVPR 2025), as its public code computes it.
 *   z = MHA(q; stream); p = softmax(W_r z), of which the `kept` largest stay and sum to 1; for each expert e of E two numbers D_e, o_e of W_g z
 *   g_e(t) = exp(-(t - c_e)^2 / (2 d_e^2)) over its maximum in t = 0..1; d_e = max(sigmoid(o_e), .09) / 9
 *   c_e = u_e + tanh(D_e) / (2E), u_e from 1/(2E) to 1 - 1/(2E) in even steps: within 0..1 as it is
 *   result of a sequence of values: sum over e and t of p_e g_e(t) f_e(value_t)
 * `gather: published`: experts are sorted by p. At second t sample b of B takes the outputs in the order of sample (b * time + t) mod B, so that p_e g_e
 * weighs another expert's output. The map W_2 of an expert comes after its sum over time.
 */
export const GaussianExperts = {
  initialize({ dim, heads, experts }: GaussianExpertsConfig, random: Random): GaussianExpertsParameters {
    const inside = dim / 2;
    const linear = (name: string, from: number, to: number): LinearParameters => initialValues.kaiming({ from, to }, random.fork(name));
    return {
      attention: initialValues.attention({ dim, heads }, random.fork('attention')),
      router: linear('router', dim, experts),
      gaussians: linear('gaussians', dim, 2 * experts),
      hidden: linear('hidden', dim, experts * inside),
      output: {
        weight: tf.tensor2d(random.fork('output').normals(experts * inside * dim, Math.sqrt(2 / inside)), [experts * inside, dim]),
      },
      outputBias: tf.zeros([experts, dim]),
    };
  },

  /**
   * `results`: of each sequence of values [videos, questions, dim], before its norm. `weights` [videos, questions, experts, time]: p_e g_e(t), 0 for an expert
   * that is not kept. Throws ShapeError, RangeError.
   */
  forward(
    parameters: GaussianExpertsParameters,
    { question, stream, values, attentionDrop, change = (weights) => weights }: GaussianExpertsInputs,
    { heads, kept, gather }: { readonly heads: number; readonly kept: number; readonly gather: Gather },
  ): { readonly results: readonly tf.Tensor3D[]; readonly weights: tf.Tensor4D } {
    const { attention, router, gaussians, outputBias } = parameters;
    const experts = outputBias.shape[0];
    const time = stream.shape[2];
    return tf.tidy(() => {
      const { output: z } = MultiHeadAttention.forward(
        attention,
        { query: question, streams: [stream], dropout: attentionDrop },
        { heads },
      );
      const shares = tf.softmax(Linear.forward(router, z)); // [videos, questions, experts]
      const order = ranked(shares, kept); // [videos, questions, kept, experts]
      const left = tf.mul(shares, tf.sum(order, 2));
      const rescaled = tf.div(left, tf.sum(left, -1, true));
      const weights = change(tf.mul(tf.expandDims(rescaled, 3), gaussiansOf(Linear.forward(gaussians, z), experts, time)) as tf.Tensor4D);
      const ofOutputs = gather === 'fixed' ? tf.transpose(weights, [0, 1, 3, 2]) : byOrderOfOthers(weights, order);
      return { results: values.map((value) => weighed(parameters, value, ofOutputs)), weights };
    });
  },
};

/** g_e(t) of the numbers [videos, questions, 2 * experts], [videos, questions, experts, time]. */
export function gaussiansOf(numbers: tf.Tensor3D, experts: number, time: number): tf.Tensor4D {
  return tf.tidy(() => {
    const [videos, questions] = numbers.shape;
    const [shift, width] = tf.split(tf.reshape(numbers, [videos, questions, experts, 2]), 2, -1); // each [videos, questions, experts, 1]
    const margin = 1 / (2 * experts);
    const evenly = Array.from({ length: experts }, (_, e) => margin + (experts > 1 ? (e * (1 - 2 * margin)) / (experts - 1) : 0));
    const centre = tf.add(tf.reshape(tf.tensor1d(evenly), [experts, 1]), tf.mul(margin, tf.tanh(shift)));
    const deviation = tf.mul(tf.maximum(tf.sigmoid(width), NARROWEST), WIDEST);
    const times = Array.from({ length: time }, (_, t) => (time > 1 ? t / (time - 1) : 0));
    const exponent = tf.mul(-0.5, tf.square(tf.div(tf.sub(tf.tensor1d(times), centre), deviation))); // [videos, questions, experts, time]
    return tf.exp(tf.sub(exponent, tf.max(exponent, -1, true))) as tf.Tensor4D;
  });
}

/**
 * How an expert's output at a second is weighed as published, [videos, questions, time, experts]: the r-th largest weight of a sample falls on
 * the r-th expert of the sample whose row is read.
 */
function byOrderOfOthers(weights: tf.Tensor4D, order: tf.Tensor): tf.Tensor {
  const [videos, questions, experts, time] = weights.shape;
  const [samples, kept] = [videos * questions, order.shape[2]!];
  const read = tf.tensor1d(
    Array.from({ length: samples * time }, (_, row) => row % samples),
    'int32',
  ); // row b * time + t
  const others = tf.reshape(tf.gather(tf.reshape(order, [samples, kept * experts]), read), [samples, time, kept, experts]);
  const byRank = tf.matMul(tf.reshape(order, [samples, kept, experts]), tf.reshape(weights, [samples, experts, time])); // [samples, kept, time]
  const fallen = tf.sum(tf.mul(tf.expandDims(tf.transpose(byRank, [0, 2, 1]), 3), others), 2);
  return tf.reshape(fallen, [videos, questions, time, experts]);
}

/** sum over e and t of weights [videos, questions, time, experts] * f_e(value_t). */
function weighed({ hidden, output, outputBias }: GaussianExpertsParameters, value: tf.Tensor4D, weights: tf.Tensor): tf.Tensor3D {
  const [videos, questions, time] = value.shape;
  const [experts, dim] = outputBias.shape;
  const inside = tf.reshape(tf.relu(Linear.forward(hidden, value)), [videos, questions, time, experts, -1]);
  const summed = tf.sum(tf.mul(inside, tf.expandDims(weights, 4)), 2); // [videos, questions, experts, dim / 2]
  const rows = tf.reshape(summed, [videos * questions, -1]) as tf.Tensor2D;
  const biases = tf.matMul(tf.reshape(tf.sum(weights, 2), [videos * questions, experts]), outputBias);
  return tf.reshape(tf.add(tf.matMul(rows, output.weight), biases), [videos, questions, dim]);
}
