import { ANSWERS, MASKED, type Batch, type BatchPlan, type Question } from '@tass/dataset-music-avqa';
import { Tass, type TassBatch, type TassParameters } from '@tass/tass';
import { compile, tf, type CompiledStep } from '@tass/tensor';
import { BatchReader } from './batch-reader';
import { scoringPlan } from './data';
import { batchShapes, disposeBatch, shapeIn, type BatchSource } from './load-batch';
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

const stepsAtOnce = 2; // one fills the cores where the other waits for a single thread

/** The network's answers: probabilities [questions.length * answers], in the order of `questions`. */
export async function predict(
  step: AnsweringStep,
  parameters: TassParameters,
  questions: readonly Question[],
  source: BatchSource,
  onProgress: (done: number, total: number) => void = () => {},
  { batches }: BatchPlan = scoringPlan(questions),
): Promise<Float32Array> {
  const probabilities = new Float32Array(questions.length * ANSWERS.length);
  const reader = new BatchReader(batches, questions, source);
  const underWay: Promise<void>[] = [];
  const [, ...shapesToCome] = batchShapes(batches);
  let done = 0;
  const keep = async (batch: Batch, answered: ReturnType<AnsweringStep['run']>): Promise<void> => {
    const made = (await answered).probabilities;
    const ofBatch = made.dataSync();
    made.dispose();
    batch.questionIndex.forEach((index, slot) => {
      if (index !== MASKED) probabilities.set(ofBatch.subarray(slot * ANSWERS.length, (slot + 1) * ANSWERS.length), index * ANSWERS.length);
    });
    onProgress(++done, batches.length);
  };
  try {
    for (const batch of batches) {
      const loaded = reader.take();
      const inputs = { parameters, inputs: loaded.inputs };
      const kept = keep(batch, step.run(inputs));
      kept.catch(() => undefined); // thrown where it is awaited
      underWay.push(kept);
      const nextShape = shapesToCome.shift();
      if (nextShape) step.prepare(inputs, (shape, path) => shapeIn(nextShape, shape, path));
      disposeBatch(loaded);
      reader.readAhead();
      if (underWay.length === stepsAtOnce) await underWay.shift();
    }
    await Promise.all(underWay);
  } finally {
    await Promise.allSettled(underWay);
    reader.dispose();
  }
  return probabilities;
}
