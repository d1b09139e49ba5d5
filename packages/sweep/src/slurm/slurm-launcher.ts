import { join } from 'node:path';
import type { Job, LaunchEvents, Launcher } from '../launcher';
import { createRounds } from './rounds';
import {
  askAccounting,
  askToEnd,
  cancel,
  checkCluster,
  dropWaiting,
  lookAtQueue,
  taskKey,
  type Queue,
  type QueueEntry,
} from './slurm-commands';
import type { SlurmConfig } from './slurm-config';
import { giveUp, readRecord, readSubmissions, slurmWords, type Submission, type TaskPlace } from './submission';
import { submitJobs } from './submit-jobs';
import { isAlive, taskOutcome } from './task-outcome';

export interface SlurmLauncherOptions {
  readonly folder: string; // of the sweep, on a disk that the nodes share; submissions are kept in its folder `slurm`
  readonly label: string; // begins the names of the jobs in Slurm
  readonly say?: (line: string) => void; // is told what hinders the sweep
}

/** A job that is to run. */
export interface Waiting {
  readonly job: Job;
  readonly events: LaunchEvents;
  readonly former?: TaskPlace; // its task of an earlier submission, which may still wait or run
}

/** A job's task in Slurm. */
interface Task extends TaskPlace {
  readonly job: Job;
  readonly events: LaunchEvents;
  started: boolean;
  quietSince: number | undefined; // ms; Slurm has known no living task of it since then
}

const quietPolls = 6; // before a task without a record has ended; at ten seconds each more than network disks keep old listings
const secondsWhileStopping = 2;
const neverStarts = /held|Never|BadConstraints|Partition(TimeLimit|NodeLimit|Down|Inactive)|InvalidAccount|InvalidQOS/i;

/**
 * Runs jobs as arrays of tasks on the Slurm cluster of this machine. Slurm's queue is looked at every `pollSeconds`; what counts is the
 * record that each task leaves in the sweep's folder. A launcher that is killed leaves its tasks as they are: the next one in the same folder
 * that is given the same jobs takes them over and submits none twice. One launcher works in a folder at a time (the sweep's lock).
 * Throws SlurmError where there is no Slurm, or it refuses the configuration. A job that Slurm refuses later ends as `lost`.
 */
