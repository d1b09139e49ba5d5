import {
  type Intervention,
  type Network,
  type NetworkBatch,
  type NetworkConfig,
  type NetworkOutputs,
  attentionChange,
} from '@tass/network';
import { type LayerNormParameters, type LinearParameters, type MultiHeadAttentionParameters, type Random, DropoutSource, LayerNorm, Linear, MultiHeadAttention, tf } from '@tass/tensor'; // prettier-ignore
import { z } from 'zod';
import { type Drop, FeedForward, type FeedForwardParameters, dropAt, dropped } from '../feed-forward';
import { FramePatches, type FramePatchesParameters } from '../frame-patches';
import { FusionLayer, type FusionLayerParameters } from '../fusion-layer';
import { GaussianExperts, type GaussianExpertsParameters } from '../gaussian-experts';
import { initialValues } from '../initial-values';
import { readEncodedBatch } from '../read-batch';

const settings = z.strictObject({
  gather: z.enum(['published', 'fixed']), // by whose experts a second is read: as the public code, another question's, or its own
  dim: z.int().positive(), // width of every layer; 512
  heads: z.int().positive(), // of every attention; a divisor of dim; 8
  experts: z.int().positive(), // 7
  kept: z.int().positive(), // experts of largest share that a question keeps; 7
  dropout: z.number().min(0).lt(1), // 0.1
});

type Settings = z.infer<typeof settings>;

interface QaTigerParameters {
  readonly audio: LinearParameters; // [audioDim] -> [dim]
  readonly frames: LinearParameters; // [frameDim] -> [dim]
  readonly regions: LinearParameters; // [regionDim] -> [dim]
  readonly words: LinearParameters; // [textDim] -> [dim]
  readonly sentence: LinearParameters; // [textDim] -> [dim]
  readonly cross: FusionLayerParameters; // of sound and of frames
  readonly patches: PatchesParameters;
  readonly audioExperts: GaussianExpertsParameters;
  readonly visualExperts: GaussianExpertsParameters;
  readonly audioNorm: LayerNormParameters;
  readonly patchesOfAudioNorm: LayerNormParameters;
  readonly patchesOfFramesNorm: LayerNormParameters;
  readonly grounding: GroundingParameters;
  readonly answer: LinearParameters; // [dim] -> [answers]
}
interface PatchesParameters extends FramePatchesParameters {
  readonly audioNorm: LayerNormParameters;
  readonly framesNorm: LayerNormParameters;
}
interface GroundingParameters {
  readonly attention: MultiHeadAttentionParameters;
  readonly map: FeedForwardParameters; // [dim] -> [dim / 2] -> [dim]
  readonly norm: LayerNormParameters;
}

/**
 * QA-TIGER (CVPR 2025) as its public code computes it. a, v, P, w, q: linear maps of sound, frames, patches, words and sentence.
 *   C(x, y): x <- LN(x + MHA(x; x) + MHA(x; y) + MHA(x; w)), x <- LN(x + W_2 relu(W_1 x)); a', v' = C(a, v), C(v, a)
 *   P <- P + MHA(P; P) in each frame; p^x_t = LN(W_2 relu(W_1 MHA(x'_t; P_t))) for x = a, v
 *   A = LN(G_a(q, a'; a')); B_a, B_v = LN(G_v(q, v'; v' + p^a)), LN(G_v(q, v'; v' + p^v)); G: `GaussianExperts`
 *   F(q, tokens) = LN(mean of tokens + W_2 relu(W_1 MHA(q; tokens))); f = F(q, [B_a, B_v]), f <- F(q, [f, A]); logits = W relu(f)
 * `gather: published` has a fault of the public code: an answer depends on the other questions of the batch, and on their number (`GaussianExperts`).
 * Its words are all 77 tokens of the text tower behind the last LayerNorm, padding included: `features.words=hidden`. Other words of the store do as well;
 * then padding words take no part. Its regions are 14 merged tokens of another encoder; here any.
 * What does not depend on the question is computed, and dropped, once for a video. Throws ShapeError, RangeError.
 */
