import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Tells one process from any other, also from a later one that got the same number. Null where the system does not tell; `namespace` and
 * `machine` are absent in files that were written before there were these keys.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  readonly started: string | null; // boot and clock tick at which it started
  readonly namespace?: string | null; // that its number belongs to, as `pid:[4026531836]`: containers of one host name have several
  readonly machine?: string | null; // so that a machine that was started again is not taken for another one of the same name
}

export type Life = 'alive' | 'gone' | 'unknown';

/** A process that can be seen from this one; this one when no number is given. */
export function identityOf(pid: number = process.pid): ProcessIdentity {
  const namespace = thisNamespace();
  const start = startOf(pid);
  return { pid, host: hostname(), started: start === ended ? null : start, namespace, machine: machineIn(namespace) };
}

export const isSameProcess = (one: ProcessIdentity, other: ProcessIdentity): boolean =>
  one.pid === other.pid &&
  one.host === other.host &&
  one.started === other.started &&
  (one.namespace ?? other.namespace) === (other.namespace ?? one.namespace);

/**
 * Whether a process lives; `unknown` for one that cannot be seen from here: of another machine, of another one of the same name, of another
 * process namespace, or hidden by the mount options of /proc.
 */
export function lifeOf({ pid, host, started, namespace, machine }: ProcessIdentity): Life {
  const here = identityOf();
  if (host !== here.host) return 'unknown';
  const isFromBefore = namespace === undefined; // then host and boot have to do, as they did
  if (started !== null && here.started !== null && bootOf(started) !== bootOf(here.started)) {
    const hasRebooted = Boolean(machine) && machine === here.machine;
    return isFromBefore || hasRebooted ? 'gone' : 'unknown';
  }
  if (!isFromBefore && namespace !== here.namespace) return 'unknown';
  const start = startOf(pid);
  if (start === ended) return 'gone';
  if (start === null || started === null) return lifeOfNumber(pid);
  return start === started ? 'alive' : 'gone';
}

/** False only when the process is certainly gone. */
export const mayBeAlive = (identity: ProcessIdentity): boolean => lifeOf(identity) !== 'gone';

const bootOf = (started: string): string => started.split('/')[0];

function lifeOfNumber(pid: number): Life {
  try {
    process.kill(pid, 0); // sends nothing
    return 'alive';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? 'gone' : 'unknown';
  }
}

const ended = Symbol('ended, though nobody has collected it yet');

/** Linux: /proc knows when a process started, unless it is that of another namespace. Null where it does not know. */
function startOf(pid: number): string | typeof ended | null {
  try {
    if (readlinkSync('/proc/self') !== String(process.pid)) return null;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before it may hold blanks
    if (fields[0] === 'Z' || fields[0] === 'X') return ended;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return null;
  }
}

function thisNamespace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return null;
  }
}

const ofTheMachine = 'pid:[4026531836]'; // the namespace that Linux begins with, the same number everywhere

/** Null in a container, whose image may have brought the id along. A digest, as machine-id(5) forbids to spread the id itself. */
function machineIn(namespace: string | null): string | null {
  if (namespace !== ofTheMachine) return null;
  try {
    const id = readFileSync('/etc/machine-id', 'utf8').trim();
    return /^[0-9a-f]{32}$/.test(id) ? createHash('sha256').update(`tass ${id}`).digest('hex').slice(0, 8) : null;
  } catch {
    return null;
  }
}
