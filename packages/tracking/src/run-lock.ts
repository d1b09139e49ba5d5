import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type FolderLock, identityOf, isFolderLocked, lockFolder, type ProcessIdentity } from '@tass/files';

const runLock: FolderLock = { file: 'run.lock', what: 'the run' };

/** Makes this process the only one that writes in a run's folder; returns the function that gives it back. Throws LockError; DiskError. */
export const lockRun = (folder: string): (() => void) => lockFolder(folder, runLock);

/** True when a process that may be alive works in a run's folder. Throws LockError. */
export const isLocked = (folder: string): boolean => isFolderLocked(folder, runLock);

/** True while the lock of a run is this process' own. Throws LockError. */
export const isHeldHere = (folder: string): boolean => isSame(holderOf(folder), identityOf());

/**
 * Gives a run free that `holder` left locked, a process that is known to have ended, as on a machine that went down: from another one that
 * cannot be seen. A lock of anyone else stays. Throws LockError.
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