function qaTiger(
  parameters: QaTigerParameters,
  batch: NetworkBatch,
  { dropout: rate, sizes, ...config }: NetworkConfig<Settings>,
  source?: DropoutSource,
  intervention?: Intervention,
): NetworkOutputs {
  return tf.tidy(() => {
    const { heads } = config;
    const { regions, frames, audio, sentence, words, wordMask } = readEncodedBatch('qa-tiger', batch, sizes);
    const at = (place: string) => dropAt(rate, source?.fork(place));
    const sound = tf.expandDims(Linear.forward(parameters.audio, audio), 1) as tf.Tensor4D; // [videos, 1, time, dim]
    const picture = tf.expandDims(Linear.forward(parameters.frames, frames), 1) as tf.Tensor4D; // [videos, 1, time, dim]
    const asked = Linear.forward(parameters.words, words); // [videos, questions, words, dim]
    const question = Linear.forward(parameters.sentence, sentence); // [videos, questions, dim]

    const cross = (self: tf.Tensor4D, other: tf.Tensor4D, place: string): tf.Tensor4D =>
      FusionLayer.forward(
        parameters.cross,
        { x: self, streams: { self, other, words: asked }, masks: { words: wordMask }, drop: at(place) },
        heads,
      );
    const [heard, seen] = [cross(sound, picture, 'cross.audio'), cross(picture, sound, 'cross.frames')]; // each [videos, questions, time, dim]
    const patch = Linear.forward(parameters.regions, regions); // [videos, time, regions, dim]
    const ofPatches = { heads, at: (place: string) => at(`patches.${place}`) };
    const [readBySound, readByFrames] = FramePatches.forward(parameters.patches, { patches: patch, queries: [heard, seen] }, ofPatches); // each [videos, questions, time, dim]
    const ofSound = LayerNorm.forward(parameters.patches.audioNorm, readBySound);
    const ofFrames = LayerNorm.forward(parameters.patches.framesNorm, readByFrames);

    const experts = (of: GaussianExpertsParameters, stream: tf.Tensor4D, values: tf.Tensor4D[], place: string) =>
      GaussianExperts.forward(of, { question, stream, values, attentionDrop: at(place), change: attentionChange(intervention) }, config);
    const onSound = experts(parameters.audioExperts, heard, [heard], 'audioExperts');
    const onFrames = experts(parameters.visualExperts, seen, [ofSound, ofFrames].map((p) => tf.add(seen, p)), 'visualExperts'); // prettier-ignore
    const sounds = LayerNorm.forward(parameters.audioNorm, onSound.results[0]); // [videos, questions, dim]
    const patchesOfSound = LayerNorm.forward(parameters.patchesOfAudioNorm, onFrames.results[0]);
    const patchesOfFrames = LayerNorm.forward(parameters.patchesOfFramesNorm, onFrames.results[1]);

    const ground = (tokens: tf.Tensor3D[], place: string) => grounded(parameters.grounding, question, tokens, heads, (name) => at(`${place}.${name}`)); // prettier-ignore
    const fused = ground([ground([patchesOfSound, patchesOfFrames], 'first'), sounds], 'second');
    const byHead = { visual: onFrames.weights, audio: onSound.weights };
    return {
      logits: Linear.forward(parameters.answer, tf.relu(fused)) as tf.Tensor3D,
      attention: { visual: inTime(byHead.visual), audio: inTime(byHead.audio) },
      attentionByHead: byHead,
    };
  });
}

type DropAt = (place: string) => Drop | undefined;

