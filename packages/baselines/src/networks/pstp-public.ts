import type { Network, NetworkBatch, NetworkConfig, NetworkOutputs } from '@tass/network';
import { type LinearParameters, DropoutSource, Linear, tf } from '@tass/tensor';
import { z } from 'zod';
import { dropAt } from '../feed-forward';
import { FusionLayer, type FusionLayerParameters } from '../fusion-layer';
import { readEncodedBatch } from '../read-batch';
import { meanOfTokens, tokensOf } from '../tokens';

const settings = z.strictObject({
  dim: z.int().positive(), // width of every layer; 512
  dropout: z.number().min(0).lt(1), // of attention and feed-forward; 0.1
});

type Settings = z.infer<typeof settings>;

interface PstpPublicParameters {
  readonly audio: LinearParameters; // [audioDim] -> [dim]
  readonly frames: LinearParameters; // [frameDim] -> [dim]
  readonly words: LinearParameters; // [textDim] -> [dim]
  readonly sentence: LinearParameters; // [textDim] -> [dim]
  readonly layer: FusionLayerParameters;
  readonly answer: LinearParameters; // [dim] -> [answers]
}

/**
 * PSTP-Net (ACM MM 2023) as its public code computes it: the selections of segments and patches that the paper is about run there, but do not reach the
 * answer (`pstp-intended` has them). What is left is a plain control, one layer of one head over all tokens of sound, frames and words:
 *   x = [W_a audio; W_v frames; W_w words]; x <- LN(x + MHA(x; x)); x <- LN(x + W_2 relu(W_1 x))
 *   logits = W tanh(mean over tokens of x * W_q sentence)
 * Other than published: padding words take no part, as the store holds none. Throws ShapeError, RangeError.
 */
function pstpPublic(
  parameters: PstpPublicParameters,
  batch: NetworkBatch,
  { dropout, sizes }: NetworkConfig<Settings>,
  source?: DropoutSource,
): NetworkOutputs {
  return tf.tidy(() => {
    const { frames, audio, sentence, words, wordMask } = readEncodedBatch('pstp-public', batch, sizes);
    const ofVideo = [Linear.forward(parameters.audio, audio), Linear.forward(parameters.frames, frames)]; // each [videos, time, dim]
    const streams = ofVideo.map((stream) => tf.expandDims(stream, 1) as tf.Tensor4D);
    const { x, mask } = tokensOf(streams, Linear.forward(parameters.words, words), wordMask); // [videos, questions, 2 * time + words, dim]
    const mixed = FusionLayer.forward(
      parameters.layer,
      { x, streams: { self: x }, masks: { self: mask }, drop: dropAt(dropout, source) },
      1,
    );
    const question = Linear.forward(parameters.sentence, sentence); // [videos, questions, dim]
    return { logits: Linear.forward(parameters.answer, tf.tanh(tf.mul(meanOfTokens(mixed, mask), question))) as tf.Tensor3D };
  });
}

export const network: Network<Settings, PstpPublicParameters> = {
  name: 'pstp-public',
  settings,
  example: { dim: 8, dropout: 0 },
  needs: () => ({ video: true, audio: true, text: true }),
  takesTokens: true,

  initialize({ dim, sizes }, random) {
    const linear = (name: string, from: number, to: number) => Linear.initialize({ from, to }, random.fork(name));
    return {
      audio: linear('audio', sizes.audioDim!, dim),
      frames: linear('frames', sizes.frameDim!, dim),
      words: linear('words', sizes.textDim!, dim),
      sentence: linear('sentence', sizes.textDim!, dim),
      layer: FusionLayer.initialize({ dim, heads: 1, streams: ['self'] }, random.fork('layer')),
      answer: linear('answer', dim, sizes.answers),
    };
  },

  forward: (parameters, batch, config, { training }) =>
    pstpPublic(parameters, batch, config, training && DropoutSource.fromSeed(training.seed)),
};
