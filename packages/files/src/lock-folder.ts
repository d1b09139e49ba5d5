import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { onDisk } from './disk';
import { mayBeAlive, identityOf, type ProcessIdentity } from './process-identity';

/** What a folder is locked with. */
export interface FolderLock {
  readonly file: string; // name of the lock's file in the folder
  readonly what: string; // what errors call the folder, as in "the feature store"
}

/** A folder that another process works in, or a file in the lock's place that is not a lock. */
export class LockError extends Error {
  override readonly name = 'LockError';

  constructor(
    readonly folder: string,
    { file, what }: FolderLock,
    readonly holder: ProcessIdentity | undefined, // undefined: the file is not a lock
  ) {
    super(`${what} ${folder} ${holder ? inUse(join(folder, file), holder) : notALock(join(folder, file))}`);
  }

  /** Waiting may help. */
  get isHeld(): boolean {
    return this.holder !== undefined;
  }
}

/**
 * Makes this process the only one that works in `folder`, through a file there. The lock of a process that is gone is taken over, also
 * where another process has its number now. Returns the function that gives it back, unless it is another's by then.
 * Throws LockError when another process, or this one, holds it; DiskError.
 */
export function lockFolder(folder: string, lock: FolderLock): () => void {
  const file = join(folder, lock.file);
  const identity = JSON.stringify(identityOf());
  const own = `${file}.${Buffer.from(identity).toString('base64url')}`; // the name holds the owner from the first moment on
  for (;;) {
    if (tryLink(folder, own, identity, lock)) {
      removeLeftOvers(folder, lock);
      return () => release(file, identity);
    }
    const holder = readLock(folder, lock);
    if (holder === undefined) continue; // given back just now
    if (holder.alive) throw new LockError(folder, lock, holder.identity);
    takeAway(file, `${own}.stale`, holder.text);
  }
}

/** True when a process that may be alive has locked `folder`. Throws LockError where the file is no lock. */
export function isFolderLocked(folder: string, lock: FolderLock): boolean {
  return readLock(folder, lock)?.alive ?? false;
}

/** Unlike a plain write, a link makes the lock appear with its content, and only where there is none. */
function tryLink(folder: string, own: string, identity: string, { file, what }: FolderLock): boolean {
  return onDisk(`${what} ${folder} cannot be locked`, folder, () => {
    try {
      writeFileSync(own, identity, { flush: true });
      linkSync(own, join(folder, file));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      return false;
    } finally {
      rmSync(own, { force: true });
    }
  });
}

/** What processes left that were killed while they tried to lock. */
function removeLeftOvers(folder: string, { file }: FolderLock): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${file}.`)) continue;
    const [owner] = name.slice(file.length + 1).split('.');
    const identity = parse(Buffer.from(owner, 'base64url').toString('utf8'));
    if (identity && !mayBeAlive(identity)) rmSync(join(folder, name), { force: true });
  }
}

/** Removes a dead process' lock; when another process has just replaced it, puts that one's back. */
function takeAway(file: string, aside: string, expected: string): void {
  try {
    renameSync(file, aside);
    if (readFileSync(aside, 'utf8') !== expected) linkSync(aside, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function release(file: string, identity: string): void {
  if (textOf(file) === identity) rmSync(file, { force: true });
}

function readLock(folder: string, lock: FolderLock): { text: string; identity: ProcessIdentity; alive: boolean } | undefined {
  const file = join(folder, lock.file);
  const text = textOf(file);
  if (text === undefined) return undefined;
  const identity = parse(text);
  if (identity) return { text, identity, alive: mayBeAlive(identity) };
  throw new LockError(folder, lock, undefined);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(text: string): ProcessIdentity | undefined {
  try {
    const identity = JSON.parse(text) as Partial<ProcessIdentity> | null;
    const { pid, host, started } = identity ?? {};
    return typeof pid === 'number' && typeof host === 'string' && started !== undefined ? (identity as ProcessIdentity) : undefined;
  } catch {
    return undefined;
  }
}

function inUse(file: string, { pid, host }: ProcessIdentity): string {
  const here = host === hostname();
  const who = here && pid === process.pid ? `this process (${pid})` : `process ${pid} on ${host}`;
  const elsewhere = here ? '' : `. If ${host} is gone, delete ${file}`;
  return `is in use by ${who}. Wait until it ends, or stop it${elsewhere}`;
}

const notALock = (file: string): string =>
  `cannot be locked: ${file} is not a lock of this project. Delete it when nothing works in its folder`;
