import { MASKED, batchLabels, batchWords, type Batch, type Question, type Vocabulary } from '@tass/dataset-music-avqa';
import type { NeededFeatures, NetworkBatch, NetworkLabels } from '@tass/network';
import { tensorFromHalves, tf } from '@tass/tensor';
import type { FeatureStore } from '@tass/feature-store';
import { HalfBuffers } from './half-buffers';
import { standardise, type Standardisation } from './standardisation';

export interface LoadedBatch {
  readonly inputs: NetworkBatch;
  readonly labels: NetworkLabels;
}

/** Frees the tensors of a batch. */
export function disposeBatch({ inputs, labels }: LoadedBatch): void {
  tf.dispose([{ ...inputs }, { ...labels }]);
}

/** The two leading axes of a batch's tensors. */
export type BatchShape = readonly [videos: number, questionsPerVideo: number];

/** The distinct shapes of the batches, in the order in which they are first needed. */
export function batchShapes(batches: readonly Batch[]): BatchShape[] {
  const shapes = batches.map(({ videoIds, questionsPerVideo }) => [videoIds.length, questionsPerVideo] as const);
  return [...new Map(shapes.map((each) => [each.join(), each])).values()];
}

/** The shape of a step's tensor for a batch of another shape; `path` is its place in the step's argument. */
export function shapeIn([videos, questionsPerVideo]: BatchShape, shape: readonly number[], path: string): readonly number[] {
  if (/^inputs\.(regions|frames|audio|audioPatches)$/.test(path)) return [videos, ...shape.slice(1)];
  return /^(inputs|labels)\./.test(path) ? [videos, questionsPerVideo, ...shape.slice(2)] : shape;
}

/** The source of batches. */
export interface BatchSource {
  readonly vocabulary: Vocabulary;
  readonly needed: NeededFeatures;
  readonly features: FeatureStore | undefined; // undefined: the network reads none
  readonly words: number; // length of the words axis
  readonly sentences: Standardisation | undefined; // of the training part's sentence embeddings, if they are read
}

/**
 * The tensors of a batch; the caller disposes of them (`disposeBatch`). Only what the network reads is loaded: features of each video once
 * for all its questions; features of the question's text, or its words' indices. A masked slot repeats the batch's first question, because
 * an empty one would leave softmaxes without entries; labels.mask excludes it from every loss and score. `buffers` are free afterwards.
 */
export function loadBatch(
  batch: Batch,
  questions: readonly Question[],
  { vocabulary, needed, features, words, sentences }: BatchSource,
  buffers = new HalfBuffers(),
): LoadedBatch {
  const axes = [batch.videoIds.length, batch.questionsPerVideo] as const;
  const first = batch.questionIndex.find((index) => index !== MASKED)!;
  const filled = { ...batch, questionIndex: batch.questionIndex.map((index) => (index === MASKED ? first : index)) };
  const read = (field: string, keys: readonly string[], leading: readonly number[]): tf.Tensor => {
    const shape = [...leading, ...features!.describe(field).shape];
    if (field === 'sentence') return tf.tensor(standardise(features!.read(field, keys), sentences!), shape);
    const halves = (): Uint16Array => features!.readHalves(field, keys, buffers.of(field, tf.util.sizeFromShape(shape)));
    return tensorFromHalves({ halves, floats: () => features!.read(field, keys) }, shape);
  };
  const ofVideos = (field: string): tf.Tensor => read(field, batch.videoIds, [axes[0]]);
  const ofTexts = (field: string): tf.Tensor =>
    read(
      field,
      Array.from(filled.questionIndex, (index) => questions[index].text),
      axes,
    );

  const { words: wordIds, wordMask } = batchWords(filled, questions, vocabulary, words);
  const readsTokens = needed.text && features!.describe('words').axes[0] === 'tokens'; // of a text encoder, padding included
  const { answers, mask } = batchLabels(batch, questions);
  return {
    inputs: {
      ...(needed.video ? { regions: ofVideos('patch') as tf.Tensor4D, frames: ofVideos('frame') as tf.Tensor3D } : {}),
      ...(needed.audio ? { audio: ofVideos('audio') as tf.Tensor3D } : {}),
      ...(needed.audioPatches ? { audioPatches: ofVideos('audioPatch') as tf.Tensor4D } : {}),
      ...(needed.prompt ? { prompt: ofTexts('prompt') as tf.Tensor3D } : {}),
      ...(needed.text
        ? { sentence: ofTexts('sentence') as tf.Tensor3D, words: ofTexts('words') as tf.Tensor4D }
        : { wordIds: tf.tensor3d(wordIds, [...axes, words], 'int32') }),
      wordMask: readsTokens ? tf.ones([...axes, words]) : tf.tensor3d(wordMask, [...axes, words]),
    },
    labels: { answers: tf.tensor2d(answers, [...axes], 'int32'), mask: tf.tensor2d(mask, [...axes]) },
  };
}
