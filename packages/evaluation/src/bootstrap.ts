import { type Question, groupByVideo, seededRandom } from '@tass/dataset-music-avqa';

export interface BootstrapOptions {
  readonly seed: number;
  readonly resamples?: number; // default 10,000
}

export interface BootstrapResult {
  readonly difference: number; // second minus first, in points of percent
  readonly low: number; // percentile interval of 95 %, in points
  readonly high: number;
  readonly p: number; // two-sided: how often a resample's difference is not on the observed side of 0, twice, with one added to either count
}

/**
 * Paired bootstrap of a difference in accuracy over videos: whole videos are drawn with replacement, as the questions of one video are
 * not independent. `first` and `second` are 1 for a right answer and 0 for a wrong one [questions].
 * Throws RangeError when there is no question, the lengths differ, or `resamples` is no positive integer.
 */
export function bootstrapOverVideos(
  questions: readonly Question[],
  first: Int32Array,
  second: Int32Array,
  { seed, resamples = 10_000 }: BootstrapOptions,
): BootstrapResult {
  if (questions.length === 0 || first.length !== questions.length || second.length !== questions.length) {
    const given = `${questions.length} questions with ${first.length} and ${second.length} marks`;
    throw new RangeError(`bootstrapOverVideos: given ${given}, expected one mark a question and at least one question`);
  }
  if (!Number.isSafeInteger(resamples) || resamples < 1) {
    throw new RangeError(`bootstrapOverVideos: resamples is ${resamples}, expected a positive integer`);
  }
  const videos = [...groupByVideo(questions).values()];
  const gain = Int32Array.from(videos, (indices) => indices.reduce((sum, index) => sum + second[index] - first[index], 0));
  const size = Int32Array.from(videos, (indices) => indices.length);
  const random = seededRandom(seed);
  const differences = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    let gained = 0;
    let asked = 0;
    for (let draw = 0; draw < videos.length; draw++) {
      const video = Math.floor(random.next() * videos.length);
      gained += gain[video];
      asked += size[video];
    }
    differences[resample] = (100 * gained) / asked;
  }
  differences.sort();
  const notAbove = differences.filter((difference) => difference <= 0).length;
  const notBelow = differences.filter((difference) => difference >= 0).length;
  return {
    difference: (100 * gain.reduce((sum, value) => sum + value, 0)) / questions.length,
    low: quantile(differences, 0.025),
    high: quantile(differences, 0.975),
    p: Math.min(1, (2 * (Math.min(notAbove, notBelow) + 1)) / (resamples + 1)),
  };
}

/** Of sorted values, linear between neighbours. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
