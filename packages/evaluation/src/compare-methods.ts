import type { Question } from '@tass/dataset-music-avqa';
import { accuracyByColumn, countRight } from './column-accuracy';
import { mean, sampleDeviation } from './distribution';
import { holm } from './holm';
import { pairRuns, type MarkedRun, type PairedRuns } from './marked-run';
import { mcnemar } from './mcnemar';
import { ResampledAccuracy, type Interval } from './resampled-accuracy';
import { isAverage, type ScoreColumn, type ScoreColumns } from './score-columns';
import type { ResampleOptions } from './video-resamples';

/** Runs whose mean is one figure: one configuration with different seeds, or the predictions of another program. */
export interface Method {
  readonly id: string;
  readonly runs: readonly MarkedRun[];
}

/** Accuracy in percent. */
interface Figure extends Interval {
  readonly mean: number; // over the runs
  readonly deviation: number | null; // of the runs as a sample (n - 1); null for one run
}

/** Method minus reference in points of percent. */
interface Difference extends Interval {
  readonly difference: number; // of the means over the paired runs
  readonly p: number; // two-sided; at least 2 / (resamples + 1), and 2 ** (1 - n) where the two differ on n videos
  readonly adjusted: number; // after Holm's correction over the column's family
  readonly pairs: readonly number[]; // the difference of each pair of runs
  readonly mcnemar: readonly number[]; // exact p of each pair of runs
}

/** By column id; a column without a question has no key. */
export interface MethodStatistics {
  readonly id: string;
  readonly figures: Readonly<Record<string, Figure>>;
  readonly runs: readonly Readonly<Record<string, number>>[]; // percent, in the order of the method's runs
  readonly against: Readonly<Record<string, Difference>> | null; // null for the reference, and where no seed is shared with it
}

/** Bump this when the statistics change, so that cached ones are recomputed. */
export const STATISTICS_VERSION = 3;

/**
 * The figures of each method and its differences from a reference (null: none), all from the same resamples of the videos.
 *
 * Whole videos are resampled, with replacement, the same draws for every method, seed and
 * column. A resample's figure is the mean over seeds of the accuracy on the questions drawn; its difference is that of two such means.
 * So interval and p describe other test videos for the networks as trained, not other trainings; those are described by the deviation
 * over seeds and the difference of each pair of seeds. Seeds are not resampled as a second level: draws of n seeds vary by (n - 1) / n of
 * what they should, a third too little for the usual three, and a single seed not at all, so the interval would seem to cover the seeds but
 * would not. Percentile intervals of some twenty videos or fewer are too narrow.
 *
 * Runs are paired by the number of their seed; if one side has no seeds, every run of one with every run of the other. McNemar's exact
 * test compares each pair and treats questions as independent. Holm's correction covers families: for All the methods, for the types
 * methods x types, and the same for the modality averages and for the extra columns.
 *
 * Throws RangeError for marks that are not one a question, a method without runs, a seed given twice, an unknown reference, and resamples
 * that are no positive integer.
 */
