/** The values at the shares 0.025 and 0.975 of sorted values, linear between neighbours: the percentile interval of 95 %. */
export function percentileInterval(sorted: Float64Array): readonly [low: number, high: number] {
  return [quantile(sorted, 0.025), quantile(sorted, 0.975)];
}

function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/**
 * Two-sided p of a difference from its resampled values: twice the share that is not on the observed side of 0, one added to either count,
 * at most 1. So it is never below 2 / (resamples + 1).
 */
export function resampledP(differences: Float64Array): number {
  let notAbove = 0;
  let notBelow = 0;
  for (const difference of differences) {
    if (difference <= 0) notAbove++;
    if (difference >= 0) notBelow++;
  }
  return Math.min(1, (2 * (Math.min(notAbove, notBelow) + 1)) / (differences.length + 1));
}

/**
 * `resampledP`, but at least 2 ** (1 - n) for n videos with a difference, the least p of a test with as many coins: resamples of
 * few videos that all agree would be certain. Without a video that differs it is 1.
 */
export const resampledPOver = (differences: Float64Array, differing: number): number =>
  Math.max(resampledP(differences), leastP(differing));

export const leastP = (differing: number): number => 2 ** (1 - Math.max(1, differing));

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Standard deviation of a sample (n - 1); null for one value. */
export function sampleDeviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}
