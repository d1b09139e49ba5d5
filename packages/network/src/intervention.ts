import { previousVideo } from '@tass/losses';
import { type WeightsChange, tf } from '@tass/tensor';

/**
 * Changes to a network's grounding at test time, to see whether the answer uses it: `uniform-attention` makes the shares in time of each
 * modality equal, `swapped-attention` uses those of the previous video in the batch, `uniform-map` pools regions with equal shares.
 */
export const INTERVENTIONS = ['uniform-attention', 'uniform-map', 'swapped-attention'] as const;
export type Intervention = (typeof INTERVENTIONS)[number];

/**
 * Changes a modality's shares in time, [videos, questions, heads, time]; the sum of each row stays, so that a modality keeps its total
 * share. Undefined: no change.
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
