import type { tf } from '@tass/tensor';

/** What a network may read; what it does read is in `needs`. Padding questions and words are masked, their values are free. */
export interface NetworkBatch {
  readonly regions?: tf.Tensor4D; // [videos, time, regions, regionDim]
  readonly frames?: tf.Tensor3D; // [videos, time, frameDim]
  readonly audio?: tf.Tensor3D; // [videos, time, audioDim]
  readonly sentence?: tf.Tensor3D; // [videos, questions, textDim]
  readonly prompt?: tf.Tensor3D; // [videos, questions, textDim], the question as a declaration
  readonly words?: tf.Tensor4D; // [videos, questions, words, textDim]
  readonly wordIds?: tf.Tensor3D; // int32 [videos, questions, words], where no text features are read; 0 is padding
  readonly wordMask: tf.Tensor3D; // [videos, questions, words], 1 then 0
}

export interface NetworkLabels {
  readonly answers: tf.Tensor2D; // int32 [videos, questions]
  readonly mask: tf.Tensor2D; // [videos, questions], 1 or 0; a question under 0 counts nowhere
}
