import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The file system refused. The message says what was being done, where, why, and what to do. */
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

const remedies: Record<string, (folder: string) => string> = {
  ENOSPC: (folder) => `no space is left on the disk of ${folder}. Free some or choose another folder`,
  EDQUOT: (folder) => `the disk quota for ${folder} is used up. Free some space or choose another folder`,
  EACCES: (folder) => `no permission to write in ${folder}. Change its permissions or choose another folder`,
  EPERM: (folder) => `no permission to write in ${folder}. Change its permissions or choose another folder`,
  EROFS: (folder) => `${folder} is on a read-only file system. Choose another folder`,
  ENOENT: (folder) => `there is no folder ${folder}. Make it or choose another`,
  ENOTDIR: (folder) => `a part of ${folder} is a file, not a folder. Choose another folder`,
  ENOTSUP: (folder) => `the file system of ${folder} cannot do this. Choose a folder on another one`,
  ENOSYS: (folder) => `the file system of ${folder} cannot do this. Choose a folder on another one`,
  EIO: (folder) => `the disk of ${folder} failed. Check it, and its connection, or choose another folder`,
  ESTALE: (folder) => `the file server of ${folder} has lost the folder. Mount it again, or choose another folder`,
  ENOTCONN: (folder) => `the file server of ${folder} is not connected. Mount it again, or choose another folder`,
};

/**
 * Runs `work`, which writes in `folder`; `task` says what for, as in "cannot write last.safetensors".
 * Throws DiskError where the file system refuses for a reason the user can remove; other errors pass.
 */
export function onDisk<Result>(task: string, folder: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (error instanceof DiskError || code === undefined || !Object.hasOwn(remedies, code)) throw error;
    throw new DiskError(`${task}: ${remedies[code](folder)} (${code})`, code, error);
  }
}

/**
 * Writes `parts` one after the other as the new content of `file`. It is there whole or not at all, even if the process or the machine
 * dies: temporary name in the same folder, fsync, rename, fsync of the folder. One writer for a file at a time. Throws DiskError.
 */
export function writeFileAtomically(file: string, ...parts: readonly (string | Uint8Array)[]): void {
  const folder = dirname(file);
  const temporary = `${file}.tmp`;
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
 * Makes new and renamed names in `folder` outlive a loss of power, where the file system can: some know no fsync of folders. Windows has no
 * such call and needs none.
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

/** What file systems answer that do not know it; EACCES: the folder may be written, not listed. */
const withoutFolderSync = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EBADF', 'EISDIR', 'EACCES']);
