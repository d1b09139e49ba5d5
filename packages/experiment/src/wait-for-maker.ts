import { LockError } from '@tass/files';

const lockErrorOf = (error: unknown): LockError | undefined => {
  for (let inner = error; inner instanceof Error; inner = inner.cause) if (inner instanceof LockError) return inner;
  return undefined;
};

/**
 * Runs `make`, which finds what is there already; while another process holds the lock of what is to be made, waits for it and tries again,
 * having said once what it waits for. Other errors pass.
 */
export async function waitForMaker<Result>(
  make: () => Promise<Result>,
  { say, everySeconds = 1 }: { readonly say: (line: string) => void; readonly everySeconds?: number },
): Promise<Result> {
  for (let isSaid = false; ; isSaid = true) {
    try {
      return await make();
    } catch (error) {
      if (!lockErrorOf(error)?.isHeld) throw error;
      if (!isSaid) say(`${(error as Error).message}. Waiting for it`);
      await new Promise((resolve) => setTimeout(resolve, everySeconds * 1000));
    }
  }
}
