import { retry } from '@tass/files';
import { isPassing, type MlflowError } from './mlflow-error';

export interface Patience {
  readonly seconds: number; // no attempt starts later than this after the first
  readonly signal?: AbortSignal; // ends waiting; throws its reason
}

const FIRST_PAUSE = 0.2;
const LONGEST_PAUSE = 5;

/** Retries `attempt` while it fails for a temporary reason, with growing random pauses. Throws its last error. */
export function patiently<Result>(attempt: () => Promise<Result>, { seconds, signal }: Patience): Promise<Result> {
  const end = performance.now() + seconds * 1000;
  const pauseAfter = (error: unknown, failures: number) => {
    if (!isPassing(error)) return undefined;
    const pause = Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE);
    const wait = Math.max(pause * (0.5 + Math.random() / 2), (error as Partial<MlflowError>).waitSeconds ?? 0);
    return performance.now() + wait * 1000 > end ? undefined : wait;
  };
  return retry(attempt, pauseAfter, signal);
}
