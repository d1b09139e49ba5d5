import { constants } from 'node:os';
import type { JobOutcome } from '../launcher';
import type { QueueEntry } from './slurm-commands';

/** What is known of a task. */
export interface TaskSigns {
  readonly begun: boolean; // it has made its record
  readonly givenUp: boolean; // it had left the queue before it began, and now never will
  readonly code: number | undefined; // its record says that it ended with this
  readonly entry: QueueEntry | undefined; // Slurm's word; undefined where Slurm does not know it (any more)
  readonly settled: boolean; // Slurm's word has meant an end for so long that no record will follow
}

const ends = /^(COMPLETED|FAILED|TIMEOUT|CANCELLED|NODE_FAIL|OUT_OF_MEMORY|PREEMPTED|BOOT_FAIL|DEADLINE|REVOKED)/;

/** True while a task waits, runs or is being cleaned up. */
export const isAlive = (entry: QueueEntry | undefined): boolean => entry !== undefined && !ends.test(entry.state);

/**
 * How a task ended; undefined while it may go on. The task's own record is the truth: it counts whatever Slurm says, and without it a task
 * only ended once it is `settled` (files on network disks show late). Slurm's word tells why there is no record, or why the worker was killed.
 */
export function taskOutcome({ begun, givenUp, code, entry, settled }: TaskSigns): JobOutcome | undefined {
  if (code !== undefined) {
    if (code <= 128 || code === savedAfter.SIGINT || code === savedAfter.SIGTERM) return { kind: 'exited', code };
    if (!settled && (entry === undefined || isAlive(entry))) return undefined; // Slurm is about to tell why
    return entry?.state === 'OUT_OF_MEMORY' ? outOfMemory(entry) : killed(code);
  }
  const droppedAs = !begun && entry?.state.startsWith('CANCELLED') && entry.nodes === '' ? entry : undefined;
  if (givenUp || droppedAs) return { kind: 'cancelled', detail: `cancelled${canceller(droppedAs)} while it waited in Slurm's queue` };
  if (!settled || isAlive(entry)) return undefined;
  return entry ? explain(entry) : { kind: 'lost', detail: 'Slurm knows it no more, and it left no record of its end' };
}

const savedAfter = { SIGINT: 130, SIGTERM: 143 }; // a worker's exit codes after it saved

function killed(code: number): JobOutcome {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  return signal ? { kind: 'killed', signal: signal as NodeJS.Signals } : { kind: 'exited', code };
}

const where = ({ nodes }: QueueEntry): string => (nodes ? ` on ${nodes}` : '');

const canceller = (entry: QueueEntry | undefined): string => / by \S+/.exec(entry?.state ?? '')?.[0].replace(' by ', ' by user ') ?? '';

const outOfMemory = (entry: QueueEntry): JobOutcome => ({
  kind: 'lost',
  detail: `killed${where(entry)} for using more memory than it asked for. Raise launcher.memory`,
});

/** A task that ended without a record. */
function explain(entry: QueueEntry): JobOutcome {
  switch (entry.state.split(' ')[0]) {
    case 'TIMEOUT':
      return {
        kind: 'timeout',
        detail: `its time ran out${where(entry)} before it had saved. Raise launcher.signalSeconds (to save earlier) or launcher.time`,
      };
    case 'CANCELLED':
      return { kind: 'cancelled', detail: `cancelled${canceller(entry)}${where(entry)} and killed before it had saved` };
    case 'PREEMPTED':
      return { kind: 'cancelled', detail: `made way for another job${where(entry)} and was killed before it had saved` };
    case 'DEADLINE':
    case 'REVOKED':
      return { kind: 'cancelled', detail: `taken out of Slurm's queue (${entry.state})` };
    case 'OUT_OF_MEMORY':
      return outOfMemory(entry);
    case 'NODE_FAIL':
    case 'BOOT_FAIL':
      return { kind: 'lost', detail: `its node failed (${entry.state}${where(entry)})` };
    default: // COMPLETED, FAILED: the script could not even write its record
      return { kind: 'lost', detail: `Slurm says ${entry.state}${where(entry)}, but it left no record of its end` };
  }
}
