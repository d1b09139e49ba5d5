import type { Network, NetworkBatch, NetworkConfig, NetworkOutputs } from '@tass/network';
import { type AttentionWeightsParameters, type LinearParameters, AttentionWeights, DropoutSource, Linear, tf } from '@tass/tensor';
import { z } from 'zod';
import { AttendedStream, type AttendedStreamParameters } from '../attended-stream';
import { dropAt } from '../feed-forward';
import { FusionLayer, type FusionLayerParameters } from '../fusion-layer';
import { initialValues } from '../initial-values';
import { largest, picked } from '../largest';
import { readEncodedBatch } from '../read-batch';
import { meanOfTokens, tokensOf } from '../tokens';

const settings = z.strictObject({
  dim: z.int().positive(), // width of every layer; 512
  heads: z.int().positive(), // of both selections and of the guided patches, a divisor of dim; 4. Other layers have one
  segments: z.int().positive(), // of a video, a divisor of its seconds; 12 of 60 seconds
  chosen: z.int().positive(), // segments that the question selects; 2
  patches: z.int().positive(), // that it selects in each of their frames; 20
  dropout: z.number().min(0).lt(1), // of attention and feed-forward; 0.1
});

type Settings = z.infer<typeof settings>;

interface PstpIntendedParameters {
  readonly audio: LinearParameters; // [audioDim] -> [dim]
  readonly frames: LinearParameters; // [frameDim] -> [dim]
  readonly regions: LinearParameters; // [regionDim] -> [dim]
  readonly words: LinearParameters; // [textDim] -> [dim]
  readonly sentence: LinearParameters; // [textDim] -> [dim]
  /** Of these three nothing is trained: they decide which segments and patches are largest, which has no gradient. */
  readonly segment: LinearParameters; // [2 * dim] -> [dim]
  readonly segmentChoice: AttentionWeightsParameters;
  readonly patchChoice: AttentionWeightsParameters;
  readonly guided: AttendedStreamParameters;
  readonly global: FusionLayerParameters; // of sound and of picture
  readonly layer: FusionLayerParameters;
  readonly answer: LinearParameters; // [dim] -> [answers]
}

/**
 * PSTP-Net (ACM MM 2023) as its paper describes it. Its public code leaves all selections out of the answer: `pstp-public`. a, v, p, w, q: linear maps of
 * sound, frames, patches, words and sentence.
 *   s = W tanh([mean of a; mean of v]) of each segment; the `chosen` segments of largest weight in MHA(q; s), in order of time: k of T seconds
 *   of each of these frames the `patches` p of largest weight in MHA(q; p of the frame), in order of place
 *   c_t = LN(u + W_2 relu(W_1 u)), u = MHA(a_t; its selected patches)
 *   L(x, y): x <- LN(x + MHA(x; y) + MHA(x; x)), x <- LN(x + W_2 relu(W_1 x)); a' = L(a, v), v' = L(v, a'), one set of weights
 *   x = [selected a; a'; a; selected v; selected patches; c; v'; v; w], then as `pstp-public`: one layer, logits = W tanh(mean of x * q)
 * Weights are means over heads. What is selected passes no gradient to what selects it, so that those attentions keep their initial values.
 * Of a selecting attention only what its weights need is held. Padding words take no part. Throws ShapeError, RangeError.
 */
