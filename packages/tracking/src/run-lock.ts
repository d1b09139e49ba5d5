import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type FolderLock, holderOf, identityOf, isSameProcess, LockError, lockFolder, type ProcessIdentity } from '@tass/files';

const runLock: FolderLock = { file: 'run.lock', what: 'the run' };

/** Makes this process the only one that writes in a run's folder; returns the function that gives it back. Throws LockError; DiskError. */
export const lockRun = (folder: string): (() => void) => lockFolder(folder, runLock);

/** True when a process that may be alive works in a run's folder. Throws LockError. */
export const isLocked = (folder: string): boolean => holderOf(folder, runLock) !== undefined;

/** Who works in a run's folder, where, and the file of its lock; undefined when nobody does. Throws LockError where the file is no lock. */
export function lockedBy(folder: string): LockError | undefined {
  const holder = holderOf(folder, runLock);
  return holder && new LockError(folder, runLock, holder);
}

/** True while the lock of a run is this process' own. Throws LockError. */
export const isHeldHere = (folder: string): boolean => isHeldBy(folder, identityOf());

/**
 * Gives a run free that `holder` left locked, a process that is known to have ended, as on a machine that went down: from another one that
 * cannot be seen. A lock of anyone else stays. Throws LockError.
 */
export function releaseRunOf(folder: string, holder: ProcessIdentity): void {
  if (isHeldBy(folder, holder)) rmSync(join(folder, runLock.file), { force: true });
}

function isHeldBy(folder: string, one: ProcessIdentity): boolean {
  const holder = holderOf(folder, runLock);
  return holder !== undefined && isSameProcess(holder, one);
}
