import { writeFileAtomically } from '@tass/files';

/** Writes a file of a store atomically. Throws with the path, the cause (full disk, no permission) and what to do. */
export const writeWholeFile = (path: string, bytes: Uint8Array): void => toWriteAgain(() => writeFileAtomically(path, bytes));

/** Runs `work`, which writes files of a store. Its error says that finished parts are kept. */
export function toWriteAgain<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw new Error(`${(cause as Error).message}. Then run the command again: finished parts are kept`, { cause });
  }
}
