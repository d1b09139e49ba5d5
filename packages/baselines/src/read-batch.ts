import type { DataSizes, NetworkBatch } from '@tass/network';
import { expectShape, type tf } from '@tass/tensor';

export interface LearnedQuestionBatch {
  readonly regions: tf.Tensor4D; // [videos, time, regions, regionDim]
  readonly audio: tf.Tensor3D; // [videos, time, audioDim]
  readonly wordIds: tf.Tensor3D; // int32 [videos, questions, words]
}

/** What a network with a learned question reads. Throws RangeError for what is missing, and ShapeError. */
export function readBatch(
  speaker: string,
  { regions, audio, wordIds }: NetworkBatch,
  { time, regionDim, audioDim }: DataSizes,
): LearnedQuestionBatch {
  const given = { regions, audio, wordIds };
  for (const [name, tensor] of Object.entries(given))
    if (tensor === undefined) throw new RangeError(`${speaker}: the batch has no ${name}, expected regions, audio and wordIds`);
  const batch = given as LearnedQuestionBatch;
  const axes = { regions: 'videos time regions regionDim', audio: 'videos time audioDim', wordIds: 'videos questions words' };
  expectShape(speaker, { ...batch }, axes, { time, regionDim: regionDim!, audioDim: audioDim! });
  return batch;
}
