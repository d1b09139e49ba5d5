import { previousVideo } from '@tass/losses';
import { type WeightsChange, tf } from '@tass/tensor';

/**
 * What may be done to a network's grounding at test, to see whether the answer uses it: `uniform-attention` makes the shares in time of each
 * modality equal, `swapped-attention` takes those of the video before in the batch, `uniform-map` pools regions by equal shares.
 */
export const INTERVENTIONS = ['uniform-attention', 'uniform-map', 'swapped-attention'] as const;
export type Intervention = (typeof INTERVENTIONS)[number];

/**
 * What an intervention makes of a modality's shares in time, [videos, questions, heads, time]; the sum of each row stays, so that a modality keeps
 * the mass that the question gives it. Undefined: they stay as they are.
 */
export function attentionChange(intervention: Intervention | undefined): WeightsChange | undefined {
  if (intervention === 'uniform-attention') return (shares) => tf.broadcastTo(tf.mean(shares, -1, true), shares.shape);
  return intervention === 'swapped-attention' ? ofPreviousVideo : undefined;
}

const EPSILON = 1e-8;

function ofPreviousVideo(shares: tf.Tensor4D): tf.Tensor4D {
  const others = previousVideo(shares);
  const massOf = (half: tf.Tensor): tf.Tensor => tf.sum(half, -1, true);
  return tf.mul(others, tf.div(massOf(shares), tf.maximum(massOf(others), EPSILON)));
}
