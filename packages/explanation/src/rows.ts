import { ANSWERS, type Question } from '@tass/dataset-music-avqa';
import { loadBatch, type BatchSource, type LoadedBatch } from '@tass/experiment';
import type { NetworkBatch } from '@tass/network';
import { tf } from '@tass/tensor';

/** A batch in which each question has its own copy of its video. The caller disposes of it. */
export function loadRows(questions: readonly Question[], source: BatchSource): LoadedBatch {
  const batch = {
    videoIds: questions.map(({ videoId }) => videoId),
    questionsPerVideo: 1,
    questionIndex: Int32Array.from(questions, (_, at) => at),
  };
  return loadBatch(batch, questions, source);
}

const eachTensor = (batch: NetworkBatch, change: (tensor: tf.Tensor) => tf.Tensor): NetworkBatch =>
  Object.fromEntries(Object.entries(batch).map(([name, tensor]) => [name, change(tensor)])) as unknown as NetworkBatch;

export const rowOf = (batch: NetworkBatch, row: number): NetworkBatch => eachTensor(batch, (tensor) => tf.slice(tensor, row, 1));

/** A batch of one video, `times` times, unless there are as many already. */
export const repeated = (batch: NetworkBatch, times: number): NetworkBatch =>
  eachTensor(batch, (tensor) => (tensor.shape[0] === times ? tensor : tf.tile(tensor, [times, ...tensor.shape.slice(1).map(() => 1)])));

/** Concatenates batches of the same features. */
export const joined = (batches: readonly NetworkBatch[]): NetworkBatch =>
  Object.fromEntries(
    Object.keys(batches[0]).map((name) => [
      name,
      tf.concat(
        batches.map((batch) => batch[name as keyof NetworkBatch] as tf.Tensor),
        0,
      ),
    ]),
  ) as unknown as NetworkBatch;

/** Copies of the rows of probabilities [videos, 1, answers]. */
export function answersByRow(probabilities: tf.Tensor): Float32Array[] {
  const values = probabilities.dataSync() as Float32Array;
  return Array.from({ length: values.length / ANSWERS.length }, (_, row) => values.slice(row * ANSWERS.length, (row + 1) * ANSWERS.length));
}

/** `tf.tidy` for values of declared types: their tensors stay, all others are freed. */
export const tidied = <Value extends object | undefined>(work: () => Value): Value => tf.tidy(work as () => tf.TensorContainer) as Value;
