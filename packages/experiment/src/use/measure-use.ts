import {
  areasOf,
  compareMethods,
  CURVE_SHARES,
  curveGains,
  formatCurves,
  formatUse,
  markCorrect,
  meanOf,
  scoreColumns,
  toRecords,
  USE_NAMES,
  type MethodStatistics,
  type TableFormat,
} from '@tass/evaluation';
import type { Question } from '@tass/dataset-music-avqa';
import type { BuiltNetwork, Intervention } from '@tass/network';
import { counted } from '@tass/program';
import { showProgress } from '@tass/progress';
import { withBestParameters } from '../best-parameters';
import { scoringPlan } from '../data';
import { createAnsweringStep, predict } from '../predict';
import type { ScoredData } from '../report';
import type { Experiment } from '../schema';
import { measureCurves } from './measure-curves';

/** A run's accuracy when its grounding is altered. */
export interface UseReport {
  readonly json: object; // figures by intervention and column
  readonly file: object; // and a mark for each question, as stored in use-<split>.json
  readonly metrics: Readonly<Record<string, number>>; // points of difference over all questions by name, such as `test/use/uniform-map`
  readonly text: string;
  readonly markdown: string;
}

const AS_TRAINED = 'as trained';
const TITLE = 'Use of the grounding';
/** Bump this when a key changes its meaning. */
export const USE_VERSION = 1;
const RESAMPLES = { resamples: 2000, seed: 1 };

/**
 * Answers the questions of a split again under each of the network's interventions, with the parameters of its best epoch. `answers`
 * [questions]: the normal answers, as indices in ANSWERS. `curves`: also removes attended parts step by step for a sample of the questions,
 * which takes about ten times as long. Throws CheckpointError.
 */
export async function measureUse(
  split: 'val' | 'test',
  folder: string,
  experiment: Experiment,
  data: ScoredData,
  network: BuiltNetwork,
  answers: Uint8Array,
  { curves }: { readonly curves: boolean },
): Promise<UseReport> {
  const questions = data[split];
  const alone = questionsAlone(questions);
  const isSwap = (intervention: Intervention): boolean => intervention === 'swapped-attention';
  const interventions = network.interventions.filter((one) => alone === 0 || !isSwap(one));
  const notMeasured = network.interventions.filter((one) => !interventions.includes(one));
  const { marks, epoch, taken } = await withBestParameters(folder, network, async (parameters, ofEpoch) => {
    const made = await marksUnder(interventions, questions, experiment, data, network, parameters);
    const taken = curves ? await curvesOf(split, experiment, data, network, parameters) : undefined;
    await data.features?.verified();
    return { marks: made, epoch: ofEpoch, taken };
  });
  const right = answers.map((answer, at) => Number(answer === questions[at].answer));
  const methods = [
    { id: AS_TRAINED, runs: [{ seed: null, right }] },
    ...interventions.map((id, at) => ({ id, runs: [{ seed: null, right: marks[at] }] })),
  ];
  const columns = scoreColumns(questions, { train: [] });
  const [plain, ...changed] = compareMethods(methods, AS_TRAINED, questions, columns, RESAMPLES);
  const rows = changed.map(({ against }, at) => ({ name: USE_NAMES[interventions[at]], against }));
  const ofEach = <Value>(valueOf: (statistics: MethodStatistics, at: number) => Value): Partial<Record<Intervention, Value>> =>
    Object.fromEntries(changed.map((statistics, at) => [interventions[at], valueOf(statistics, at)]));
  const shown = (format: TableFormat): string =>
    network.interventions.length === 0
      ? `nothing is altered: ${network.name} lists no interventions. A network with attention or maps lists them under the key interventions: see docs/your-own-network.md`
      : formatUse({ name: AS_TRAINED, figures: plain.figures }, rows, columns, format);
  const asides = notMeasured.map(
    (one) => `${USE_NAMES[one]}: not measured, as ${alone} of ${questions.length} questions have no other video in their batch`,
  );
  const parts = (format: TableFormat): string =>
    [
      ...(interventions.length > 0 || notMeasured.length === 0 ? [shown(format)] : []),
      ...asides,
      ...(taken ? [`${taken.heading}\n${format === 'markdown' ? '\n' : ''}${taken.table(format)}`] : []),
    ].join('\n\n');
  const json = { accuracy: plain.runs[0], interventions: ofEach(({ against }) => against!), ...(taken && { curves: taken.json }) };
  const ofQuestions = { questions: questions.map(({ id }) => id), right: ofEach((_, at) => marks[at].join('')) };
  return {
    json,
    file: { version: USE_VERSION, split, epoch, ...json, ...ofQuestions, ...(taken && { areas: taken.areas }) },
    metrics: Object.fromEntries(changed.map(({ against }, at) => [`${split}/use/${interventions[at]}`, against!.All.difference])),
    text: `${parts('text')}\n`,
    markdown: `## ${TITLE}\n\n${parts('markdown')}\n`,
  };
}

