import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/**
 * Writes a file so that it is there whole or not at all: under a temporary name, flushed to the disk, then renamed.
 * Throws with the path and the cause (full disk, no permission) and leaves nothing behind.
 */
export function writeWholeFile(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = openSync(temporary, 'w');
    try {
      for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new Error(`encoders: cannot write ${path} (${(cause as Error).message}). Make room or choose another folder, then run again`, {
      cause,
    });
  }
}
