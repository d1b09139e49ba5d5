import { groupByVideo, type Question } from '@tass/dataset-music-avqa';
import { mean, percentileInterval, resampledPOver, sampleDeviation } from '../distribution';
import { holm } from '../holm';
import { pairRuns, type PairedRuns } from '../marked-run';
import type { Interval } from '../resampled-accuracy';
import { drawVideos, type ResampleOptions } from '../video-resamples';
import { resampledMeans } from './resampled-means';

/** What a run is judged by, by measure: the value of each question [questions], NaN where it is not judged. */
export interface JudgedRun {
  readonly seed: number | null;
  readonly values: Readonly<Record<string, Float64Array>>;
}

export interface JudgedMethod {
  readonly id: string;
  readonly runs: readonly JudgedRun[]; // those that were judged; none where none was
}

/** Method minus reference; as of accuracies, without McNemar's test. */
interface Difference extends Interval {
  readonly difference: number;
  readonly p: number;
  readonly adjusted: number; // after Holm's correction over all methods and measures
  readonly pairs: readonly number[];
}

/** The mean over the judged questions, as a share. */
interface Judgement extends Interval {
  readonly mean: number; // over runs
  readonly deviation: number | null; // of the runs as a sample (n - 1)
  readonly against: Difference | null; // null for the reference, and where nothing is shared with it
}

/** By measure; one by which no run of the method was judged has no key. */
export interface MethodJudgement {
  readonly id: string;
  readonly figures: Readonly<Record<string, Judgement>>;
  readonly runs: readonly Readonly<Record<string, number>>[];
}

/**
 * What methods are worth by each measure, and their differences from a reference (null: none), from the same resamples of the videos as accuracies
 * (`compareMethods`, which explains intervals and p). Runs are paired by seed. A difference is over the questions that both are judged on.
 */
export function compareGrounding(
  methods: readonly JudgedMethod[],
  reference: string | null,
  questions: readonly Question[],
  options: ResampleOptions,
): MethodJudgement[] {
  const resampling = new Resampling(questions, options);
  const other = methods.find(({ id }) => id === reference);
  const measures = [...new Set(methods.flatMap(({ runs }) => runs.flatMap(({ values }) => Object.keys(values))))];
  const judged = methods.map(({ id, runs }) => {
    const figures = measures.flatMap((measure) => {
      const own = runs.filter(({ values }) => measure in values);
      if (own.length === 0) return [];
      const theirs = other?.runs.filter(({ values }) => measure in values) ?? [];
      const paired = id === reference ? null : pairRuns(own, theirs);
      const means = own.map(({ values }) => meanOf(values[measure]));
      const interval = resampling.interval(meanOver(own, measure));
      const against = paired && difference(paired, measure, resampling);
      return [[measure, { mean: mean(means), deviation: sampleDeviation(means), ...interval, against }] as const];
    });
    return { id, figures: Object.fromEntries(figures), runs: runs.map(({ values }) => Object.fromEntries(Object.entries(values).map(([measure, ofRun]) => [measure, meanOf(ofRun)]))) }; // prettier-ignore
  });
  const tests = judged.flatMap(({ figures }) => Object.values(figures).flatMap(({ against }) => against ?? []));
  const adjusted = new Map(holm(tests.map(({ p }) => p)).map((p, at) => [tests[at], p]));
  return judged.map(({ figures, ...method }) => ({
    ...method,
    figures: Object.fromEntries(
      Object.entries(figures).map(([measure, { against, ...figure }]) => [
        measure,
        { ...figure, against: against && { ...against, adjusted: adjusted.get(against)! } },
      ]),
    ),
  }));
}

function difference({ ours, theirs, pairs }: PairedRuns<JudgedRun>, measure: string, resampling: Resampling): Omit<Difference, 'adjusted'> {
  const [one, two] = [meanOver(ours, measure), meanOver(theirs, measure)];
  const differences = one.map((value, at) => value - two[at]);
  return {
    difference: meanOf(differences),
    ...resampling.test(differences),
    pairs: pairs.map(([first, second]) => meanOf(first.values[measure].map((value, at) => value - second.values[measure][at]))),
  };
}

/** The mean over the questions that are judged. */
function meanOf(values: Float64Array): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** The mean over runs of each question. */
const meanOver = (runs: readonly JudgedRun[], measure: string): Float64Array =>
  runs[0].values[measure].map((_, at) => mean(runs.map(({ values }) => values[measure][at])));

/** Means over the judged questions of videos drawn with replacement. */
class Resampling {
  private readonly videos: readonly (readonly number[])[];
  private readonly draws: readonly Uint16Array[];

  constructor(questions: readonly Question[], options: ResampleOptions) {
    this.videos = [...groupByVideo(questions).values()];
    this.draws = drawVideos(this.videos.length, options);
  }

  interval(values: Float64Array): Interval {
    const [low, high] = percentileInterval(this.means(values));
    return { low, high };
  }

  test(differences: Float64Array): Interval & { readonly p: number } {
    const means = this.means(differences);
    const [low, high] = percentileInterval(means);
    const differing = this.videos.filter((ofVideo) => ofVideo.some((index) => Math.abs(differences[index]) > 0)).length;
    return { low, high, p: resampledPOver(means, differing) };
  }

  private means(values: Float64Array): Float64Array {
    const judged = this.videos.map((ofVideo) => ofVideo.filter((index) => !Number.isNaN(values[index])));
    const sums = judged.map((ofVideo) => ofVideo.reduce((sum, index) => sum + values[index], 0));
    const counts = judged.map(({ length }) => length);
    return resampledMeans(sums, counts, this.draws);
  }
}
