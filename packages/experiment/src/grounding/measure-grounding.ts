import { MASKED } from '@tass/dataset-music-avqa';
import {
  findTruth,
  formatGrounding,
  GroundingMeter,
  groundingSummary,
  headlines,
  isOfHead,
  readTruth,
  TruthError,
  truthName,
  type Series,
  type TableFormat,
  type TruthFile,
} from '@tass/evaluation';
import type { BuiltNetwork } from '@tass/network';
import { say, showProgress } from '@tass/progress';
import { withBestParameters } from '../best-parameters';
import { runBatches } from '../predict';
import type { ScoredData } from '../report';
import type { Experiment } from '../schema';
import { createLookingStep, lookedBySlot } from './looking-step';

/** Where and when a run's network looks, compared with the ground truth, if there is any. */
export interface GroundingReport {
  readonly json: object;
  readonly text: string; // tables for a terminal
  readonly markdown: string; // the same under a heading
  readonly metrics: Readonly<Record<string, number>>; // a few, by name, such as `test/grounding/visual/hit`
}

/** The same as for accuracies on a leaderboard. */
const RESAMPLES = { resamples: 2000, seed: 1 };

/** Bump this when the same network and truth give different figures. */
export const GROUNDING_VERSION = 1;

/**
 * Compares the attention in time and the maps of the best epoch, for each question of a split, with the ground truth next to the
 * annotations. Works batch by batch and reduces maps to a few figures for each question. Undefined if the network has no attention or maps.
 * If the truth cannot be used, reports it and measures only what needs no truth. Throws CheckpointError.
 */
export async function measureGrounding(
  split: 'val' | 'test',
  folder: string,
  experiment: Experiment,
  data: ScoredData,
  network: BuiltNetwork,
): Promise<GroundingReport | undefined> {
  const { place, sha256, present } = data.files[split];
  const file = findTruth(place, split);
  const measured = { split, folder, experiment, data, network };
  const measure = (truth: TruthFile | undefined) => heldAgainst(truth, file !== undefined, measured);
  if (file === undefined) return measure(undefined);
  try {
    return await measure(readTruth(file, present ? undefined : sha256)); // with `present`, it differs from the file's
  } catch (error) {
    if (!(error instanceof TruthError)) throw error;
    say(`grounding is measured without truth: ${error.message}`);
    return measure(undefined);
  }
}

interface Measured {
  readonly split: 'val' | 'test';
  readonly folder: string; // of the run
  readonly experiment: Experiment;
  readonly data: ScoredData;
  readonly network: BuiltNetwork;
}

/** Throws CheckpointError; TruthError if the truth has other segments or another grid than the network. */
async function heldAgainst(
  truth: TruthFile | undefined,
  isThere: boolean, // a file of truth, be it of use or not
  { split, folder, experiment, data, network }: Measured,
): Promise<GroundingReport | undefined> {
  const questions = data[split];
  if (truth && !questions.some(({ id }) => truth.truths.has(id)))
    throw new TruthError(`${truth.file}: none of its ${truth.truths.size} questions is among the ${questions.length} of ${split}`);
  const meter = new GroundingMeter(questions, truth, network.mapThreshold);
  const step = createLookingStep(experiment, network);
  let epoch: number;
  try {
    epoch = await withBestParameters(folder, network, async (parameters, ofEpoch) => {
      const progress = showProgress({ label: `grounding on ${split}`, unit: 'questions', total: questions.length });
      const keep: Parameters<typeof runBatches>[4] = ({ questionIndex, questionsPerVideo }, outputs) => {
        const looked = lookedBySlot(outputs, questionsPerVideo);
        questionIndex.forEach((index, slot) => index !== MASKED && meter.add(index, looked(slot)));
      };
      await runBatches(step, parameters, questions, data, keep, (done, total) =>
        progress.update(Math.round((done / total) * questions.length)),
      );
      progress.finish();
      return ofEpoch;
    });
  } finally {
    step.dispose();
  }
  const series = meter.finish();
  if (series.length === 0) return undefined;
  const summary = groundingSummary(series, questions, RESAMPLES);
  const name = truthName(split);
  const why = isThere ? `The ${name} next to the annotations cannot be used` : `No ${name} next to the annotations`;
  const absent = truth ? [] : [`${why}: attention and maps are not compared with the truth`];
  const unchecked =
    truth?.isChecked === false ? [`Not checked: whether ${name} belongs to these annotations. Its questions are matched by id`] : [];
  const shown = (format: TableFormat): string => [formatGrounding(summary, format), ...absent, ...unchecked].join('\n\n');
  return {
    json: {
      ...{ version: GROUNDING_VERSION, split, epoch, mapThreshold: network.mapThreshold, hasTruth: truth !== undefined },
      ...(truth && { truth: truth.sha256 }),
      ...summary,
      questions: { ids: questions.map(({ id }) => id), ...perQuestion(series) },
    },
    text: `${shown('text')}\n`,
    markdown: `## Where and when it looks\n\n${shown('markdown')}\n`,
    metrics: Object.fromEntries(
      Object.entries(headlines(summary.columns.All)).map(([name, value]) => [`${split}/grounding/${name}`, value]),
    ),
  };
}

/** The measures that later comparisons need for each question, without single heads. */
function perQuestion(series: readonly Series[]): object {
  const list = (values: Float64Array): (number | null)[] =>
    Array.from(values, (value) => (Number.isNaN(value) ? null : Number(value.toFixed(4))));
  return Object.fromEntries(
    series
      .filter((one) => !isOfHead(one))
      .map(({ id, values, against }) => [id, { values: list(values), ...(against && { against: list(against) }) }]),
  );
}
