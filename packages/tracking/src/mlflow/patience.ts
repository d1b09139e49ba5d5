import { setTimeout as delay } from 'node:timers/promises';
import { isPassing, type MlflowError } from './mlflow-error';

export interface Patience {
  readonly seconds: number; // no attempt begins later than this after the first
  readonly signal?: AbortSignal; // ends waiting; throws its reason
}

const FIRST_PAUSE = 0.2;
const LONGEST_PAUSE = 5;

/** Does `attempt` again while it fails for a reason that may pass, with growing pauses of random length. Throws its last error. */
export async function patiently<Result>(attempt: () => Promise<Result>, { seconds, signal }: Patience): Promise<Result> {
  const end = performance.now() + seconds * 1000;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isPassing(error)) throw error;
      const wait = 1000 * Math.max(pause * (0.5 + Math.random() / 2), (error as Partial<MlflowError>).waitSeconds ?? 0);
      if (performance.now() + wait > end) throw error;
      await delay(wait, undefined, { signal });
    }
  }
}
