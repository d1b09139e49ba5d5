import type { tf } from '@tass/tensor';

/**
 * Everything that a network may read; `needs` lists what it does read. Padding questions and words are masked, and their values are
 * arbitrary.
 */
export interface NetworkBatch {
  readonly regions?: tf.Tensor4D; // [videos, time, regions, regionDim]
  readonly frames?: tf.Tensor3D; // [videos, time, frameDim]
  readonly audio?: tf.Tensor3D; // [videos, time, audioDim]
  readonly audioPatches?: tf.Tensor4D; // [videos, time, audioPatches, audioPatchDim]
  readonly sentence?: tf.Tensor3D; // [videos, questions, textDim]
  readonly prompt?: tf.Tensor3D; // [videos, questions, textDim], the question as a declaration
  readonly words?: tf.Tensor4D; // [videos, questions, words, textDim]
  readonly wordIds?: tf.Tensor3D; // int32 [videos, questions, words], if no text features are read; 0 is padding
  readonly wordMask: tf.Tensor3D; // [videos, questions, words], 1 then 0
}

export interface NetworkLabels {
  readonly answers: tf.Tensor2D; // int32 [videos, questions]
  readonly mask: tf.Tensor2D; // [videos, questions], 1 or 0; a question with 0 never counts
}
