import { ANSWERS, MASKED, type Question } from '@tass/dataset-music-avqa';
import { Tass, type TassBatch, type TassParameters } from '@tass/tass';
import { compile, tf, type CompiledStep } from '@tass/tensor';
import { scoringPlan } from './data';
import { disposeBatch, loadBatch, type BatchSource } from './load-batch';
import type { Network } from './network';
import type { Experiment } from './schema';

/** Probabilities [videos, questions, answers] of a batch. */
export type AnsweringStep = CompiledStep<{ readonly parameters: TassParameters; readonly inputs: TassBatch }, { readonly probabilities: tf.Tensor }>; // prettier-ignore

/** The network as a step that answers; `dispose` ends it. */
export function createAnsweringStep({ engine }: Pick<Experiment, 'engine'>, { config }: Network): AnsweringStep {
  return compile(
    ({ parameters, inputs }) => ({ probabilities: tf.softmax(Tass.forward(parameters, inputs, config).logits) }),
    engine.compile,
  );
}

/** The network's answers: probabilities [questions.length * answers], in the order of `questions`. */
export function predict(
  step: AnsweringStep,
  parameters: TassParameters,
  questions: readonly Question[],
  source: BatchSource,
  experiment: Experiment,
  onProgress: (done: number, total: number) => void = () => {},
): Float32Array {
  const probabilities = new Float32Array(questions.length * ANSWERS.length);
  const { batches } = scoringPlan(questions, experiment);
  batches.forEach((batch, done) => {
    const loaded = loadBatch(batch, questions, source);
    const made = step.run({ parameters, inputs: loaded.inputs });
    const ofBatch = made.probabilities.dataSync();
    tf.dispose(made.probabilities);
    disposeBatch(loaded);
    batch.questionIndex.forEach((index, slot) => {
      if (index !== MASKED) probabilities.set(ofBatch.subarray(slot * ANSWERS.length, (slot + 1) * ANSWERS.length), index * ANSWERS.length);
    });
    onProgress(done + 1, batches.length);
  });
  return probabilities;
}
