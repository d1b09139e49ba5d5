import { LockError } from './lock-folder';

/**
 * Runs `make`, which finds what is there already; while another process holds the lock of what is to be made, waits for it and tries again,
 * after one line on what it waits for. Other errors pass.
 */
export async function waitForMaker<Result>(
  make: () => Promise<Result>,
  { say, everySeconds = 1 }: { readonly say: (line: string) => void; readonly everySeconds?: number },
): Promise<Result> {
  for (let isSaid = false; ; isSaid = true) {
    try {
      return await make();
    } catch (error) {
      if (!(error instanceof LockError && error.isHeld)) throw error;
      if (!isSaid) say(`${error.message}. Waiting for it`);
      await new Promise((resolve) => setTimeout(resolve, everySeconds * 1000));
    }
  }
}
