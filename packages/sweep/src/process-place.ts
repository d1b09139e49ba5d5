import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { mayBeAlive, type ProcessIdentity } from '@tass/files';

/**
 * What numbers of processes mean something in: one boot of one machine and one process namespace, as containers of one name have several.
 * Null where the system does not tell.
 */
export function thisPlace(): string | null {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return null;
  }
}

/** Whether a process lives; `unknown` for one that cannot be seen from here. */
export function lifeOf(process: ProcessIdentity & { readonly place: string | null }): 'alive' | 'gone' | 'unknown' {
  if (process.host !== hostname() || process.place !== thisPlace()) return 'unknown';
  return mayBeAlive(process) ? 'alive' : 'gone';
}
