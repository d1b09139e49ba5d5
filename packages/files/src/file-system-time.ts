import { randomBytes } from 'node:crypto';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The time that a file written in `folder` gets now: times of files there are compared with it, because on a file server they are the
 * server's, and the clocks of the machines that share it differ. Where nothing can be written, this machine's time. The file that it asks
 * with is gone again; its name begins with `prefix`.
 */
export function fileSystemTime(folder: string, prefix = '.clock-'): number {
  const probe = join(folder, `${prefix}${randomBytes(8).toString('hex')}`);
  try {
    writeFileSync(probe, '.', { flush: true });
    return statSync(probe).mtimeMs;
  } catch {
    return Date.now();
  } finally {
    rmSync(probe, { force: true });
  }
}
