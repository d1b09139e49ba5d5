import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { CALIBRATION_VERSION, calibrationOf, readConfidences, type CalibrationBin } from '@tass/evaluation';
import { kept } from './kept';
import type { Page } from './page';

/** The project's cache of calibrations; it can be deleted at any time. */
export const calibrationCache = (settings: ProjectSettings): string => join(settings.root, '.cache', 'calibration');

/**
 * The calibration of a run; null if its predictions have no probabilities. `right`: marks of its answers [questions]. Cached in `cache`
 * while size and times of the predictions file stay the same, because reading it takes longest. Throws PredictionError.
 */
export function storedCalibration(
  cache: string,
  predictions: string,
  { questions, digest }: Page,
  right: Uint8Array,
): CalibrationBin[] | null {
  const { size, mtimeMs, ctimeMs, ino } = statSync(predictions);
  const asked = questions.map(({ id }) => id);
  const key = JSON.stringify([CALIBRATION_VERSION, resolve(predictions), size, mtimeMs, ctimeMs, ino, digest, asked]);
  const file = join(cache, `calibration-${createHash('sha256').update(key).digest('hex')}.json`);
  const compute = (): Stored => {
    const confidences = readConfidences(predictions, questions);
    return { bins: confidences && calibrationOf(confidences, right) };
  };
  return kept(file, isWhole, compute).bins;
}

interface Stored {
  readonly bins: CalibrationBin[] | null;
}

function isWhole(stored: unknown): stored is Stored {
  const { bins } = (stored ?? {}) as Partial<Stored>;
  return bins === null || (Array.isArray(bins) && bins.every(({ count }) => Number.isInteger(count)));
}
