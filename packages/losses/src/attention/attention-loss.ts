import { stopGradient, tf } from '@tass/tensor';

/** The question's attention in time, and what may teach it. */
export interface AttentionLossInputs {
  readonly visual: tf.Tensor3D; // [videos, questions, time], the half on the pictures, shares that sum to 1
  readonly audio: tf.Tensor3D; // [videos, questions, time], the same for the half on the sounds
  readonly text?: {
    readonly frames: tf.Tensor3D; // [videos, time, joint]
    readonly target: tf.Tensor3D; // [videos, questions, joint], what each question asks about
  };
  readonly mask: tf.Tensor2D; // [videos, questions], 1 or 0
}

/** A loss of each question's attention in time, in nats: [videos, questions]. Undefined if what it compares is missing. */
export type AttentionLoss = (inputs: AttentionLossInputs) => tf.Tensor | undefined;

const EPSILON = 1e-8;

/** CE(t, s) = -sum over time of t log s, by which t teaches s: t is a constant in the gradient. [videos, questions, time] each -> [videos, questions]. */
export function crossEntropy(teacher: tf.Tensor, shares: tf.Tensor): tf.Tensor {
  return tf.neg(tf.sum(tf.mul(stopGradient(teacher), tf.log(tf.add(shares, EPSILON))), -1));
}
