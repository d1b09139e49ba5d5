import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type FolderLock, holderOf, identityOf, isSameProcess, LockError, lockFolder, type ProcessIdentity } from '@tass/files';

const runLock: FolderLock = { file: 'run.lock', what: 'the run' };

/** Locks a run's folder for this process; returns the function that releases it. Throws LockError; DiskError. */
export const lockRun = (folder: string): (() => void) => lockFolder(folder, runLock);

/** True if a process that may be alive works in a run's folder. Throws LockError. */
export const isLocked = (folder: string): boolean => holderOf(folder, runLock) !== undefined;

/**
 * The process that works in a run's folder, with its machine and lock file; undefined if there is none. Throws LockError if the file is not
 * a lock.
 */
export function lockedBy(folder: string): LockError | undefined {
  const holder = holderOf(folder, runLock);
  return holder && new LockError(folder, runLock, holder);
}

/** True while this process holds the run's lock. Throws LockError. */
export const isHeldHere = (folder: string): boolean => isHeldBy(folder, identityOf());

/**
 * Releases the lock that `holder` left on a run. The caller knows that this process has ended, for example with its machine, although it
 * cannot be looked up from here. Any other lock stays. Throws LockError.
 */
export function releaseRunOf(folder: string, holder: ProcessIdentity): void {
  if (isHeldBy(folder, holder)) rmSync(join(folder, runLock.file), { force: true });
}

function isHeldBy(folder: string, one: ProcessIdentity): boolean {
  const holder = holderOf(folder, runLock);
  return holder !== undefined && isSameProcess(holder, one);
}
