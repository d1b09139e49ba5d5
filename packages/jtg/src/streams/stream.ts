import { type DropoutSource, type Random, type WeightsChange, tf } from '@tass/tensor';

interface StreamConfig {
  readonly dim: number; // a multiple of heads
  readonly heads: number;
  readonly dropout: number;
  readonly modalities: { readonly audio: boolean; readonly video: boolean }; // both, but of a stream that takes one
}
interface StreamInputs {
  readonly question: tf.Tensor3D; // [videos, questions, dim]
  readonly visual?: tf.Tensor4D; // [videos, questions or 1, time, dim], segments in their context and with their time
  readonly audio?: tf.Tensor4D; // [videos, questions or 1, time, dim]
  readonly dropout?: DropoutSource; // in training
  readonly change?: WeightsChange; // of each half's shares
}
interface Streamed {
  readonly fused: tf.Tensor3D; // [videos, questions, dim]
  readonly attention: { readonly visual?: tf.Tensor3D; readonly audio?: tf.Tensor3D }; // [videos, questions, time] each, sums to 1; of what is there
  /**
   * The shares that weight the segments, [videos, questions, heads, time] each; in a single stream, both halves of a head sum to 1
   * together.
   */
  readonly attentionByHead: { readonly visual?: tf.Tensor4D; readonly audio?: tf.Tensor4D };
}

/** A form of temporal grounding, chosen by `model.jtg.stream`. Its parameters are part of JTG's tree. */
export interface Stream<Parameters extends object> {
  readonly takesOne?: true; // also for a single modality; else both are given, and a single one is attended to directly
  initialize(config: StreamConfig, random: Random): Parameters;
  forward(parameters: Parameters, inputs: StreamInputs, config: StreamConfig): Streamed;
}

const EPSILON = 1e-8;

/** Shares of a part of the attention, made to sum to 1. */
export const rescaled = (attention: tf.Tensor3D): tf.Tensor3D => tf.div(attention, tf.add(tf.sum(attention, -1, true), EPSILON));
