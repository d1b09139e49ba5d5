import { LockError } from './lock-folder';
import { retry } from './retry';

export interface Waiting {
  readonly say: (line: string) => void;
  readonly everySeconds?: number;
  readonly signal?: AbortSignal; // ends the waiting; its reason is thrown
}

/**
 * Runs `make`, which reuses existing results. If another process holds the lock, prints one line, waits and tries again. Other errors pass.
 * Throws the signal's reason.
 */
export function waitForMaker<Result>(make: () => Promise<Result>, { say, everySeconds = 1, signal }: Waiting): Promise<Result> {
  const secondsToWait = (error: unknown, failures: number): number | undefined => {
    if (!(error instanceof LockError && error.isHeld)) return undefined;
    if (failures === 1) say(`${error.message}. Waiting for it`);
    return everySeconds;
  };
  return retry(make, secondsToWait, signal);
}