export function compareMethods(
  methods: readonly Method[],
  reference: string | null,
  questions: readonly Question[],
  columns: ScoreColumns,
  options: ResampleOptions,
): MethodStatistics[] {
  refuseMistakes(methods, reference, questions.length, options);
  const other = methods.find(({ id }) => id === reference);
  const compared = methods.map((method) => ({ ...method, paired: other && method !== other ? pairRuns(method.runs, other.runs) : null }));
  const sets = compared.flatMap(({ runs, paired }) => [runs, ...(paired ? [paired.ours, paired.theirs] : [])]);
  const resampled = new ResampledAccuracy(sets, questions, columns, options);
  const counts = new Map(methods.flatMap(({ runs }) => runs.map((run) => [run, countRight(run.right, columns)] as const)));
  const asked = columns.columns.map((column, at) => ({ ...column, at })).filter(({ total }) => total > 0);
  type Asked = (typeof asked)[number];
  const byColumn = <Value>(valueOf: (column: Asked) => Value): Record<string, Value> =>
    Object.fromEntries(asked.map((column) => [column.id, valueOf(column)]));
  const percent = (run: MarkedRun, { at, total }: Asked): number => (100 * (counts.get(run) as Int32Array)[at]) / total;

  const figure = (runs: readonly MarkedRun[], column: Asked): Figure => {
    const values = runs.map((run) => percent(run, column));
    return { mean: mean(values), deviation: sampleDeviation(values), ...resampled.interval(runs, column.at) };
  };
  const right = (runs: readonly MarkedRun[], { at }: Asked): number =>
    runs.reduce((sum, run) => sum + (counts.get(run) as Int32Array)[at], 0);
  const difference = ({ ours, theirs, pairs }: PairedRuns, column: Asked): Omit<Difference, 'adjusted'> => ({
    difference:
      (100 * (right(ours, column) * theirs.length - right(theirs, column) * ours.length)) / (ours.length * theirs.length * column.total),
    ...resampled.difference(ours, theirs, column.at),
    pairs: pairs.map(([one, two]) => percent(one, column) - percent(two, column)),
    mcnemar: pairs.map(([one, two]) => mcnemar(onlyRight(two, one, columns, column.at), onlyRight(one, two, columns, column.at))),
  });
  const differences = compared.map(({ paired }) => paired && byColumn((column) => difference(paired, column)));
  const adjusted = adjust(differences, columns.columns);
  return compared.map(({ id, runs }, at) => ({
    id,
    figures: byColumn((column) => figure(runs, column)),
    runs: runs.map(({ right }) => accuracyByColumn(right, columns)),
    against: adjusted[at],
  }));
}

/** Adds Holm's correction, over all methods and all columns of a family. */
function adjust(
  differences: readonly (Readonly<Record<string, Omit<Difference, 'adjusted'>>> | null)[],
  columns: readonly ScoreColumn[],
): (Record<string, Difference> | null)[] {
  const family = new Map(columns.map((column) => [column.id, familyOf(column)]));
  const tests = differences.flatMap((ofMethod, method) => Object.entries(ofMethod ?? {}).map(([id, { p }]) => ({ method, id, p })));
  const adjusted = differences.map((ofMethod) => ofMethod && ({ ...ofMethod } as Record<string, Difference>));
  for (const name of new Set(family.values())) {
    const members = tests.filter(({ id }) => family.get(id) === name);
    holm(members.map(({ p }) => p)).forEach((p, at) => {
      const { method, id } = members[at];
      const ofMethod = adjusted[method] as Record<string, Difference>;
      ofMethod[id] = { ...ofMethod[id], adjusted: p };
    });
  }
  return adjusted;
}

const familyOf = (column: ScoreColumn): string =>
  column.group === 'All' || column.group === 'extra' ? column.group : isAverage(column) ? 'average' : 'type';

/** Questions of a column that `one` got right and `other` did not. */
function onlyRight(one: MarkedRun, other: MarkedRun, { members }: ScoreColumns, at: number): number {
  let count = 0;
  for (let index = 0; index < members.length; index++) if (members[index] & (1 << at) && one.right[index] > other.right[index]) count++;
  return count;
}

function refuseMistakes(methods: readonly Method[], reference: string | null, questions: number, { resamples }: ResampleOptions): void {
  const refuse = (problem: string): never => {
    throw new RangeError(`compareMethods: ${problem}`);
  };
  if (questions === 0) refuse('there is no question, expected at least one');
  if (!Number.isSafeInteger(resamples) || resamples < 1) refuse(`resamples is ${resamples}, expected a positive integer`);
  if (reference !== null && !methods.some(({ id }) => id === reference)) refuse(`the reference ${reference} is not among the methods`);
  for (const { id, runs } of methods) {
    if (runs.length === 0) refuse(`${id} has no run, expected at least one`);
    const wrong = runs.find(({ right }) => right.length !== questions);
    if (wrong) refuse(`a run of ${id} has ${wrong.right.length} marks, expected one for each of ${questions} questions`);
    const seeds = runs.map(({ seed }) => seed).filter((seed) => seed !== null);
    if (new Set(seeds).size < seeds.length) refuse(`${id} has a seed twice (${seeds.join(', ')}), expected different ones`);
  }
}
