import type { Job, JobOutcome, LaunchEvents } from '../launcher';
import { askAccounting, taskKey, type Queue, type QueueEntry } from './slurm-commands';
import { giveUp, readRecord, slurmWords, type TaskPlace } from './submission';
import { isAlive, taskOutcome } from './task-outcome';

/** A job's task in Slurm. */
export interface Task {
  readonly place: TaskPlace;
  readonly job: Job;
  readonly events: LaunchEvents;
  started: boolean;
  quietSince: number | undefined; // ms; Slurm has listed no living task of it since then
}

export interface FollowOptions {
  readonly recordSeconds: number; // how long the record of an ended task may take to appear
  readonly stopping: boolean;
  readonly say: (line: string) => void; // may receive the same message again
}

const neverStarts = /held|Never|BadConstraints|Partition(TimeLimit|NodeLimit|Down|Inactive)|InvalidAccount|InvalidQOS/i;

/** Reports when `task` started, and returns its outcome once it has one. Without a queue (Slurm did not answer), only its record counts. */
export async function followTask(task: Task, queue: Queue | undefined, options: FollowOptions): Promise<JobOutcome | undefined> {
  const { place } = task;
  const { begun, host, code } = readRecord(place);
  let entry = queue?.get(keyOf(place));
  const settled = isSettled(task, queue === undefined || isAlive(entry), options.recordSeconds);
  if (settled && !entry && place.submission.slurmId) entry = await askAccounting(place.submission.slurmId, place.number);

  if (entry?.state === 'PENDING' && neverStarts.test(entry.reason)) {
    const id = idOf(place, entry);
    options.say(`launcher slurm: ${id} does not start by itself (${entry.reason}). See: scontrol show job ${id}`);
  }
  if (!task.started && (begun || entry?.state === 'RUNNING')) {
    task.started = true;
    const node = host ?? entry?.nodes;
    task.events.started(task.job, `Slurm job ${idOf(place, entry)}${node ? ` on ${node}` : ''}`);
  }

  // Slurm forgets a waiting array task that is cancelled; whoever makes its record first decides
  const hasLeft = queue !== undefined && !entry && !begun && (settled || options.stopping);
  const outcome = taskOutcome({ begun, givenUp: hasLeft && giveUp(place), code, entry, settled });
  if (!outcome || !('detail' in outcome)) return outcome;
  const words = slurmWords(place);
  return words ? { ...outcome, detail: `${outcome.detail}. Slurm wrote: ${words}` } : outcome;
}

/** True once Slurm has listed no living task for so long that no record will follow. */
function isSettled(task: Task, mayLive: boolean, recordSeconds: number): boolean {
  if (mayLive) task.quietSince = undefined;
  else task.quietSince ??= performance.now();
  return task.quietSince !== undefined && performance.now() - task.quietSince > 1000 * recordSeconds;
}

/**
 * The state of a job's task in an earlier submission. `alive`: follow it; `gone`: submit its job again (the task can no longer run it);
 * `unclear`: it has just started, so check again. `hadBegun` was read before `queue`.
 */
export function fateOf(place: TaskPlace, queue: Queue, hadBegun: boolean): 'alive' | 'gone' | 'unclear' {
  const { begun, code } = readRecord(place);
  if (code !== undefined || isAlive(queue.get(keyOf(place)))) return 'alive'; // with a code: ended since its job was launched
  if (begun) return hadBegun ? 'gone' : 'unclear';
  return giveUp(place) ? 'gone' : 'unclear';
}

export const keyOf = ({ submission, number }: TaskPlace): string => taskKey(submission.name, number);

/** Slurm's id of a task, as 17_3. */
export const idOf = ({ submission, number }: TaskPlace, entry: QueueEntry | undefined): string =>
  `${entry?.arrayId ?? submission.slurmId ?? submission.name}_${number}`;
