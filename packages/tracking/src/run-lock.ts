import { type FolderLock, isFolderLocked, LockError, lockFolder } from '@tass/files';
import { RunError } from './run-error';

const runLock: FolderLock = { file: 'run.lock', what: 'tracking:' };

/** Makes this process the only one that writes in a run's folder; returns the function that gives it back. Throws RunError; DiskError. */
export const lockRun = (folder: string): (() => void) => asRunError(() => lockFolder(folder, runLock));

/** True when a process that may be alive works in a run's folder. Throws RunError. */
export const isLocked = (folder: string): boolean => asRunError(() => isFolderLocked(folder, runLock));

function asRunError<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof LockError ? new RunError(error.message.slice('tracking: '.length)) : error;
  }
}
