import { existsSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DiskError } from './disk';

/**
 * Throws DiskError if the disk of `folder`, which need not exist, has no room for `bytes`. Call this before the work that would fill it.
 * `task` names the work, as in "cannot make the world". Passes if the file system does not report its free space.
 */
export function expectFreeSpace(task: string, folder: string, bytes: number): void {
  let there = resolve(folder);
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  const { bavail, bsize, blocks } = statfsSync(there);
  const free = bavail * bsize;
  if (blocks === 0 || bytes <= free) return;
  const gigabytes = (count: number): string => (count / 1e9).toPrecision(3);
  throw new DiskError(
    `${task}: it takes about ${gigabytes(bytes)} GB, and the disk of ${folder} has ${gigabytes(free)} GB free. Free some space, choose another folder, or ask for less`,
    'ENOSPC',
    undefined,
  );
}
