import { ANSWERS, MASKED, type Question } from '@tass/dataset-music-avqa';
import { Tass, type TassConfig, type TassParameters } from '@tass/tass';
import { tf } from '@tass/tensor';
import { scoringPlan } from './data';
import { disposeBatch, loadBatch, type BatchSource } from './load-batch';
import type { Experiment } from './schema';

/** The network's answers: probabilities [questions.length * answers], in the order of `questions`. */
export function predict(
  parameters: TassParameters,
  config: TassConfig,
  questions: readonly Question[],
  source: BatchSource,
  experiment: Experiment,
  onProgress: (done: number, total: number) => void = () => {},
): Float32Array {
  const probabilities = new Float32Array(questions.length * ANSWERS.length);
  const { batches } = scoringPlan(questions, experiment);
  batches.forEach((batch, done) => {
    const loaded = loadBatch(batch, questions, source);
    const ofBatch = tf.tidy(() => tf.softmax(Tass.forward(parameters, loaded.inputs, config).logits).dataSync());
    disposeBatch(loaded);
    batch.questionIndex.forEach((index, slot) => {
      if (index !== MASKED) probabilities.set(ofBatch.subarray(slot * ANSWERS.length, (slot + 1) * ANSWERS.length), index * ANSWERS.length);
    });
    onProgress(done + 1, batches.length);
  });
  return probabilities;
}
