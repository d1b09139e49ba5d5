import { tf } from '@tass/tensor';
import { StreamAttention, type StreamAttentionParameters } from '../stream-attention';
import { rescaled, type Stream } from './stream';

export interface SingleStreamParameters {
  readonly stream: StreamAttentionParameters;
  readonly modalityEmbedding: tf.Tensor2D; // [2, dim], visual and audio
}

const EMBEDDING_DEVIATION = 0.02;

/**
 * One attention on both modalities (paper). The interleaved stream v1 a1 v2 a2 ... (code) is built only in `plain.ts`: attention ignores
 * the order of positions, which the embeddings encode (ours), so here one modality follows the other, and a modality that all questions
 * share is not repeated.
 */
export const single: Stream<SingleStreamParameters> = {
  initialize: (config, random) => ({
    stream: StreamAttention.initialize(config, random.fork('stream')),
    modalityEmbedding: tf.tensor2d(random.fork('modalityEmbedding').normals(2 * config.dim, EMBEDDING_DEVIATION), [2, config.dim]),
  }),

  forward({ stream, modalityEmbedding }, { question, visual, audio, dropout, change }, config) {
    const streams = [visual!, audio!].map((segments, i) => tf.add(segments, tf.slice(modalityEmbedding, i, 1)) as tf.Tensor4D);
    const inputs = { question, streams, dropout: dropout?.fork('stream'), change };
    const { fused, attention, byHead } = StreamAttention.forward(stream, inputs, config);
    const [onVisual, onAudio] = tf.split(attention, 2, -1) as tf.Tensor3D[]; // each [videos, questions, time]
    const [visualByHead, audioByHead] = tf.split(byHead, 2, -1) as tf.Tensor4D[]; // each [videos, questions, heads, time]
    return {
      fused,
      attention: { visual: rescaled(onVisual), audio: rescaled(onAudio) },
      attentionByHead: { visual: visualByHead, audio: audioByHead },
    };
  },
};
