import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { codeOf, remedyFor } from './remedies';

/** The file system refused an operation. The message has the operation, the place, the reason, and what to do. */
export class DiskError extends Error {
  override readonly name = 'DiskError';

  constructor(
    message: string,
    readonly code: string, // ENOSPC, EACCES, ...
    cause: unknown,
  ) {
    super(message, { cause });
  }
}

/** Reasons specific to writing; `remedyFor` has the rest. */
const remedies: Record<string, (folder: string) => string> = {
  ENOSPC: (folder) => `no space is left on the disk of ${folder}. Free some or choose another folder`,
  EDQUOT: (folder) => `the disk quota for ${folder} is used up. Free some space or choose another folder`,
  EFBIG: (folder) =>
    `the file is larger than the file system of ${folder}, or the limit of this process (ulimit -f), allows. Raise it or choose another folder`,
  EACCES: (folder) => `no permission to write in ${folder}. Change its permissions or choose another folder`,
  EPERM: (folder) => `no permission to write in ${folder}. Change its permissions or choose another folder`,
  EROFS: (folder) => `${folder} is on a read-only file system. Choose another folder`,
  ENOENT: (folder) => `there is no folder ${folder}. Make it or choose another`,
  ENOTDIR: (folder) => `a part of ${folder} is a file, not a folder. Choose another folder`,
  ENOTSUP: (folder) => `the file system of ${folder} cannot do this. Choose a folder on another one`,
  ENOSYS: (folder) => `the file system of ${folder} cannot do this. Choose a folder on another one`,
};

/**
 * Runs `work`, which writes in `folder`; `task` says what for, as in "cannot write last.safetensors".
 * Throws DiskError if the file system refuses for a reason the user can remove; other errors pass.
 */
export function onDisk<Result>(task: string, folder: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const code = causeOf(error);
    const remedy = code === undefined ? undefined : Object.hasOwn(remedies, code) ? remedies[code](folder) : remedyFor(code, folder);
    if (error instanceof DiskError || code === undefined || remedy === undefined) throw error;
    throw new DiskError(`${task}: ${remedy} (${code})`, code, error);
  }
}

/**
 * The error's code. If a folder could not be made with its parents, the code for the first of them, because Node reports ENOENT on a
 * read-only or failing file system.
 */
function causeOf(error: unknown): string | undefined {
  const code = codeOf(error);
  const { syscall, path } = error as NodeJS.ErrnoException;
  if (code !== 'ENOENT' || syscall !== 'mkdir' || path === undefined) return code;
  let missing = resolve(path);
  while (dirname(missing) !== missing && !existsSync(dirname(missing))) missing = dirname(missing);
  try {
    mkdirSync(missing);
    rmdirSync(missing);
    return code;
  } catch (cause) {
    return codeOf(cause);
  }
}

/**
 * Writes `parts` one after the other as the new content of `file`. The write is atomic, even if the process or the machine dies: temporary
 * name in the same folder, fsync, rename, fsync of the folder. A file may have one writer at a time. Throws DiskError.
 */
export function writeFileAtomically(file: string, ...parts: readonly (string | Uint8Array)[]): void {
  writeThrough(`${file}.tmp`, file, parts); // the next write replaces the leftovers of a killed one
}

/**
 * Like `writeFileAtomically`, but several processes, on several machines or in containers, may write `file` at once: the last one wins. A
 * killed one leaves its temporary file.
 */
export function writeSharedFileAtomically(file: string, ...parts: readonly (string | Uint8Array)[]): void {
  writeThrough(aside(file), file, parts);
}

/**
 * Like `writeSharedFileAtomically`, for content that can be made again: it does not wait for the disk, and a power loss may leave the file
 * empty.
 */
export function writeCacheFile(file: string, text: string): void {
  const temporary = aside(file);
  onDisk(`cannot write ${file}`, dirname(file), () => {
    try {
      writeFileSync(temporary, text);
      renameSync(temporary, file);
    } finally {
      rmSync(temporary, { force: true });
    }
  });
}

const aside = (file: string): string => `${file}.${randomBytes(8).toString('hex')}.tmp`;

function writeThrough(temporary: string, file: string, parts: readonly (string | Uint8Array)[]): void {
  const folder = dirname(file);
  onDisk(`cannot write ${file}`, folder, () => {
    const descriptor = openSync(temporary, 'w');
    try {
      try {
        for (const part of parts) writeFileSync(descriptor, part);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(temporary, file);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    syncFolder(folder);
  });
}

/**
 * Makes new and renamed names in `folder` survive a power loss, if the file system supports fsync of folders. Windows has no such call and
 * does not need it.
 */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  try {
    const descriptor = openSync(folder, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (!withoutFolderSync.has(String((error as NodeJS.ErrnoException).code))) throw error;
  }
}

/** Codes of file systems that do not support it. EACCES: the folder is writable but cannot be listed. */
const withoutFolderSync = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EBADF', 'EISDIR', 'EACCES']);
