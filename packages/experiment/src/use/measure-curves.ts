import { ANSWERS, planBatches, seededRandom, shuffled, type Question } from '@tass/dataset-music-avqa';
import { byWeight, CURVE_ORDERS, CURVE_PARTS, CURVE_SHARES, sampledQuestions, type CurveOrder, type CurvePart, type CurvesOfQuestions } from '@tass/evaluation'; // prettier-ignore
import type { BuiltNetwork, NetworkBatch } from '@tass/network';
import { showProgress } from '@tass/progress';
import { tf } from '@tass/tensor';
import { BatchReader } from '../batch-reader';
import { createLookingStep, lookedBySlot } from '../grounding/looking-step';
import { disposeBatch, type BatchSource } from '../load-batch';
import { createAnsweringStep, type AnsweringStep } from '../predict';
import type { Experiment } from '../schema';
import { blanksOf, type Blanks } from './blanks';
import { keptPlaces, weightsOf, withBlanks, type Weights } from './taken-away';

export interface MeasuredCurves {
  readonly questions: readonly Question[]; // a sample
  readonly curves: CurvesOfQuestions; // of the network's attention and maps
}

const MOST_QUESTIONS = 300;
const AT_ONCE = 32; // videos with one question each, because each question removes different parts

/**
 * Removes seconds in the order of the question's attention, and regions in the order of the map that pooled them, and records the
 * probability of the network's answer to the whole input. A removed second loses sound, frame and regions, a removed region only itself;
 * `blanksOf` replaces them.
 */
export async function measureCurves(
  experiment: Experiment,
  all: readonly Question[],
  train: readonly Question[],
  source: BatchSource,
  network: BuiltNetwork,
  parameters: object,
): Promise<MeasuredCurves> {
  const questions = sampledQuestions(all, MOST_QUESTIONS, 1);
  const { batches } = planBatches(questions, { questionsPerBatch: AT_ONCE, questionsPerVideo: 1 });
  const curves: Partial<Record<CurvePart, Record<CurveOrder, Float64Array[]>>> = {};
  const [looking, answering] = [createLookingStep(experiment, network), createAnsweringStep(experiment, network)];
  const reader = new BatchReader(batches, questions, source);
  const progress = showProgress({ label: 'deletion and insertion', unit: 'questions', total: questions.length });
  try {
    const blanks = blanksOf(source, train);
    const random = seededRandom(1);
    for (const [done, { questionIndex }] of batches.entries()) {
      const loaded = reader.take();
      try {
        const outputs = await looking.run({ parameters, inputs: loaded.inputs });
        const whole = rowsOf(outputs.probabilities);
        const given = whole.map((row) => row.indexOf(Math.max(...row)));
        const lookedAt = lookedBySlot(outputs, 1);
        const weights = given.map((_, slot) => weightsOf(lookedAt(slot), loaded.inputs));
        tf.dispose({ ...outputs });
        const probabilityOf = (rows: readonly Float32Array[]): number[] => rows.map((row, slot) => row[given[slot]]);
        for (const part of CURVE_PARTS) {
          const ofPart = weights.map((one) => one[part]);
          if (ofPart.some((one) => one === undefined)) continue;
          const taking = { step: answering, parameters, inputs: loaded.inputs, blanks };
          const measure = measureOf(taking, part, ofPart as readonly Weights[], random);
          const kept = (curves[part] ??= emptyCurves(questions.length));
          const empty = probabilityOf(await measure('deletion', 1));
          for (const order of CURVE_ORDERS)
            for (const [at, share] of CURVE_SHARES.entries()) {
              const taken = order === 'insertion' ? 1 - share : share;
              const values = taken === 0 ? probabilityOf(whole) : taken === 1 ? empty : probabilityOf(await measure(order, share));
              values.forEach((value, slot) => (kept[order][at][questionIndex[slot]] = value));
            }
        }
      } finally {
        disposeBatch(loaded);
      }
      progress.update(Math.round(((done + 1) / batches.length) * questions.length));
    }
    progress.finish();
    return { questions, curves };
  } finally {
    reader.dispose();
    looking.dispose();
    answering.dispose();
  }
}

interface Taking {
  readonly step: AnsweringStep;
  readonly parameters: object;
  readonly inputs: NetworkBatch;
  readonly blanks: Blanks;
}

/**
 * Answers a batch from which a share of a part is removed, or to which it is added; probabilities [videos][answers]. `weights`: of each
 * video.
 */
function measureOf(
  { step, parameters, inputs, blanks }: Taking,
  part: CurvePart,
  weights: readonly Weights[],
  random: ReturnType<typeof seededRandom>,
) {
  const attended = weights.map((rows) => rows.map(byWeight));
  const orders = { deletion: attended, insertion: attended, random: attended.map((rows) => rows.map((order) => shuffled(order, random))) };
  return async (order: CurveOrder, share: number): Promise<Float32Array[]> => {
    const kept = orders[order].flatMap((rows) => rows.map((places) => keptPlaces(places, order, share)));
    const changed = tf.tidy(() => withBlanks(inputs, blanks, part, kept));
    const outputs = await step.run({ parameters, inputs: { ...inputs, ...changed } });
    const rows = rowsOf(outputs.probabilities);
    tf.dispose([outputs.probabilities, { ...changed }]);
    return rows;
  };
}

/** Copies of the rows of [videos, 1, answers]. */
function rowsOf(probabilities: tf.Tensor): Float32Array[] {
  const values = probabilities.dataSync() as Float32Array;
  return Array.from({ length: values.length / ANSWERS.length }, (_, row) => values.slice(row * ANSWERS.length, (row + 1) * ANSWERS.length));
}

function emptyCurves(questions: number): Record<CurveOrder, Float64Array[]> {
  const curve = (): Float64Array[] => CURVE_SHARES.map(() => new Float64Array(questions));
  return { deletion: curve(), insertion: curve(), random: curve() };
}
