import { LayerNorm, Linear, MultiHeadAttention, tf } from '@tass/tensor';
import { FeedForward } from './feed-forward';
import type {
  JointTemporalGroundingConfig,
  JointTemporalGroundingInputs,
  JointTemporalGroundingParameters,
} from './joint-temporal-grounding';

type PlainInputs = Required<Omit<JointTemporalGroundingInputs, 'dropout' | 'change'>>;

/**
 * JTG's single stream, following its equations literally, for segments in their context; specs compare the fast form with it. Every
 * question has its own stream.
 *   s = v1 a1 v2 a2 ...; o = MHA(q; s, s); fused = LayerNorm(o + W_b relu(W_a o));
 *   even positions of the attention belong to the picture, odd ones to the sound; each half is divided by its sum.
 */
export function plainSingleStream(
  { stream, timeEmbedding, modalityEmbedding }: JointTemporalGroundingParameters,
  { question, visual, audio }: PlainInputs,
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
  const [visualByHead, audioByHead] = tf.unstack(tf.reshape(attention, [videos, questions, heads, time, 2]), 4); // each [videos, questions, heads, time]
  return {
    fused,
    attention: { visual: shares(onVisual), audio: shares(onAudio) },
    attentionByHead: { visual: visualByHead, audio: audioByHead },
  };
}

/**
 * JTG's paired stream, following its equations literally, for segments in their context.
 *   z_t = LayerNorm(W_z relu((W_v v_t + W_a a_t) * (1 + W_g q) + W_q q)); o = MHA(q; z, z); fused = LayerNorm(o + W_b relu(W_a o))
 */
export function plainPairedStream(
  { pairing, stream, timeEmbedding }: JointTemporalGroundingParameters,
  { question, visual, audio }: PlainInputs,
  { heads }: JointTemporalGroundingConfig,
) {
  const inTime = (segments: tf.Tensor) => tf.unstack(tf.add(segments, timeEmbedding), 2); // each [videos, questions or 1, dim]
  const [seen, heard] = [inTime(visual), inTime(audio)];
  const pairs = seen.map((v, t) => {
    const segment = tf.add(Linear.forward(pairing!.visual!, v), Linear.forward(pairing!.audio!, heard[t])); // [videos, questions, 2 * dim]
    const factor = tf.add(1, Linear.forward(pairing!.factor, question));
    const bound = tf.relu(tf.add(tf.mul(segment, factor), Linear.forward(pairing!.term, question)));
    return LayerNorm.forward(pairing!.norm, Linear.forward(pairing!.output, bound)); // [videos, questions, dim]
  });
  const { output, attention } = MultiHeadAttention.forward(
    stream!.attention,
    { query: question, streams: [tf.stack(pairs, 2) as tf.Tensor4D] },
    { heads },
  );
  const fused = LayerNorm.forward(stream!.norm, tf.add(output, FeedForward.forward(stream!.feedForward, output))); // [videos, questions, dim]
  const shares = tf.mean(attention, 2); // [videos, questions, time]
  return { fused, attention: { visual: shares, audio: shares }, attentionByHead: { visual: attention, audio: attention } };
}
