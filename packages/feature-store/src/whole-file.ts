import { writeFileAtomically } from '@tass/files';

/** Writes a file of a store atomically. Throws with the path, the cause (full disk, no permission) and what to do. */
export function writeWholeFile(path: string, bytes: Uint8Array): void {
  try {
    writeFileAtomically(path, bytes);
  } catch (cause) {
    throw new Error(`${(cause as Error).message}. Then run the command again: finished parts are kept`, { cause });
  }
}
