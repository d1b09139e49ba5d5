import type { Network, NetworkBatch, NetworkConfig, NetworkOutputs } from '@tass/network';
import { type AttentionWeightsParameters, type LinearParameters, AttentionWeights, DropoutSource, Linear, Random, batchedMatMul, tf } from '@tass/tensor'; // prettier-ignore
import { z } from 'zod';
import { AttendedStream, type AttendedStreamParameters } from '../attended-stream';
import { dropAt } from '../feed-forward';
import { FusionLayer, type FusionLayerParameters } from '../fusion-layer';
import { initialValues } from '../initial-values';
import { largest, picked } from '../largest';
import { readEncodedBatch, readPrompt } from '../read-batch';

const settings = z.strictObject({
  selection: z.enum(['prompt', 'uniform', 'random']), // by which seconds are chosen: as published, or a control
  dim: z.int().positive(), // width of every layer; 512
  heads: z.int().positive(), // of the question's and the sound's attention, and of the choice; a divisor of dim; 4. Other layers have one
  chosen: z.int().positive(), // seconds; 10 of 60
  dropout: z.number().min(0).lt(1), // of attention and feed-forward; 0.1
});

type Settings = z.infer<typeof settings>;

interface TspmParameters {
  readonly audio: LinearParameters; // [audioDim] -> [dim]
  readonly frames: LinearParameters; // [frameDim] -> [dim]
  readonly regions: LinearParameters; // [regionDim] -> [dim]
  readonly sentence: LinearParameters; // [textDim] -> [dim]
  /** With `selection: prompt`. Nothing trains it: it decides which seconds have the largest weight, which has no gradient. */
  readonly choice?: { readonly prompt: LinearParameters; readonly attention: AttentionWeightsParameters };
  readonly global: FusionLayerParameters; // of sound and of frames
  readonly patches: FusionLayerParameters; // of a frame
  readonly heard: AttendedStreamParameters; // the sound's attention to the patches
  readonly stream: AttendedStreamParameters; // the question's attention to sound and to patches
  readonly merge: LinearParameters; // [6 * dim] -> [dim]
  readonly answer: LinearParameters; // [dim] -> [answers]
}

/**
 * TSPM (ACM MM 2024) in the form of its public code that runs. a, v, P, q, r: linear maps of sound, frames, patches, sentence and prompt.
 *   L(x, y): x <- LN(x + MHA(x; y) + MHA(x; x)), x <- LN(x + W_2 relu(W_1 x)); a', v' = L(a, v), L(v, a)
 *   the `chosen` seconds of largest weight in MHA(r; v), in order of time
 *   in each: P <- layer of self-attention over its patches; s_t = D(a_t; P), D(x; y) = LN(u + W_2 relu(W_1 u)), u = MHA(x; y)
 *   y_a, y_s = E(q; a chosen), E(q; s), with D's form and one set of weights
 *   logits = W_ans tanh((W_f tanh([y_a; mean a'; mean of a chosen; y_s; mean v'; mean s])) * q)
 * The prompt is the question as a declaration; its authors' 33 are not public, these are ours. The choice passes no gradient, so that its attention keeps
 * its initial values. Hence the controls `uniform`, evenly spaced seconds, and `random`, the same seconds of every video, drawn once.
 * What sounds find in patches is the same for all questions of a video: it is computed, and dropped, once for all seconds where that is less work.
 * Of the choosing attention only what its weights need is held. Throws ShapeError, RangeError.
 */
function tspm(
  parameters: TspmParameters,
  batch: NetworkBatch,
  { selection, dim, heads, chosen, dropout, sizes }: NetworkConfig<Settings>,
  source?: DropoutSource,
): NetworkOutputs {
  return tf.tidy(() => {
    const { regions, frames, audio, sentence } = readEncodedBatch('tspm', batch, sizes);
    const [videos, questions] = sentence.shape;
    const at = (place: string) => dropAt(dropout, source?.fork(place));
    const sound = tf.expandDims(Linear.forward(parameters.audio, audio), 1) as tf.Tensor4D; // [videos, 1, time, dim]
    const picture = tf.expandDims(Linear.forward(parameters.frames, frames), 1) as tf.Tensor4D; // [videos, 1, time, dim]
    const question = Linear.forward(parameters.sentence, sentence); // [videos, questions, dim]

    const inContext = (self: tf.Tensor4D, other: tf.Tensor4D, place: string): tf.Tensor =>
      tf.mean(FusionLayer.forward(parameters.global, { x: self, streams: { other, self }, drop: at(place) }, 1), 2);
    const globalSound = inContext(sound, picture, 'global.audio'); // [videos, 1, dim]
    const globalPicture = inContext(picture, sound, 'global.frames');

    const picks = selection === 'prompt' ? byPrompt(parameters, readPrompt('tspm', batch, sizes), picture, heads, chosen) : always(seconds(selection, chosen, sizes.time), sizes.time, [videos, questions]); // prettier-ignore
    const soundThen = picked(picks, sound) as tf.Tensor4D; // [videos, questions, chosen, dim]
    const attend = (stream: AttendedStreamParameters, asking: tf.Tensor3D, to: tf.Tensor4D, place: string) =>
      AttendedStream.forward(
        stream,
        { question: asking, streams: [to], attentionDrop: at(`${place}.attention`), drop: at(`${place}.feedForward`) },
        heads,
      );
    const spotsOf = (sounds: tf.Tensor3D, ofSounds: tf.Tensor4D): tf.Tensor3D => {
      const patch = Linear.forward(parameters.regions, ofSounds); // [videos, seconds, regions, dim]
      const mixed = FusionLayer.forward(parameters.patches, { x: patch, streams: { self: patch }, drop: at('patches') }, 1);
      return attend(parameters.heard, sounds, mixed, 'heard').fused; // [videos, seconds, dim]
    };
    const chosenOfAll = () => picked(picks, tf.expandDims(spotsOf(tf.squeeze(sound, [1]), regions), 1)) as tf.Tensor4D;
    const ofChosen = (): tf.Tensor4D => {
      const rows = [videos, questions * chosen] as const;
      const regionsThen = picked(picks, tf.expandDims(regions, 1)); // [videos, questions, chosen, regions, regionDim]
      const ofRows = tf.reshape(regionsThen, [...rows, sizes.regions!, sizes.regionDim!]) as tf.Tensor4D;
      return tf.reshape(spotsOf(tf.reshape(soundThen, [...rows, dim]), ofRows), [videos, questions, chosen, dim]);
    };
    const seenThen = questions * chosen < sizes.time ? ofChosen() : chosenOfAll(); // [videos, questions, chosen, dim]

    const onSound = attend(parameters.stream, question, soundThen, 'stream.audio');
    const onPicture = attend(parameters.stream, question, seenThen, 'stream.frames');
    const ofAll = (mean: tf.Tensor): tf.Tensor => tf.broadcastTo(mean, [videos, questions, dim]);
    const together = [onSound.fused, ofAll(globalSound), tf.mean(soundThen, 2), onPicture.fused, ofAll(globalPicture), tf.mean(seenThen, 2)]; // prettier-ignore
    const merged = Linear.forward(parameters.merge, tf.tanh(tf.concat(together, -1)));
    const byHead = { visual: batchedMatMul(onPicture.byHead, picks), audio: batchedMatMul(onSound.byHead, picks) } as Record<'visual' | 'audio', tf.Tensor4D>; // prettier-ignore
    return {
      logits: Linear.forward(parameters.answer, tf.tanh(tf.mul(merged, question))) as tf.Tensor3D,
      attention: { visual: tf.mean(byHead.visual, 2) as tf.Tensor3D, audio: tf.mean(byHead.audio, 2) as tf.Tensor3D },
      attentionByHead: byHead, // 0 at seconds that are not chosen
    };
  });
}

