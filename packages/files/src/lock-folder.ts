import { linkSync, lstatSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { onDisk } from './disk';
import { mostBytes } from './limits';
import { FileError, readOwnText } from './read-file';
import { fileSystemTime } from './file-system-time';
import { identityOf, isSameProcess, lifeOf, mayBeAlive, type ProcessIdentity } from './process-identity';
import { fromName, readIdentity, toName } from './written-identity';

/** The options of a lock. */
export interface FolderLock {
  readonly file: string; // name of the lock's file in the folder
  readonly what: string; // the folder's name in errors, such as "the feature store"
}

/** Another process works in the folder, or the lock file is not a lock. */
export class LockError extends Error {
  override readonly name = 'LockError';

  constructor(
    readonly folder: string,
    { file, what }: FolderLock,
    readonly holder: ProcessIdentity | undefined, // undefined: the file is not a lock, or cannot be read
    why = 'is not a lock of this project',
  ) {
    super(`${what} ${folder} ${holder ? inUse(join(folder, file), holder) : notALock(join(folder, file), why)}`);
  }

  /** Waiting may help. */
  get isHeld(): boolean {
    return this.holder !== undefined;
  }
}

/**
 * Locks `folder` for this process, with a file there. Takes over the lock of a process that has ended, even if another process now has its
 * number, but not that of a process that cannot be looked up from here. Returns the function that releases the lock, unless another process
 * has it by then. Throws LockError if another process, or this one, holds it; DiskError.
 */
export function lockFolder(folder: string, lock: FolderLock): () => void {
  const file = join(folder, lock.file);
  const identity = identityOf();
  const text = JSON.stringify(identity);
  const own = `${file}.${toName(identity)}`; // the name contains the owner from the start
  for (;;) {
    if (tryLock(folder, own, text, lock)) {
      removeLeftOvers(folder, lock);
      return () => release(folder, lock, text);
    }
    const found = readLock(folder, lock);
    if (found === undefined) continue; // released just now
    if (found.holder) throw new LockError(folder, lock, found.holder);
    takeAway(file, `${own}.stale`, found.text);
  }
}

/** The process that has locked `folder`, if it may be alive. Throws LockError if the file is no lock. */
export const holderOf = (folder: string, lock: FolderLock): ProcessIdentity | undefined => readLock(folder, lock)?.holder;

function tryLock(folder: string, own: string, text: string, lock: FolderLock): boolean {
  const { file, what } = lock;
  return onDisk(`${what} ${folder} cannot be locked`, folder, () => {
    try {
      writeFileSync(own, text, { flush: true });
      return putInPlace(own, join(folder, file), text) && textOf(folder, lock) === text; // see putInPlace
    } finally {
      rmSync(own, { force: true });
    }
  });
}

/**
 * Creates `file` with the content of `own`, `text`; false if it exists. A hard link does so in one step. A file system without hard links
 * refuses with one of many codes; there, `file` is empty for a moment, and another process may remove it while this one is suspended.
 */
function putInPlace(own: string, file: string, text: string): boolean {
  try {
    try {
      linkSync(own, file);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') throw error;
      writeFileSync(file, text, { flag: 'wx', flush: true });
    }
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return false;
  }
}

/** Leftovers of processes that were killed while they tried to lock. */
function removeLeftOvers(folder: string, { file }: FolderLock): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${file}.`)) continue;
    const identity = fromName(name.slice(file.length + 1).split('.')[0]);
    if (identity && !mayBeAlive(identity)) rmSync(join(folder, name), { force: true });
  }
}

/** Removes a lock that nobody holds. If another process has just replaced it, restores the new one. */
function takeAway(file: string, aside: string, expected: string): void {
  try {
    renameSync(file, aside);
    const text = readOwnText(aside, mostBytes.small);
    if (text !== expected) putInPlace(aside, file, text);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function release(folder: string, lock: FolderLock, text: string): void {
  if (textOf(folder, lock) === text) rmSync(join(folder, lock.file), { force: true });
}

/** The content of a lock, and its holder, if it may be alive. Waits while the lock is being written. */
function readLock(folder: string, lock: FolderLock): { text: string; holder: ProcessIdentity | undefined } | undefined {
  const file = join(folder, lock.file);
  for (;;) {
    const text = textOf(folder, lock);
    if (text === undefined) return undefined;
    const identity = readIdentity(text);
    if (identity) return { text, holder: mayBeAlive(identity) ? identity : undefined };
    if (!unfinished.test(text)) throw new LockError(folder, lock, undefined);
    if (ageOf(file) > longestWrite) return { text, holder: undefined };
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50); // sleeps 50 ms
  }
}

/** What remains if a process is killed, or the power fails, while it writes a lock in place: nothing, zeros, or a beginning. */
const unfinished = /^(\0*|\{[^}]*)$/;

const longestWrite = 2000; // milliseconds

/** A time in the future, for example after a change of the clock, counts like one in the past. */
function ageOf(file: string): number {
  const changed = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  return changed === undefined ? 0 : Math.abs(fileSystemTime(dirname(file), `${basename(file)}.`) - changed);
}

/** The lock's text; undefined without a lock. Throws LockError for a lock that cannot be read, which nobody can take over. */
function textOf(folder: string, lock: FolderLock): string | undefined {
  const file = join(folder, lock.file);
  try {
    return readOwnText(file, mostBytes.small);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' && !lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) return undefined;
    throw new LockError(
      folder,
      lock,
      undefined,
      code === 'EISDIR' ? 'is a folder' : error instanceof FileError && code === undefined ? error.reason : `cannot be read (${code})`,
    );
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

function inUse(file: string, holder: ProcessIdentity): string {
  const { pid, host, namespace } = holder;
  if (isSameProcess(holder, identityOf())) return `is in use by this process (${pid}). Wait until it ends, or stop it`;
  const isSeen = lifeOf(holder) !== 'unknown';
  const where = isSeen || !namespace ? '' : `, namespace ${namespace}`;
  const unseen = isSeen ? '' : `. It cannot be seen from here: if it is gone, delete ${file}`;
  return `is in use by process ${pid} on ${host}${where}. Wait until it ends, or stop it${unseen}`;
}

const notALock = (file: string, why: string): string => `cannot be locked: ${file} ${why}. Delete it when nothing works in its folder`;
