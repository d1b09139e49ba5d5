import { utimesSync } from 'node:fs';

/**
 * Sets the time up to which a shard is true to its frames and sound, in ms of Unix time, as the time of its description: see findStale. Without
 * it, as where a file system refuses, the shard is as good: what changed later is read once more, or only where everything is read.
 */
export function setShardTime(entry: string, milliseconds: number): void {
  try {
    utimesSync(entry, milliseconds / 1000, milliseconds / 1000);
  } catch {
    return;
  }
}