/** For each intervention, which of the questions are answered right under it: 1 or 0 each. */
async function marksUnder(
  interventions: readonly Intervention[],
  questions: readonly Question[],
  experiment: Experiment,
  data: ScoredData,
  network: BuiltNetwork,
  parameters: object,
): Promise<Uint8Array[]> {
  const progress = showProgress({ label: 'use of the grounding', unit: 'questions', total: interventions.length * questions.length });
  const marks: Uint8Array[] = [];
  for (const [at, intervention] of interventions.entries()) {
    const step = createAnsweringStep(experiment, network, intervention);
    try {
      const probabilities = await predict(step, parameters, questions, data, (done, total) =>
        progress.update(Math.round((at + done / total) * questions.length), USE_NAMES[intervention]),
      );
      marks.push(Uint8Array.from(markCorrect(toRecords(questions, probabilities), questions)));
    } finally {
      step.dispose();
    }
  }
  progress.finish();
  return marks;
}

/** How many questions are answered in a batch of one video, which has no other one's attention to take. */
const questionsAlone = (questions: readonly Question[]): number =>
  scoringPlan(questions)
    .batches.filter(({ videoIds }) => videoIds.length === 1)
    .reduce((sum, { questionIndex }) => sum + questionIndex.length, 0);

interface TakenAway {
  readonly heading: string;
  readonly table: (format: TableFormat) => string;
  readonly json: object; // mean curves and areas
  readonly areas: object; // of each question of the sample
}

/** Undefined for a network without attention and maps. */
async function curvesOf(
  split: 'val' | 'test',
  experiment: Experiment,
  data: ScoredData,
  network: BuiltNetwork,
  parameters: object,
): Promise<TakenAway | undefined> {
  const { questions, curves } = await measureCurves(experiment, data[split], data.train, data, network, parameters);
  if (Object.keys(curves).length === 0) return undefined;
  const areas = areasOf(curves);
  const gains = curveGains(areas, questions, RESAMPLES);
  const videos = new Set(questions.map(({ videoId }) => videoId)).size;
  const means = Object.entries(curves).map(([part, orders]) => [part, Object.fromEntries(Object.entries(orders).map(([order, ofShares]) => [order, ofShares.map(meanOf)]))] as const); // prettier-ignore
  return {
    heading: `Probability of the answer given, in percent, when a share of the input is taken away (for insertion, when only that share is given): ${counted(questions.length, 'question')} on ${counted(videos, 'video')}`,
    table: (format) => formatCurves(curves, gains, format),
    json: { questions: questions.length, videos, shares: CURVE_SHARES, means: Object.fromEntries(means), gains },
    areas: {
      questions: questions.map(({ id }) => id),
      ...Object.fromEntries(Object.entries(areas).map(([id, values]) => [id, Array.from(values, (area) => Number(area.toFixed(5)))])),
    },
  };
}
