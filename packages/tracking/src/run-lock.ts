import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type FolderLock, identityOf, isFolderLocked, LockError, lockFolder, type ProcessIdentity } from '@tass/files';
import { RunError } from './run-error';

const runLock: FolderLock = { file: 'run.lock', what: 'tracking:' };

/** Makes this process the only one that writes in a run's folder; returns the function that gives it back. Throws RunError; DiskError. */
export const lockRun = (folder: string): (() => void) => asRunError(() => lockFolder(folder, runLock));

/** True when a process that may be alive works in a run's folder. Throws RunError. */
export const isLocked = (folder: string): boolean => asRunError(() => isFolderLocked(folder, runLock));

/** True while the lock of a run is this process' own. Throws RunError. */
export const isHeldHere = (folder: string): boolean => isSame(holderOf(folder), identityOf());

/**
 * Gives a run free that `holder` left locked, a process that is known to have ended, as on a machine that went down: from another one that
 * cannot be seen. A lock of anyone else stays. Throws RunError.
 */
export function releaseRunOf(folder: string, holder: ProcessIdentity): void {
  if (isSame(holderOf(folder), holder)) rmSync(join(folder, runLock.file), { force: true });
}

const isSame = (one: ProcessIdentity | undefined, other: ProcessIdentity): boolean =>
  one?.pid === other.pid && one.host === other.host && one.started === other.started;

/** Undefined where the run is not locked by a process that may be alive. */
function holderOf(folder: string): ProcessIdentity | undefined {
  return isLocked(folder) ? (JSON.parse(readFileSync(join(folder, runLock.file), 'utf8')) as ProcessIdentity) : undefined;
}

function asRunError<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof LockError ? new RunError(error.message.slice('tracking: '.length)) : error;
  }
}