/** The seconds of largest weight in MHA(prompt; frames), the mean over heads: [videos, questions, chosen, time]. */
function byPrompt({ choice }: TspmParameters, prompt: tf.Tensor3D, picture: tf.Tensor4D, heads: number, chosen: number): tf.Tensor {
  const query = Linear.forward(choice!.prompt, prompt);
  return largest(tf.mean(AttentionWeights.forward(choice!.attention, { query, streams: [picture] }, { heads }), 2), chosen);
}

/** The seconds of a control, ascending. */
export function seconds(selection: 'uniform' | 'random', chosen: number, time: number): number[] {
  if (selection === 'uniform') return Array.from({ length: chosen }, (_, i) => Math.floor((i * time) / chosen));
  const drawn = Random.fromSeed(1).fork('seconds of tspm').permutation(time);
  return Array.from(drawn.slice(0, chosen)).sort((a, b) => a - b);
}

const always = (which: readonly number[], time: number, leading: readonly [number, number]): tf.Tensor =>
  tf.tile(tf.reshape(tf.oneHot(tf.tensor1d([...which], 'int32'), time, 1, 0, 'float32'), [1, 1, which.length, time]), [...leading, 1, 1]);

export const network: Network<Settings, TspmParameters> = {
  name: 'tspm',
  settings,
  example: { selection: 'prompt', dim: 8, heads: 2, chosen: 2, dropout: 0 },
  needs: ({ selection }) => ({ video: true, audio: true, text: true, prompt: selection === 'prompt' }),
  takesTokens: true, // it reads the sentence alone
  mistakes: ({ dim, heads }) => (dim % heads === 0 ? [] : [{ path: ['model', 'heads'], expected: `a divisor of model.dim (${dim})` }]),
  remarks: ({ selection }) => (selection === 'prompt' ? ['its prompts are not its authors\', which are not public; what chooses seconds by them is never trained, as published'] : []), // prettier-ignore

  initialize({ selection, dim, heads, chosen, sizes }, random) {
    if (chosen >= sizes.time) throw new RangeError(`tspm: model.chosen is ${chosen}, expected less than the ${sizes.time} seconds of a video: else nothing is chosen`); // prettier-ignore
    const linear = (name: string, from: number, to: number) => Linear.initialize({ from, to }, random.fork(name));
    const layer = (name: string, ...streams: string[]) => FusionLayer.initialize({ dim, heads: 1, streams }, random.fork(name));
    const choice = () => ({
      prompt: linear('choice.prompt', sizes.textDim!, dim),
      attention: initialValues.attentionWeights({ dim, heads }, random.fork('choice.attention')),
    });
    return {
      audio: linear('audio', sizes.audioDim!, dim),
      frames: linear('frames', sizes.frameDim!, dim),
      regions: linear('regions', sizes.regionDim!, dim),
      sentence: linear('sentence', sizes.textDim!, dim),
      ...(selection === 'prompt' ? { choice: choice() } : {}),
      global: layer('global', 'other', 'self'),
      patches: layer('patches', 'self'),
      heard: AttendedStream.initialize({ dim, heads }, random.fork('heard')),
      stream: AttendedStream.initialize({ dim, heads }, random.fork('stream')),
      merge: linear('merge', 6 * dim, dim),
      answer: linear('answer', dim, sizes.answers),
    };
  },

  forward: (parameters, batch, config, { training }) => tspm(parameters, batch, config, training && DropoutSource.fromSeed(training.seed)),
};
