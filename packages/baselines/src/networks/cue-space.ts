import type { Network, NetworkBatch, NetworkConfig, NetworkOutputs } from '@tass/network';
import { type LayerNormParameters, type LinearParameters, type MultiHeadAttentionParameters, DropoutSource, LayerNorm, Linear, MultiHeadAttention, tf } from '@tass/tensor'; // prettier-ignore
import { z } from 'zod';
import { type Branch, CueSlots, type CueSlotsParameters, slotMask } from '../cue-space/cue-slots';
import { RoutedExperts, type RoutedExpertsParameters } from '../cue-space/routed-experts';
import { FeedForward, type FeedForwardParameters, dropAt, dropped } from '../feed-forward';
import { FramePatches, type FramePatchesParameters } from '../frame-patches';
import { FusionLayer, type FusionLayerParameters } from '../fusion-layer';
import { initialValues } from '../initial-values';
import { readEncodedBatch, readAudioPatches } from '../read-batch';

const settings = z.strictObject({
  audioPatches: z.boolean(), // are patches of sound read, as published; false: a second of sound is its vector alone
  dim: z.int().positive(), // width of every layer; 512
  heads: z.int().positive(), // of every attention; a divisor of dim; 8
  experts: z.int().positive(), // 7
  dropout: z.number().min(0).lt(1), // 0.1
});

type Settings = z.infer<typeof settings>;

interface CueSpaceParameters {
  readonly audio: LinearParameters; // [audioDim] -> [dim]
  readonly frames: LinearParameters; // [frameDim] -> [dim]
  readonly regions: LinearParameters; // [regionDim] -> [dim]
  readonly audioPatches?: LinearParameters; // [audioPatchDim] -> [dim]
  readonly words: LinearParameters; // [textDim] -> [dim]
  readonly sentence: { readonly map: LinearParameters; readonly norm: LayerNormParameters }; // [textDim] -> [dim]
  readonly audioLayer: FusionLayerParameters;
  readonly framesLayer: FusionLayerParameters;
  readonly regionReader: PatchesParameters;
  readonly audioPatchReader?: PatchesParameters;
  readonly audioExperts: RoutedExpertsParameters;
  readonly framesExperts: RoutedExpertsParameters;
  readonly sharedExperts: RoutedExpertsParameters; // of sound and of frames
  readonly shared: FeedForwardParameters; // [2 * dim] -> [4 * dim] -> [dim]
  readonly slots: CueSlotsParameters;
  readonly reader: {
    readonly attention: MultiHeadAttentionParameters;
    readonly map: FeedForwardParameters;
    readonly norm: LayerNormParameters;
  };
  readonly answer: LinearParameters; // [dim] -> [answers]
}
interface PatchesParameters extends FramePatchesParameters {
  readonly norm: LayerNormParameters;
}

/**
 * CueSpace (2026) from a description of its public code, which has no training. a, v, P, w: linear maps of sound, frames, patches of both and words;
 * q = LN(W sentence).
 *   for x = a, v, each with layers of its own: x' = LN(x + MHA(x; x) + MHA(x; w)), x' <- LN(x' + W_2 relu(W_1 x'))
 *   p^x = LN of what x'_t reads of its patches: `FramePatches`; X = x' + experts(q, x'; x' + p^x): `RoutedExperts`
 *   A_s, V_s = a + experts(a; a + p^v), v + experts(v; v + p^a), one set of experts, chosen without the question; S_t = W_4 relu(W_3 [A_s,t; V_s,t])
 *   slots, from w, collect from A and S, from S and V, and from A, V and S: `CueSlots`
 *   logits = W relu(LN(q + W_6 relu(W_5 MHA(q; slots))))
 * [our reading] The shared branch takes the patches as the other modality has read them, and has one set of experts; dropout as in QA-TIGER;
 * PyTorch's initial values. Its training is ours: QA-TIGER's. Published figures come with AST, with 12 patches of each second, which no
 * encoder here makes: without them (`audioPatches: false`, ours) x' + p is x'. Words are all 77 tokens of the text tower, padding included:
 * `features.words=hidden`; of other words padding takes no part. Throws ShapeError, RangeError.
 */