/** LN(mean of tokens + W_2 relu(W_1 MHA(q; tokens))); tokens [videos, questions, dim] each. */
function grounded(
  { attention, map, norm }: GroundingParameters,
  question: tf.Tensor3D,
  tokens: readonly tf.Tensor3D[],
  heads: number,
  at: DropAt,
): tf.Tensor3D {
  const stream = tf.stack([...tokens], 2) as tf.Tensor4D; // [videos, questions, tokens, dim]
  const { output } = MultiHeadAttention.forward(attention, { query: question, streams: [stream], dropout: at('attention') }, { heads });
  return LayerNorm.forward(norm, tf.add(tf.mean(stream, 2), dropped(FeedForward.forward(map, output), at('output'))) as tf.Tensor3D);
}

/** The mean over experts, as shares: [videos, questions, time]. */
function inTime(weights: tf.Tensor4D): tf.Tensor3D {
  const mean = tf.mean(weights, 2);
  return tf.div(mean, tf.sum(mean, -1, true)) as tf.Tensor3D;
}

export const network: Network<Settings, QaTigerParameters> = {
  name: 'qa-tiger',
  settings,
  example: { gather: 'fixed', dim: 8, heads: 2, experts: 3, kept: 2, dropout: 0 }, // published has a spec of its own
  needs: () => ({ video: true, audio: true, text: true }),
  takesTokens: true,
  interventions: () => ['uniform-attention', 'swapped-attention'],

  mistakes: ({ dim, heads, experts, kept }) => [
    ...(dim % heads === 0 ? [] : [{ path: ['model', 'heads'], expected: `a divisor of model.dim (${dim})` }]),
    ...(dim % 2 === 0 ? [] : [{ path: ['model', 'dim'], expected: 'an even number: half of it inside of each expert' }]),
    ...(kept <= experts ? [] : [{ path: ['model', 'kept'], expected: `at most model.experts (${experts})` }]),
  ],

  remarks: ({ gather }) =>
    gather === 'published'
      ? ['as its public code: an answer depends on the other questions of the batch, by whose experts its seconds are read']
      : [],

  initialize({ dim, heads, experts, sizes }, random) {
    const linear = (name: string, from: number, to: number) => initialValues.kaiming({ from, to }, random.fork(name));
    const norm = () => LayerNorm.initialize({ dim });
    const mixture = (name: string) => GaussianExperts.initialize({ dim, heads, experts }, random.fork(name));
    return {
      audio: linear('audio', sizes.audioDim!, dim),
      frames: linear('frames', sizes.frameDim!, dim),
      regions: linear('regions', sizes.regionDim!, dim),
      words: linear('words', sizes.textDim!, dim),
      sentence: linear('sentence', sizes.textDim!, dim),
      cross: FusionLayer.initialize(
        { dim, heads, streams: ['self', 'other', 'words'], linear: initialValues.kaiming },
        random.fork('cross'),
      ),
      patches: {
        self: initialValues.attention({ dim, heads }, random.fork('patches.self')),
        attention: initialValues.attention({ dim, heads }, random.fork('patches.attention')),
        map: narrowMap(dim, random.fork('patches.map')),
        audioNorm: norm(),
        framesNorm: norm(),
      },
      audioExperts: mixture('audioExperts'),
      visualExperts: mixture('visualExperts'),
      audioNorm: norm(),
      patchesOfAudioNorm: norm(),
      patchesOfFramesNorm: norm(),
      grounding: {
        attention: initialValues.attention({ dim, heads }, random.fork('grounding.attention')),
        map: narrowMap(dim, random.fork('grounding.map')),
        norm: norm(),
      },
      answer: linear('answer', dim, sizes.answers),
    };
  },

  forward: (parameters, batch, config, { training, intervention }) =>
    qaTiger(parameters, batch, config, training && DropoutSource.fromSeed(training.seed), intervention),
};

const narrowMap = (dim: number, random: Random): FeedForwardParameters =>
  FeedForward.initialize({ from: dim, dim: dim / 2, to: dim, linear: initialValues.kaiming }, random);