export function createSlurmLauncher(config: SlurmConfig, { folder, label, say = () => undefined }: SlurmLauncherOptions): Launcher {
  const { maxArraySize } = checkCluster(config);
  const home = join(folder, 'slurm');
  const latest = new Map<string, TaskPlace>(); // of each job
  const remember = (submission: Submission) => submission.jobs.forEach((id, number) => latest.set(id, { submission, number }));
  readSubmissions(home).forEach(remember);

  let waiting: Waiting[] = [];
  const tasks = new Set<Task>();
  let chunk = maxArraySize; // jobs of the next submission, fewer where the cluster limits how many one may submit
  let stops = 0;
  let answering = true;
  const said = new Set<string>();
  const sayOnce = (line: string) => {
    if (!said.has(line)) say(line);
    said.add(line);
  };

  const rounds = createRounds(async () => {
    if (waiting.length + tasks.size > 0) await round();
    if (waiting.length + tasks.size === 0) return undefined;
    return stops > 0 ? Math.min(secondsWhileStopping, config.pollSeconds) : config.pollSeconds;
  });

  /** One look at the queue, and what follows from it. */
  async function round(): Promise<void> {
    const candidates = waiting.flatMap(({ former }) => former ?? []);
    const hadBegun = new Set(candidates.filter((place) => readRecord(place).begun));
    const answer = await lookAtQueue([...new Set([...candidates, ...tasks].map(({ submission }) => submission.name))]);
    const queue = typeof answer === 'string' ? undefined : answer;
    if (!queue && answering) say(`launcher slurm: Slurm does not answer, it is asked again every ${config.pollSeconds} s: ${answer}`);
    answering = queue !== undefined;
    if (queue) takeOver(queue, hadBegun);
    for (const task of tasks) await follow(task, queue);
    if (queue && stops === 0) await submitWaiting();
    if (queue && stops > 0) await endAll(queue);
  }

  /** Decides which jobs have a living task of a former launcher, or of an sbatch that did not answer. The others are free to be submitted. */
  function takeOver(queue: Queue, hadBegun: ReadonlySet<TaskPlace>): void {
    waiting = waiting.flatMap((each) => {
      const { job, events, former } = each;
      if (!former) return [each];
      const entry = queue.get(keyOf(former));
      const { begun, code } = readRecord(former);
      if (isAlive(entry) || code !== undefined) {
        track(job, events, former);
        return [];
      }
      const begunJustNow = begun && !hadBegun.has(former); // its entry in the queue may be younger than our look
      if (begunJustNow || (!begun && !giveUp(former))) return [each];
      return [{ job, events }];
    });
  }

  /** Tells what has become of a task. Without a queue only its record speaks. */
  async function follow(task: Task, queue: Queue | undefined): Promise<void> {
    const { begun, host, code } = readRecord(task);
    let entry = queue?.get(keyOf(task));
    if (isAlive(entry) || !queue) task.quietSince = undefined;
    else task.quietSince ??= performance.now();
    const settled = task.quietSince !== undefined && performance.now() - task.quietSince > 1000 * quietPolls * config.pollSeconds;
    if (settled && !entry && task.submission.slurmId) entry = await askAccounting(task.submission.slurmId, task.number);
    if (entry?.state === 'PENDING' && neverStarts.test(entry.reason)) {
      sayOnce(
        `launcher slurm: ${idOf(task, entry)} does not start by itself (${entry.reason}). See: scontrol show job ${idOf(task, entry)}`,
      );
    }

    if (!task.started && (begun || entry?.state === 'RUNNING')) {
      task.started = true;
      const node = host ?? entry?.nodes;
      task.events.started(task.job, `Slurm job ${idOf(task, entry)}${node ? ` on ${node}` : ''}`);
    }
    const outcome = taskOutcome({ begun, code, entry, settled });
    if (!outcome) return;
    tasks.delete(task);
    const words = 'detail' in outcome && slurmWords(task);
    task.events.ended(task.job, words ? { ...outcome, detail: `${outcome.detail}. Slurm wrote: ${words}` } : outcome);
  }

  async function submitWaiting(): Promise<void> {
    while (stops === 0) {
      const room = config.concurrent && tasks.size > 0 ? config.concurrent - tasks.size : Infinity; // alone, an array keeps the limit itself
      const some = waiting.filter(({ former }) => !former).slice(0, Math.min(chunk, room));
      if (some.length === 0) return;
      const result = await submitJobs(some.map(({ job }) => job), { config, folder: home, label }); // prettier-ignore
      if ('submission' in result) remember(result.submission);
      if (result.kind === 'limit') {
        chunk = Math.ceil(some.length / 2);
        if (some.length > 1) continue;
        return sayOnce(`${result.message}. Tried again every ${config.pollSeconds} s`);
      }
      waiting = waiting.filter((each) => !some.includes(each));
      if (result.kind === 'unknown') {
        sayOnce(result.message);
        waiting.push(...some.map(({ job, events }) => ({ job, events, former: latest.get(job.id) }))); // the next look tells
        return;
      }
      if (result.kind === 'taken') some.forEach(({ job, events }) => track(job, events, latest.get(job.id)!));
      else for (const { job, events } of some) events.ended(job, { kind: 'lost', detail: result.message });
      chunk = Math.min(2 * chunk, maxArraySize);
    }
  }

  /** Asks everything that is left to end. */
  async function endAll(queue: Queue): Promise<void> {
    const dropped = waiting.filter(({ former }) => !former);
    waiting = waiting.filter(({ former }) => former);
    for (const { job, events } of dropped) events.ended(job, { kind: 'cancelled', detail: 'not submitted to Slurm' });
    const known = [...tasks].flatMap((task) => {
      const entry = queue.get(keyOf(task));
      return entry && isAlive(entry) ? [{ id: idOf(task, entry), waits: entry.state === 'PENDING' }] : [];
    });
    await dropWaiting(known.filter(({ waits }) => waits).map(({ id }) => id));
    const running = known.filter(({ waits }) => !waits).map(({ id }) => id);
    await (stops > 1 ? cancel(running) : askToEnd(running));
  }

  const track = (job: Job, events: LaunchEvents, place: TaskPlace) =>
    tasks.add({ ...place, job, events, started: false, quietSince: undefined });

  return {
    description: `Slurm${config.partition ? `, partition ${config.partition}` : ''}${config.concurrent ? `, ${config.concurrent} jobs at once` : ''}`,
    launch(jobs, events) {
      for (const job of jobs) {
        const former = latest.get(job.id);
        waiting.push({ job, events, former: former && readRecord(former).code === undefined ? former : undefined });
      }
      rounds.wake();
    },
    stop() {
      stops += 1;
      rounds.wake();
      return rounds.idle();
    },
  };
}

const keyOf = ({ submission, number }: TaskPlace): string => taskKey(submission.name, number);

const idOf = ({ submission, number }: TaskPlace, entry: QueueEntry | undefined): string =>
  `${entry?.arrayId ?? submission.slurmId ?? submission.name}_${number}`;
