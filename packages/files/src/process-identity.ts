import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Identifies a process, even if a later one gets the same number. Null if the system does not provide it; older files lack `namespace` and
 * `machine`.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  readonly started: string | null; // boot and clock tick at which it started
  readonly namespace?: string | null; // of its number, such as `pid:[4026531836]`: containers with the same host name have different ones
  readonly machine?: string | null; // so that a rebooted machine is not taken for another one of the same name
}

export type Life = 'alive' | 'gone' | 'unknown';

/** The identity of a process that can be looked up from here; by default, of this one. */
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
 * Whether a process is alive; `unknown` if it cannot be looked up: it runs on another machine (perhaps of the same name) or in another
 * process namespace, or is hidden by the mount options of /proc.
 */
export function lifeOf({ pid, host, started, namespace, machine }: ProcessIdentity): Life {
  const here = identityOf();
  if (host !== here.host) return 'unknown';
  const isFromBefore = namespace === undefined; // then host and boot decide, as in older versions
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

/** False only if the process has certainly ended. */
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

/** On Linux, the start time from /proc, unless /proc belongs to another namespace. Null if unknown. */
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

const ofTheMachine = 'pid:[4026531836]'; // Linux's initial namespace, with the same number everywhere

/** Null in a container, because the id may come from its image. A digest, because machine-id(5) forbids exposing the id. */
function machineIn(namespace: string | null): string | null {
  if (namespace !== ofTheMachine) return null;
  try {
    const id = readFileSync('/etc/machine-id', 'utf8').trim();
    return /^[0-9a-f]{32}$/.test(id) ? createHash('sha256').update(`tass ${id}`).digest('hex').slice(0, 8) : null;
  } catch {
    return null;
  }
}
