/** The answers whose probability is in one tenth. */
export interface CalibrationBin {
  readonly count: number;
  readonly right: number;
  readonly confidence: number; // sum of the probabilities of the answers given
}

const BINS = 10;

/** Bump this when the bins change, so that stored ones are recomputed. */
export const CALIBRATION_VERSION = 1;

/**
 * How sure a network was of its answers, and how often it was right. `confidences`: the probability of the answer given [questions]; ten bins of
 * equal width; a boundary belongs to the upper one.
 */
export function calibrationOf(confidences: readonly number[], right: ArrayLike<number>): CalibrationBin[] {
  const bins = Array.from({ length: BINS }, () => ({ count: 0, right: 0, confidence: 0 }));
  confidences.forEach((confidence, index) => {
    const bin = bins[Math.min(BINS - 1, Math.floor(confidence * BINS))];
    bin.count += 1;
    bin.right += right[index];
    bin.confidence += confidence;
  });
  return bins;
}