function cueSpace(
  parameters: CueSpaceParameters,
  batch: NetworkBatch,
  { audioPatches, heads, dropout, sizes }: NetworkConfig<Settings>,
  source?: DropoutSource,
): NetworkOutputs {
  return tf.tidy(() => {
    const { regions, frames, audio, sentence, words, wordMask } = readEncodedBatch('cue-space', batch, sizes);
    const at = (place: string) => dropAt(dropout, source?.fork(place));
    const sound = tf.expandDims(Linear.forward(parameters.audio, audio), 1) as tf.Tensor4D; // [videos, 1, time, dim]
    const picture = tf.expandDims(Linear.forward(parameters.frames, frames), 1) as tf.Tensor4D; // [videos, 1, time, dim]
    const asked = Linear.forward(parameters.words, words); // [videos, questions, words, dim]
    const question = LayerNorm.forward(parameters.sentence.norm, Linear.forward(parameters.sentence.map, sentence)); // [videos, questions, dim]

    const told = (layer: FusionLayerParameters, x: tf.Tensor4D, place: string): tf.Tensor4D =>
      FusionLayer.forward(layer, { x, streams: { self: x, words: asked }, masks: { words: wordMask }, drop: at(place) }, heads);
    const [heard, seen] = [told(parameters.audioLayer, sound, 'audioLayer'), told(parameters.framesLayer, picture, 'framesLayer')]; // each [videos, questions, time, dim]
    const readBy = (by: tf.Tensor4D, patches: tf.Tensor4D, { norm, ...layers }: PatchesParameters, place: string): tf.Tensor4D => {
      const [read] = FramePatches.forward(layers, { patches, queries: [by] }, { heads, at: (within) => at(`${place}.${within}`) });
      return LayerNorm.forward(norm, read);
    };
    const ofPicture = readBy(seen, Linear.forward(parameters.regions, regions), parameters.regionReader, 'regionReader');
    const ofSound = audioPatches && readBy(heard, Linear.forward(parameters.audioPatches!, readAudioPatches('cue-space', batch, sizes)), parameters.audioPatchReader!, 'audioPatchReader'); // prettier-ignore

    const mix = (experts: RoutedExpertsParameters, stream: tf.Tensor4D, patches: tf.Tensor4D | false, place?: string): tf.Tensor4D => {
      const values = patches ? (tf.add(stream, patches) as tf.Tensor4D) : stream;
      return tf.add(
        stream,
        RoutedExperts.forward(experts, { question, stream, values, heads, attentionDrop: place === undefined ? undefined : at(place) }),
      );
    };
    const inShared = [mix(parameters.sharedExperts, sound, ofPicture), mix(parameters.sharedExperts, picture, ofSound)];
    const perQuestion = inShared.map((x) => tf.broadcastTo(x, heard.shape)); // of 1 question where nothing depends on it
    const branches: Readonly<Record<Branch, tf.Tensor4D>> = {
      sound: mix(parameters.audioExperts, heard, ofSound, 'audioExperts'),
      picture: mix(parameters.framesExperts, seen, ofPicture, 'framesExperts'),
      shared: FeedForward.forward(parameters.shared, tf.concat(perQuestion, -1) as tf.Tensor4D),
    };
    const ofSlots = { heads, at: (place: string) => at(`slots.${place}`) };
    const slots = CueSlots.forward(parameters.slots, { words: asked, branches }, ofSlots);
    const { attention, map, norm } = parameters.reader;
    const present = slotMask(wordMask);
    const { output } = MultiHeadAttention.forward(
      attention,
      { query: question, streams: [slots], mask: present, dropout: at('reader') },
      { heads },
    );
    const read = dropped(FeedForward.forward(map, output), at('reader.output'));
    const fused = LayerNorm.forward(norm, tf.add(question, read) as tf.Tensor3D);
    return { logits: Linear.forward(parameters.answer, tf.relu(fused)) };
  });
}

export const network: Network<Settings, CueSpaceParameters> = {
  name: 'cue-space',
  settings,
  example: { audioPatches: true, dim: 8, heads: 2, experts: 3, dropout: 0 }, // without has a spec of its own
  needs: ({ audioPatches }) => ({ video: true, audio: true, audioPatches, text: true }),
  takesTokens: true,

  mistakes: ({ dim, heads }) => [
    ...(dim % heads === 0 ? [] : [{ path: ['model', 'heads'], expected: `a divisor of model.dim (${dim})` }]),
    ...(dim % 2 === 0 ? [] : [{ path: ['model', 'dim'], expected: 'an even number: half of it inside of each expert' }]),
  ],
  remarks: ({ audioPatches }) => [
    'its training is ours, as its authors published none; where the description of its code leaves a choice, the choice is ours',
    ...(audioPatches ? [] : ['without the patches of sound that its authors read']),
  ],

  initialize({ audioPatches, dim, heads, experts, sizes }, random) {
    const linear = (name: string, from: number, to = dim) => Linear.initialize({ from, to }, random.fork(name));
    const norm = () => LayerNorm.initialize({ dim });
    const layer = (name: string) => FusionLayer.initialize({ dim, heads, streams: ['self', 'words'] }, random.fork(name));
    const patches = (name: string): PatchesParameters => ({ ...FramePatches.initialize({ dim, heads }, random.fork(name)), norm: norm() });
    const mixture = (name: string, asked: boolean) => RoutedExperts.initialize({ dim, heads, experts, asked }, random.fork(name));
    return {
      audio: linear('audio', sizes.audioDim!),
      frames: linear('frames', sizes.frameDim!),
      regions: linear('regions', sizes.regionDim!),
      ...(audioPatches ? { audioPatches: linear('audioPatches', sizes.audioPatchDim!) } : {}),
      words: linear('words', sizes.textDim!),
      sentence: { map: linear('sentence', sizes.textDim!), norm: norm() },
      audioLayer: layer('audioLayer'),
      framesLayer: layer('framesLayer'),
      regionReader: patches('regionReader'),
      ...(audioPatches ? { audioPatchReader: patches('audioPatchReader') } : {}),
      audioExperts: mixture('audioExperts', true),
      framesExperts: mixture('framesExperts', true),
      sharedExperts: mixture('sharedExperts', false),
      shared: FeedForward.initialize({ from: 2 * dim, dim: 4 * dim, to: dim }, random.fork('shared')),
      slots: CueSlots.initialize({ dim, heads }, random.fork('slots')),
      reader: {
        attention: initialValues.attention({ dim, heads }, random.fork('reader.attention')),
        map: FeedForward.initialize({ from: dim, dim: dim / 2, to: dim }, random.fork('reader.map')),
        norm: norm(),
      },
      answer: linear('answer', dim, sizes.answers),
    };
  },

  forward: (parameters, batch, config, { training }) =>
    cueSpace(parameters, batch, config, training && DropoutSource.fromSeed(training.seed)),
};
