import { constants } from 'node:os';
import type { JobOutcome } from '../launcher';
import type { QueueEntry } from './slurm-commands';

/** The known facts about a task. */
export interface TaskSigns {
  readonly begun: boolean; // it has made its record
  readonly givenUp: boolean; // it left the queue before it started, and never will start
  readonly code: number | undefined; // the exit code in its record
  readonly entry: QueueEntry | undefined; // Slurm's record; undefined if Slurm does not list it
  readonly settled: boolean; // Slurm has reported an end for so long that no record will follow
}

const ends = /^(COMPLETED|FAILED|TIMEOUT|CANCELLED|NODE_FAIL|OUT_OF_MEMORY|PREEMPTED|BOOT_FAIL|DEADLINE|REVOKED)/;

/** True while a task waits, runs or is cleaned up. */
export const isAlive = (entry: QueueEntry | undefined): boolean => entry !== undefined && !ends.test(entry.state);

/**
 * How a task ended; undefined while it may continue. The task's own record decides, whatever Slurm reports. Without a record, a task has
 * ended only once it is `settled`, because files on network disks appear late. Slurm's report explains a missing record or a killed worker.
 */
export function taskOutcome({ begun, givenUp, code, entry, settled }: TaskSigns): JobOutcome | undefined {
  if (code !== undefined) {
    if (code <= 128 || code === savedAfter.SIGINT || code === savedAfter.SIGTERM) return { kind: 'exited', code };
    if (!settled && (entry === undefined || isAlive(entry))) return undefined; // Slurm will report the reason soon
    return entry?.state === 'OUT_OF_MEMORY' ? outOfMemory(entry) : killed(code);
  }
  const droppedAs = !begun && entry?.state.startsWith('CANCELLED') && entry.nodes === '' ? entry : undefined;
  if (givenUp || droppedAs) return { kind: 'cancelled', detail: `cancelled${canceller(droppedAs)} while it waited in Slurm's queue` };
  if (!settled || isAlive(entry)) return undefined;
  return entry ? explain(entry) : { kind: 'lost', detail: 'Slurm no longer lists it, and it left no record of its end' };
}

const savedAfter = { SIGINT: 130, SIGTERM: 143 }; // the exit codes of a worker that has saved

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
      return { kind: 'cancelled', detail: `preempted by another job${where(entry)} and killed before it had saved` };
    case 'DEADLINE':
    case 'REVOKED':
      return { kind: 'cancelled', detail: `removed from Slurm's queue (${entry.state})` };
    case 'OUT_OF_MEMORY':
      return outOfMemory(entry);
    case 'NODE_FAIL':
    case 'BOOT_FAIL':
      return { kind: 'lost', detail: `its node failed (${entry.state}${where(entry)})` };
    default: // COMPLETED, FAILED: the script could not even write its record
      return { kind: 'lost', detail: `Slurm reports ${entry.state}${where(entry)}, but it left no record of its end` };
  }
}
