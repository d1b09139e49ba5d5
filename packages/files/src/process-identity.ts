import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Tells one process from any other, also from a later one that got the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  readonly started: string | null; // boot and clock tick at which it started; null where the system does not tell
}

/** A process of this machine; this one when no number is given. */
export function identityOf(pid: number = process.pid): ProcessIdentity {
  return { pid, host: hostname(), started: startOf(pid) };
}

/** False only when the process is certainly gone. One on another machine cannot be seen, so it counts as alive. */
export function mayBeAlive({ pid, host, started }: ProcessIdentity): boolean {
  if (host !== hostname()) return true;
  if (startOf(process.pid) !== null) return startOf(pid) === started && started !== null;
  try {
    process.kill(pid, 0); // sends nothing
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Linux: /proc knows when a process started. Null elsewhere, and for processes that ended, even where nobody has collected them yet. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before it may hold blanks
    const ended = fields[0] === 'Z' || fields[0] === 'X';
    return ended ? null : `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return null;
  }
}
