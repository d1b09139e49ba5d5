import { randomBytes } from 'node:crypto';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The time that a file written in `folder` would get now, to compare with times of files there: on a file server these come from the
 * server's clock, which differs from this machine's. Uses a temporary file whose name starts with `prefix`. If nothing can be written, this
 * machine's time.
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
