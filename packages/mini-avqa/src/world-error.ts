import { rm } from 'node:fs/promises';
import { DiskError } from '@tass/files';

/** The ending of files and folders that are not whole yet. */
export const partial = '.partial';

/** A world that cannot be made, resumed or read: the message names the file or folder and the remedy. */
export class WorldError extends Error {
  override readonly name = 'WorldError';
}

/**
 * Runs a step that writes a file or folder, first as `<path>.partial`. When it fails, the partial one is removed and an error
 * of the file system comes out as a WorldError that names the path.
 */
export async function writing(path: string, step: () => Promise<unknown>): Promise<void> {
  try {
    await step();
  } catch (error) {
    await rm(path + partial, { recursive: true, force: true }).catch(() => undefined); // the first error is the one to report
    const { code, message } = systemError(error instanceof DiskError ? error.cause : error);
    if (!code) throw error;
    const advice = code === 'ENOSPC' ? 'Free some space' : 'Choose a folder that can be written (dataset.root)';
    throw new WorldError(`cannot write ${path}: ${message}. ${advice} and run again; finished videos are kept`, { cause: error });
  }
}

/** The code of an error of the operating system, such as ENOENT, and its message. Read without `instanceof`: such an error may come from another realm. */
function systemError(error: unknown): { readonly code?: string; readonly message: string } {
  const { code, message } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown; message?: unknown };
  return { ...(typeof code === 'string' && { code }), message: typeof message === 'string' ? message : String(error) };
}
