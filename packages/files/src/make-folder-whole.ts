import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { syncFolder } from './disk';
import { makeFolders } from './make-folders';

/**
 * Creates `folder` with these files, by name, atomically, even if the process or the machine dies. Several processes, on several machines,
 * may do so at once; one succeeds. Returns false if the folder exists and is not empty.
 */
export function makeFolderWhole(folder: string, files: Iterable<readonly [string, string | Uint8Array]>): boolean {
  const parent = dirname(folder);
  const aside = join(parent, `.${basename(folder)}-${randomBytes(8).toString('hex')}`);
  let isMade = false;
  makeFolders(parent);
  try {
    mkdirSync(aside);
    for (const [name, content] of files) writeFileSync(join(aside, name), content, { flush: true });
    syncFolder(aside);
    isMade = renameUnlessThere(aside, folder);
  } finally {
    if (!isMade) removeIfPossible(aside);
  }
  if (isMade) syncFolder(parent);
  return isMade;
}

/** False if `to` is a folder with content. */
function renameUnlessThere(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isThere = code === 'ENOTEMPTY' || code === 'EEXIST' || (process.platform === 'win32' && code === 'EPERM');
    if (isThere) return false;
    throw error;
  }
}

/** The original error counts, not an error of the clean-up. */
function removeIfPossible(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    return;
  }
}
