import { groupByVideo, type Question } from '@tass/dataset-music-avqa';
import { leastP, percentileInterval, resampledP } from './distribution';
import type { MarkedRun } from './marked-run';
import type { ScoreColumns } from './score-columns';
import { resampleVideos, type ResampledSums, type ResampleOptions } from './video-resamples';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

type Runs = readonly MarkedRun[];

/** Mean accuracies of sets of runs over one and the same resamples of the videos. A resample without a question of a column does not count there. */
export class ResampledAccuracy {
  private readonly series = new Map<string, number>(); // runs of a set -> its place in `resampled.sums`
  private readonly numbers = new Map<MarkedRun, number>();
  private readonly rightOf: Int32Array[] = []; // [series][questions], runs of the set that are right
  private readonly resampled: ResampledSums;
  private readonly videos: readonly (readonly (readonly number[])[])[]; // [columns][videos that have a question there], its questions there
  private readonly width: number;

  constructor(sets: readonly Runs[], questions: readonly Question[], columns: ScoreColumns, options: ResampleOptions) {
    for (const runs of sets) {
      const key = this.keyOf(runs);
      if (this.series.has(key)) continue;
      this.series.set(key, this.rightOf.length);
      this.rightOf.push(sumOf(runs, questions.length));
    }
    const videos = [...groupByVideo(questions).values()];
    const videoOf = new Int32Array(questions.length);
    videos.forEach((indices, video) => indices.forEach((index) => (videoOf[index] = video)));
    this.width = columns.columns.length;
    this.videos = columns.columns.map((_, at) =>
      videos.map((indices) => indices.filter((index) => columns.members[index] & (1 << at))).filter(({ length }) => length > 0),
    );
    this.resampled = resampleVideos(columns, videoOf, this.rightOf, options);
  }

  /** 95 % interval of the mean accuracy in percent; all of 0 to 100 on fewer than two videos. */
  interval(runs: Runs, column: number): Interval {
    if (this.videos[column].length < 2) return { low: 0, high: 100 };
    const sums = this.sums(runs);
    const values = this.values(column, 100 / runs.length, (row) => sums[row]).sort();
    const [low, high] = percentileInterval(values);
    return { low, high };
  }

  /**
   * 95 % interval and two-sided p of ours minus theirs in points; everything and 1 on fewer than two videos. p is as of
   * `resampledPOver`.
   */
  difference(ours: Runs, theirs: Runs, column: number): Interval & { readonly p: number } {
    if (this.videos[column].length < 2) return { low: -100, high: 100, p: 1 };
    const [one, other] = [this.sums(ours), this.sums(theirs)];
    const unit = 100 / (ours.length * theirs.length); // whole numbers up to here, so that equals differ by 0 and not by a rounding
    const values = this.values(column, unit, (row) => one[row] * theirs.length - other[row] * ours.length).sort();
    const [low, high] = percentileInterval(values);
    const p = resampledP(values);
    return { low, high, p: Math.max(p, leastP(this.differing(ours, theirs, column, 1 - Math.log2(p)))) };
  }

  /** Videos on which the means of two sets differ; counting ends at `enough`. */
  private differing(ours: Runs, theirs: Runs, column: number, enough: number): number {
    const [one, other] = [ours, theirs].map((runs) => this.rightOf[this.series.get(this.keyOf(runs)) as number]);
    let count = 0;
    for (const indices of this.videos[column]) {
      if (count >= enough) return count;
      const difference = indices.reduce((sum, index) => sum + one[index] * theirs.length - other[index] * ours.length, 0);
      if (difference !== 0) count++;
    }
    return count;
  }

  private values(column: number, unit: number, sumAt: (row: number) => number): Float64Array {
    const { asked } = this.resampled;
    const values = new Float64Array(asked.length / this.width);
    let counted = 0;
    for (let row = column; row < asked.length; row += this.width) if (asked[row] > 0) values[counted++] = (unit * sumAt(row)) / asked[row];
    return values.subarray(0, counted);
  }

  private sums(runs: Runs): Int32Array {
    return this.resampled.sums[this.series.get(this.keyOf(runs)) as number];
  }

  private keyOf(runs: Runs): string {
    for (const run of runs) if (!this.numbers.has(run)) this.numbers.set(run, this.numbers.size);
    return runs.map((run) => this.numbers.get(run)).join(' ');
  }
}

function sumOf(runs: Runs, questions: number): Int32Array {
  const sum = new Int32Array(questions);
  for (const { right } of runs) for (let index = 0; index < questions; index++) sum[index] += right[index];
  return sum;
}
