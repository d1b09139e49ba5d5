import { LayerNorm, Linear, tf, type LayerNormParameters, type LinearParameters } from '@tass/tensor';
import { StreamAttention, type StreamAttentionParameters } from '../stream-attention';
import type { Stream } from './stream';

export interface PairedStreamParameters {
  readonly pairing: {
    readonly visual?: LinearParameters; // [dim] -> [2 * dim]
    readonly audio?: LinearParameters; // [dim] -> [2 * dim]
    readonly factor: LinearParameters; // [dim] -> [2 * dim], of the question
    readonly term: LinearParameters; // [dim] -> [2 * dim], of the question
    readonly output: LinearParameters; // [2 * dim] -> [dim]
    readonly norm: LayerNormParameters;
  };
  readonly stream: StreamAttentionParameters;
}

/**
 * The stream has one position for each segment (ours), which combines picture and sound of a second, given the question, before a second is
 * chosen.
 *   z_t = LayerNorm(W_z relu((W_v v_t + W_a a_t) * (1 + W_g q) + W_q q)); o = MHA(q; z, z), then as the single stream
 * Both modalities have the same attention, so that their synchrony needs no loss. The term of a missing modality is left out.
 */
export const paired: Stream<PairedStreamParameters> = {
  takesOne: true,

  initialize: (config, random) => {
    const { dim, modalities } = config;
    const linear = (name: string, from: number, to: number) => Linear.initialize({ from, to }, random.fork(`pairing.${name}`));
    return {
      pairing: {
        ...(modalities.video ? { visual: linear('visual', dim, 2 * dim) } : {}),
        ...(modalities.audio ? { audio: linear('audio', dim, 2 * dim) } : {}),
        factor: linear('factor', dim, 2 * dim),
        term: linear('term', dim, 2 * dim),
        output: linear('output', 2 * dim, dim),
        norm: LayerNorm.initialize({ dim }),
      },
      stream: StreamAttention.initialize(config, random.fork('stream')),
    };
  },

  forward({ pairing, stream }, { question, visual, audio, dropout, change }, config) {
    const ofVisual = visual && Linear.forward(pairing.visual!, visual); // [videos, questions or 1, time, 2 * dim]
    const ofAudio = audio && Linear.forward(pairing.audio!, audio); // [videos, questions or 1, time, 2 * dim]
    const segments = ofVisual && ofAudio ? tf.add(ofVisual, ofAudio) : (ofVisual ?? ofAudio)!;
    const asked = (map: LinearParameters) => tf.expandDims(Linear.forward(map, question), 2); // [videos, questions, 1, 2 * dim]
    const bound = tf.relu(tf.add(tf.mul(segments, tf.add(asked(pairing.factor), 1)), asked(pairing.term))); // [videos, questions, time, 2 * dim]
    const pairs = LayerNorm.forward(pairing.norm, Linear.forward(pairing.output, bound)) as tf.Tensor4D; // [videos, questions, time, dim]
    const inputs = { question, streams: [pairs], dropout: dropout?.fork('stream'), change };
    const { fused, attention, byHead } = StreamAttention.forward(stream, inputs, config);
    return {
      fused,
      attention: { visual: visual && attention, audio: audio && tf.clone(attention) },
      attentionByHead: { visual: visual && byHead, audio: audio && tf.clone(byHead) },
    };
  },
};
