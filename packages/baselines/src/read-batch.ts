import type { DataSizes, NetworkBatch } from '@tass/network';
import { expectShape, type tf } from '@tass/tensor';

export interface LearnedQuestionBatch {
  readonly regions: tf.Tensor4D; // [videos, time, regions, regionDim]
  readonly audio: tf.Tensor3D; // [videos, time, audioDim]
  readonly wordIds: tf.Tensor3D; // int32 [videos, questions, words]
}

/** What a network with a learned question reads. Throws RangeError for what is missing, and ShapeError. */
export function readBatch(speaker: string, batch: NetworkBatch, { time, regionDim, audioDim }: DataSizes): LearnedQuestionBatch {
  const read = expectThere(speaker, batch, ['regions', 'audio', 'wordIds']);
  const axes = { regions: 'videos time regions regionDim', audio: 'videos time audioDim', wordIds: 'videos questions words' };
  expectShape(speaker, read, axes, { time, regionDim: regionDim!, audioDim: audioDim! });
  return read;
}

export type EncodedQuestionBatch = Omit<Required<NetworkBatch>, 'wordIds' | 'prompt' | 'audioPatches'>;

/** What a network with a question from a text encoder reads. Throws RangeError for what is missing, and ShapeError. */
export function readEncodedBatch(speaker: string, batch: NetworkBatch, sizes: DataSizes): EncodedQuestionBatch {
  const read = expectThere(speaker, batch, ['regions', 'frames', 'audio', 'sentence', 'words', 'wordMask']);
  const axes = {
    regions: 'videos time regions regionDim',
    frames: 'videos time frameDim',
    audio: 'videos time audioDim',
    sentence: 'videos questions textDim',
    words: 'videos questions words textDim',
    wordMask: 'videos questions words',
  };
  const { time, regions, regionDim, frameDim, audioDim, textDim } = sizes;
  expectShape(speaker, read, axes, { time, regions: regions!, regionDim: regionDim!, frameDim: frameDim!, audioDim: audioDim!, textDim: textDim! }); // prettier-ignore
  return read;
}

/** The question as a declaration, [videos, questions, textDim]. Throws RangeError where it is missing, and ShapeError. */
export function readPrompt(speaker: string, batch: NetworkBatch, { textDim }: DataSizes): tf.Tensor3D {
  const { prompt, sentence } = expectThere(speaker, batch, ['prompt', 'sentence']);
  const axes = { sentence: 'videos questions textDim', prompt: 'videos questions textDim' };
  expectShape(speaker, { sentence, prompt }, axes, { textDim: textDim! });
  return prompt;
}

/** Patches of each segment's sound, [videos, time, audioPatches, audioPatchDim]. Throws RangeError where they are missing, and ShapeError. */
export function readAudioPatches(speaker: string, batch: NetworkBatch, sizes: DataSizes): tf.Tensor4D {
  const { audio, audioPatches } = expectThere(speaker, batch, ['audio', 'audioPatches']);
  const axes = { audio: 'videos time audioDim', audioPatches: 'videos time audioPatches audioPatchDim' };
  expectShape(speaker, { audio, audioPatches }, axes, { audioPatches: sizes.audioPatches!, audioPatchDim: sizes.audioPatchDim! });
  return audioPatches;
}

function expectThere<Name extends keyof NetworkBatch>(
  speaker: string,
  batch: NetworkBatch,
  names: readonly Name[],
): Required<Pick<NetworkBatch, Name>> {
  const expected = `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
  for (const name of names)
    if (batch[name] === undefined) throw new RangeError(`${speaker}: the batch has no ${name}, expected ${expected}`);
  return Object.fromEntries(names.map((name) => [name, batch[name]])) as Required<Pick<NetworkBatch, Name>>;
}
