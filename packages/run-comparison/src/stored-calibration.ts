import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { CALIBRATION_VERSION, calibrationOf, readConfidences, type CalibrationBin } from '@tass/evaluation';
import { kept } from './kept';
import type { Page } from './page';

/** The folder of a project that keeps calibrations; it can be deleted at any time. */
export const calibrationCache = (settings: ProjectSettings): string => join(settings.root, '.cache', 'calibration');

/**
 * How sure a run was of its answers; null where its predictions have no probabilities. `right`: marks of its answers [questions]. Kept in `cache`
 * for as long as the predictions file has its size and times, as reading it takes longer than all else. Throws PredictionError.
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
