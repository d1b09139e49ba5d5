import { LayerNorm, MultiHeadAttention, tf } from '@tass/tensor';
import { FeedForward } from './feed-forward';
import type {
  JointTemporalGroundingConfig,
  JointTemporalGroundingInputs,
  JointTemporalGroundingParameters,
} from './joint-temporal-grounding';

/**
 * JTG's single stream as its equations are written, for segments in their context; the specs hold the fast form against it. Every question has
 * a stream of its own.
 *   s = v1 a1 v2 a2 ...; o = MHA(q; s, s); fused = LayerNorm(o + W_b relu(W_a o));
 *   of the attention, even positions are the picture's and odd ones the sound's, each half divided by its sum.
 */
export function plainSingleStream(
  { stream, timeEmbedding, modalityEmbedding }: JointTemporalGroundingParameters,
  { question, visual, audio }: Required<Omit<JointTemporalGroundingInputs, 'dropout'>>,
  { time, heads }: JointTemporalGroundingConfig,
) {
  const [videos, questions, dim] = question.shape;
  const [ofPicture, ofSound] = tf.split(modalityEmbedding!, 2); // each [1, dim]
  const forEach = (segments: tf.Tensor) => tf.broadcastTo(segments, [videos, questions, time, dim]);
  const seen = forEach(tf.add(tf.add(visual, timeEmbedding), ofPicture));
  const heard = forEach(tf.add(tf.add(audio, timeEmbedding), ofSound));
  const interleaved = tf.reshape(tf.stack([seen, heard], 3), [videos, questions, 2 * time, dim]) as tf.Tensor4D; // v1 a1 v2 a2 ...

  const { output, attention } = MultiHeadAttention.forward(stream!.attention, { query: question, streams: [interleaved] }, { heads });
  const fused = LayerNorm.forward(stream!.norm, tf.add(output, FeedForward.forward(stream!.feedForward, output))); // [videos, questions, dim]

  const meanOfHeads = tf.mean(attention, 2); // [videos, questions, 2 * time]
  const [onVisual, onAudio] = tf.unstack(tf.reshape(meanOfHeads, [videos, questions, time, 2]), 3); // each [videos, questions, time]
  const shares = (half: tf.Tensor) => tf.div(half, tf.sum(half, -1, true));
  return { fused, attention: { visual: shares(onVisual), audio: shares(onAudio) } };
}
