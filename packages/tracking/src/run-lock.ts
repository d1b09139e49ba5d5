import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { onDisk } from '@tass/checkpoints';
import { mayBeAlive, identityOf, type ProcessIdentity } from './process-identity';
import { RunError } from './run-error';

const lockName = 'run.lock';

/**
 * Makes this process the only one that writes in `folder`, through the file run.lock. The lock of a process that is gone is taken over.
 * Returns the function that gives it back. Throws RunError when another process, or this one, holds it; DiskError.
 */
export function lockRun(folder: string): () => void {
  const file = join(folder, lockName);
  const own = `${file}.${process.pid}`;
  const identity = JSON.stringify(identityOf());
  for (;;) {
    if (tryLink(folder, own, identity, file)) return () => release(file, identity);
    const holder = readLock(file);
    if (holder === undefined) continue; // given back just now
    if (holder.alive) throw inUse(folder, holder.identity);
    takeAway(file, `${own}.stale`, holder.text);
  }
}

/** True when a process that may be alive works in `folder`. */
export function isLocked(folder: string): boolean {
  return readLock(join(folder, lockName))?.alive ?? false;
}

/** Unlike a plain write, a link makes the lock appear with its content, and only where there is none. */
function tryLink(folder: string, own: string, identity: string, file: string): boolean {
  return onDisk(`tracking: cannot lock ${folder}`, folder, () => {
    try {
      writeFileSync(own, identity, { flush: true });
      linkSync(own, file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      return false;
    } finally {
      rmSync(own, { force: true });
    }
  });
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
  if (readLock(file)?.text === identity) rmSync(file, { force: true });
}

function readLock(file: string): { text: string; identity: ProcessIdentity; alive: boolean } | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const identity = JSON.parse(text) as ProcessIdentity;
    return { text, identity, alive: mayBeAlive(identity) };
  } catch {
    throw new RunError(`${file} is not a lock of this project. Delete it when nothing works in its folder`);
  }
}

function inUse(folder: string, { pid, host }: ProcessIdentity): RunError {
  const here = host === hostname();
  const who = here && pid === process.pid ? `this process (${pid})` : `process ${pid} on ${host}`;
  const elsewhere = here ? '' : `. If ${host} is gone, delete ${join(folder, lockName)}`;
  return new RunError(`${folder} is in use by ${who}. Wait until it ends, or stop it${elsewhere}`);
}
