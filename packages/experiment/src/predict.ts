import { ANSWERS, MASKED, type Batch, type BatchPlan, type Question } from '@tass/dataset-music-avqa';
import type { BuiltNetwork, Intervention, NetworkBatch } from '@tass/network';
import { compile, tf, type CompiledStep } from '@tass/tensor';
import { BatchReader } from './batch-reader';
import { scoringPlan } from './data';
import { batchShapes, disposeBatch, shapeIn, type BatchSource } from './load-batch';
import type { Experiment } from './schema';

/** Probabilities [videos, questions, answers] of a batch. */
export type AnsweringStep = CompiledStep<{ readonly parameters: object; readonly inputs: NetworkBatch }, { readonly probabilities: tf.Tensor }>; // prettier-ignore

/** The network as a step that answers, with or without an intervention; `dispose` ends it. */
export function createAnsweringStep(
  { engine }: Pick<Experiment, 'engine'>,
  network: BuiltNetwork,
  intervention?: Intervention,
): AnsweringStep {
  return compile(
    ({ parameters, inputs }) => ({ probabilities: tf.softmax(network.forward(parameters, inputs, { intervention }).logits) }),
    engine.compile,
  );
}

const stepsAtOnce = 2; // one fills the cores while the other uses a single thread

/** The network's answers: probabilities [questions.length * answers], in the order of `questions`. */
export async function predict(
  step: AnsweringStep,
  parameters: object,
  questions: readonly Question[],
  source: BatchSource,
  onProgress: (done: number, total: number) => void = () => {},
  plan: BatchPlan = scoringPlan(questions),
): Promise<Float32Array> {
  const probabilities = new Float32Array(questions.length * ANSWERS.length);
  const keep = ({ questionIndex }: Batch, answered: { readonly probabilities: tf.Tensor }): void => {
    const ofBatch = answered.probabilities.dataSync();
    questionIndex.forEach((index, slot) => {
      if (index !== MASKED) probabilities.set(ofBatch.subarray(slot * ANSWERS.length, (slot + 1) * ANSWERS.length), index * ANSWERS.length);
    });
  };
  await runBatches(step, parameters, questions, source, keep, onProgress, plan);
  return probabilities;
}

/**
 * Runs a step on batches of the questions, passes each result to `keep` and frees the tensors. Throws if a shard that was read, here or in
 * training before, is damaged; nothing computed from it is kept.
 */
export async function runBatches<Outputs extends Readonly<Record<string, tf.Tensor>>>(
  step: CompiledStep<{ readonly parameters: object; readonly inputs: NetworkBatch }, Outputs>,
  parameters: object,
  questions: readonly Question[],
  source: BatchSource,
  keep: (batch: Batch, outputs: Outputs) => void,
  onProgress: (done: number, total: number) => void = () => {},
  { batches }: BatchPlan = scoringPlan(questions),
): Promise<void> {
  const reader = new BatchReader(batches, questions, source);
  const underWay: Promise<void>[] = [];
  const [, ...shapesToCome] = batchShapes(batches);
  let done = 0;
  const finish = async (batch: Batch, running: Promise<Outputs>, before: Promise<void> | undefined): Promise<void> => {
    const outputs = await running;
    try {
      await before; // in their order, whichever is ready first
      keep(batch, outputs);
    } finally {
      tf.dispose({ ...outputs });
    }
    onProgress(++done, batches.length);
  };
  try {
    for (const batch of batches) {
      const loaded = reader.take();
      const inputs = { parameters, inputs: loaded.inputs };
      const kept = finish(batch, step.run(inputs), underWay.at(-1));
      kept.catch(() => undefined); // thrown where it is awaited
      underWay.push(kept);
      const nextShape = shapesToCome.shift();
      if (nextShape) step.prepare(inputs, (shape, path) => shapeIn(nextShape, shape, path));
      disposeBatch(loaded);
      reader.readAhead();
      if (underWay.length === stepsAtOnce) await underWay.shift();
    }
    await Promise.all(underWay);
    await source.features?.verified();
  } finally {
    await Promise.allSettled(underWay);
    reader.dispose();
  }
}
