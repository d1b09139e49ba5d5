import { LockError } from './lock-folder';
import { retry } from './retry';

/**
 * Runs `make`, which finds what is there already; while another process holds the lock of what is to be made, waits for it and tries again,
 * after one line on what it waits for. Other errors pass.
 */
export function waitForMaker<Result>(
  make: () => Promise<Result>,
  { say, everySeconds = 1 }: { readonly say: (line: string) => void; readonly everySeconds?: number },
): Promise<Result> {
  return retry(make, (error, failures) => {
    if (!(error instanceof LockError && error.isHeld)) return undefined;
    if (failures === 1) say(`${error.message}. Waiting for it`);
    return everySeconds;
  });
}