function pstpIntended(
  parameters: PstpIntendedParameters,
  batch: NetworkBatch,
  { dim, heads, segments, chosen, patches, dropout, sizes }: NetworkConfig<Settings>,
  source?: DropoutSource,
): NetworkOutputs {
  return tf.tidy(() => {
    const { regions, frames, audio, sentence, words, wordMask } = readEncodedBatch('pstp-intended', batch, sizes);
    const [videos, questions] = wordMask.shape;
    const at = (place: string) => dropAt(dropout, source?.fork(place));
    const sound = tf.expandDims(Linear.forward(parameters.audio, audio), 1) as tf.Tensor4D; // [videos, 1, time, dim]
    const picture = tf.expandDims(Linear.forward(parameters.frames, frames), 1) as tf.Tensor4D; // [videos, 1, time, dim]
    const question = Linear.forward(parameters.sentence, sentence); // [videos, questions, dim]
    const length = sizes.time / segments;
    const selected = chosen * length; // seconds

    const bySegment = (stream: tf.Tensor): tf.Tensor => tf.reshape(stream, [videos, 1, segments, length, -1]);
    const means = [sound, picture].map((stream) => tf.mean(bySegment(stream), 3)); // each [videos, 1, segments, dim]
    const segment = Linear.forward(parameters.segment, tf.tanh(tf.concat(means, -1))) as tf.Tensor4D;
    const segmentPicks = largest(meanWeights(parameters.segmentChoice, question, segment, heads), chosen); // [videos, questions, chosen, segments]
    const ofSegments = (stream: tf.Tensor): tf.Tensor4D => tf.reshape(picked(segmentPicks, bySegment(stream)), [videos, questions, selected, -1]); // prettier-ignore
    const [heard, seen] = [ofSegments(sound), ofSegments(picture)]; // each [videos, questions, selected, dim]

    const ofFrames = tf.reshape(ofSegments(regions), [videos, questions * selected, sizes.regions!, -1]) as tf.Tensor4D;
    const patch = Linear.forward(parameters.regions, ofFrames); // [videos, questions * selected, regions, dim]
    const asked = tf.reshape(tf.tile(tf.expandDims(question, 2), [1, 1, selected, 1]), [videos, questions * selected, dim]) as tf.Tensor3D;
    const patchPicks = largest(meanWeights(parameters.patchChoice, asked, patch, heads), patches);
    const kept = picked(patchPicks, patch) as tf.Tensor4D; // [videos, questions * selected, patches, dim]
    const { fused: guided } = AttendedStream.forward(
      parameters.guided,
      {
        question: tf.reshape(heard, [videos, questions * selected, dim]) as tf.Tensor3D,
        streams: [kept],
        attentionDrop: at('guided.attention'),
        drop: at('guided.feedForward'),
      },
      heads,
    ); // [videos, questions * selected, dim]

    const inContext = (self: tf.Tensor4D, other: tf.Tensor4D, place: string): tf.Tensor4D =>
      FusionLayer.forward(parameters.global, { x: self, streams: { other, self }, drop: at(place) }, 1);
    const globalSound = inContext(sound, picture, 'global.sound'); // [videos, 1, time, dim]
    const globalPicture = inContext(picture, globalSound, 'global.picture');

    const perQuestion = (x: tf.Tensor): tf.Tensor4D => tf.reshape(x, [videos, questions, -1, dim]);
    const streams = [heard, globalSound, sound, seen, perQuestion(kept), perQuestion(guided), globalPicture, picture];
    const { x, mask } = tokensOf(streams, Linear.forward(parameters.words, words), wordMask);
    const mixed = FusionLayer.forward(parameters.layer, { x, streams: { self: x }, masks: { self: mask }, drop: at('layer') }, 1);
    return { logits: Linear.forward(parameters.answer, tf.tanh(tf.mul(meanOfTokens(mixed, mask), question))) as tf.Tensor3D };
  });
}

/** How much each query looks at each position, the mean over heads: [videos, queries, positions]. */
const meanWeights = (parameters: AttentionWeightsParameters, query: tf.Tensor3D, stream: tf.Tensor4D, heads: number): tf.Tensor =>
  tf.mean(AttentionWeights.forward(parameters, { query, streams: [stream] }, { heads }), 2);

export const network: Network<Settings, PstpIntendedParameters> = {
  name: 'pstp-intended',
  settings,
  example: { dim: 8, heads: 2, segments: 2, chosen: 1, patches: 3, dropout: 0 },
  needs: () => ({ video: true, audio: true, text: true }),
  takesTokens: true,

  mistakes: ({ dim, heads, segments, chosen }) => [
    ...(dim % heads === 0 ? [] : [{ path: ['model', 'heads'], expected: `a divisor of model.dim (${dim})` }]),
    ...(chosen < segments
      ? []
      : [{ path: ['model', 'chosen'], expected: `less than model.segments (${segments}): else nothing is selected` }]),
  ],

  remarks: () => ['its selections of segments and patches are never trained: they pass no gradient, as in the paper'],

  initialize({ dim, heads, segments, patches, sizes }, random) {
    const { time, regions } = sizes;
    if (time % segments !== 0) throw new RangeError(`pstp-intended: model.segments is ${segments}, expected a divisor of the ${time} seconds of a video`); // prettier-ignore
    if (patches > regions!) throw new RangeError(`pstp-intended: model.patches is ${patches}, expected at most the ${regions} patches of a frame`); // prettier-ignore
    const linear = (name: string, from: number, to: number) => Linear.initialize({ from, to }, random.fork(name));
    return {
      audio: linear('audio', sizes.audioDim!, dim),
      frames: linear('frames', sizes.frameDim!, dim),
      regions: linear('regions', sizes.regionDim!, dim),
      words: linear('words', sizes.textDim!, dim),
      sentence: linear('sentence', sizes.textDim!, dim),
      segment: linear('segment', 2 * dim, dim),
      segmentChoice: initialValues.attentionWeights({ dim, heads }, random.fork('segmentChoice')),
      patchChoice: initialValues.attentionWeights({ dim, heads }, random.fork('patchChoice')),
      guided: AttendedStream.initialize({ dim, heads }, random.fork('guided')),
      global: FusionLayer.initialize({ dim, heads: 1, streams: ['other', 'self'] }, random.fork('global')),
      layer: FusionLayer.initialize({ dim, heads: 1, streams: ['self'] }, random.fork('layer')),
      answer: linear('answer', dim, sizes.answers),
    };
  },

  forward: (parameters, batch, config, { training }) =>
    pstpIntended(parameters, batch, config, training && DropoutSource.fromSeed(training.seed)),
};
