import type { CalibrationBin, MethodRow } from './leaderboard';

/** The bins of several runs as one. */
export function pooledBins(runs: MethodRow['runs']): CalibrationBin[] {
  const known = runs.flatMap(({ calibration }) => (calibration ? [calibration] : []));
  const [first = []] = known;
  const sum = (at: number, key: keyof CalibrationBin): number => known.reduce((total, bins) => total + bins[at][key], 0);
  return first.map((_, at) => ({ count: sum(at, 'count'), right: sum(at, 'right'), confidence: sum(at, 'confidence') }));
}

/**
 * Expected calibration error in points: the distance of accuracy and mean probability, mean over the bins by their number of answers.
 * Source: arXiv 1706.04599, equation 3.
 */
export function calibrationError(bins: readonly CalibrationBin[]): number {
  const count = bins.reduce((sum, bin) => sum + bin.count, 0);
  return (100 * bins.reduce((sum, { right, confidence }) => sum + Math.abs(right - confidence), 0)) / count;
}
