import { Linear, tf, type LinearParameters } from '@tass/tensor';
import { StreamAttention, type StreamAttentionParameters } from '../stream-attention';
import { rescaled, type Stream } from './stream';

export interface DualStreamParameters {
  readonly visualStream: StreamAttentionParameters;
  readonly audioStream: StreamAttentionParameters;
  readonly fusion: LinearParameters; // [2 * dim] -> [dim]
}

/** The ablation with one attention for each modality: o = W_f tanh([o_v; o_a]). */
export const dual: Stream<DualStreamParameters> = {
  initialize: (config, random) => ({
    visualStream: StreamAttention.initialize(config, random.fork('visualStream')),
    audioStream: StreamAttention.initialize(config, random.fork('audioStream')),
    fusion: Linear.initialize({ from: 2 * config.dim, to: config.dim }, random.fork('fusion')),
  }),

  forward({ visualStream, audioStream, fusion }, { question, visual, audio, dropout, change }, config) {
    const attend = (stream: StreamAttentionParameters, segments: tf.Tensor4D, label: string) =>
      StreamAttention.forward(stream, { question, streams: [segments], dropout: dropout?.fork(label), change }, config);
    const [ofVisual, ofAudio] = [attend(visualStream, visual!, 'visual'), attend(audioStream, audio!, 'audio')];
    return {
      fused: Linear.forward(fusion, tf.tanh(tf.concat([ofVisual.fused, ofAudio.fused], -1))), // [videos, questions, dim]
      attention: { visual: rescaled(ofVisual.attention), audio: rescaled(ofAudio.attention) },
      attentionByHead: { visual: ofVisual.byHead, audio: ofAudio.byHead },
    };
  },
};
