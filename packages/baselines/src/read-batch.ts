import type { DataSizes, NetworkBatch } from '@tass/network';
import { expectShape, type tf } from '@tass/tensor';

const axes: Readonly<Record<keyof NetworkBatch, string>> = {
  regions: 'videos time regions regionDim',
  frames: 'videos time frameDim',
  audio: 'videos time audioDim',
  audioPatches: 'videos time audioPatches audioPatchDim',
  sentence: 'videos questions textDim',
  prompt: 'videos questions textDim',
  words: 'videos questions words textDim',
  wordIds: 'videos questions words',
  wordMask: 'videos questions words',
};

export interface LearnedQuestionBatch {
  readonly regions: tf.Tensor4D; // [videos, time, regions, regionDim]
  readonly audio: tf.Tensor3D; // [videos, time, audioDim]
  readonly wordIds: tf.Tensor3D; // int32 [videos, questions, words]
}

/** What a network with a learned question reads. Throws RangeError for what is missing, and ShapeError. */
export function readBatch(speaker: string, batch: NetworkBatch, { time, regionDim, audioDim }: DataSizes): LearnedQuestionBatch {
  return read(speaker, batch, ['regions', 'audio', 'wordIds'], { time, regionDim, audioDim });
}

export type EncodedQuestionBatch = Omit<Required<NetworkBatch>, 'wordIds' | 'prompt' | 'audioPatches'>;

/** What a network with a question from a text encoder reads. Throws RangeError for what is missing, and ShapeError. */
export function readEncodedBatch(speaker: string, batch: NetworkBatch, sizes: DataSizes): EncodedQuestionBatch {
  const { time, regions, regionDim, frameDim, audioDim, textDim } = sizes;
  const names = ['regions', 'frames', 'audio', 'sentence', 'words', 'wordMask'] as const;
  return read(speaker, batch, names, { time, regions, regionDim, frameDim, audioDim, textDim });
}

/** The question as a declaration, [videos, questions, textDim]. Throws RangeError where it is missing, and ShapeError. */
export function readPrompt(speaker: string, batch: NetworkBatch, { textDim }: DataSizes): tf.Tensor3D {
  return read(speaker, batch, ['prompt', 'sentence'], { textDim }).prompt;
}

/** Patches of each segment's sound, [videos, time, audioPatches, audioPatchDim]. Throws RangeError where they are missing, and ShapeError. */
export function readAudioPatches(speaker: string, batch: NetworkBatch, sizes: DataSizes): tf.Tensor4D {
  const { audioPatches, audioPatchDim } = sizes;
  return read(speaker, batch, ['audio', 'audioPatches'], { audioPatches, audioPatchDim }).audioPatches;
}

/** The inputs of those names, whose axes have the given sizes; other axes have one size in all inputs. */
function read<Name extends keyof NetworkBatch>(
  speaker: string,
  batch: NetworkBatch,
  names: readonly Name[],
  sizes: Partial<DataSizes>,
): Required<Pick<NetworkBatch, Name>> {
  const expected = `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
  for (const name of names)
    if (batch[name] === undefined) throw new RangeError(`${speaker}: the batch has no ${name}, expected ${expected}`);
  const inputs = Object.fromEntries(names.map((name) => [name, batch[name]])) as unknown as Record<Name, tf.Tensor>;
  const axesOfInputs = Object.fromEntries(names.map((name) => [name, axes[name]])) as Record<Name, string>;
  expectShape(speaker, inputs, axesOfInputs, sizes as Record<string, number>);
  return inputs as unknown as Required<Pick<NetworkBatch, Name>>;
}
