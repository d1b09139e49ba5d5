import { join } from 'node:path';
import type { Job, LaunchEvents, Launcher } from '../launcher';
import { fateOf, followTask, idOf, keyOf, type Task } from './follow-task';
import { createRounds } from './rounds';
import { askToEnd, cancel, checkCluster, dropWaiting, lookAtQueue, type Queue } from './slurm-commands';
import type { SlurmConfig } from './slurm-config';
import { readRecord, readSubmissions, removeEnvironment, type Submission, type TaskPlace } from './submission';
import { submitJobs } from './submit-jobs';
import { isAlive } from './task-outcome';

export interface SlurmLauncherOptions {
  readonly folder: string; // of the sweep, on a disk that the nodes share; submissions are kept in its folder `slurm`
  readonly label: string; // prefix of the jobs' names in Slurm
  readonly environment: Readonly<Record<string, string>>; // of the jobs, whatever Slurm exports
  readonly say?: (line: string) => void; // receives problems of the sweep
  /** How long the record of an ended task may take to appear: network disks cache listings, and a task on a failed node may be saving. */
  readonly recordSeconds?: number; // 60
}

/** A job to run. */
interface Waiting {
  readonly job: Job;
  readonly events: LaunchEvents;
  readonly former?: TaskPlace; // its task in an earlier submission, which may still wait or run
}

const secondsWhileStopping = 2; // at most, between two checks of the queue

/**
 * Runs jobs as arrays of tasks on the Slurm cluster of this machine. It checks Slurm's queue every `pollSeconds`, but only the record that
 * each task writes in the sweep's folder counts. The tasks of a killed launcher continue: the next launcher in the same folder with the
 * same jobs takes them over and submits none twice. Only one launcher works in a folder at a time (the sweep's lock). Throws SlurmError if
 * there is no Slurm, or Slurm refuses the configuration. A job that Slurm refuses later ends as `lost`.
 */
export function createSlurmLauncher(config: SlurmConfig, options: SlurmLauncherOptions): Launcher {
  return new SlurmLauncher(config, options, checkCluster(config).maxArraySize);
}

class SlurmLauncher implements Launcher {
  readonly description: string;
  private readonly home: string;
  private readonly label: string;
  private readonly latest = new Map<string, TaskPlace>(); // of each job
  private readonly tasks = new Set<Task>();
  private waiting: Waiting[] = [];
  private chunk: number; // jobs in the next submission, fewer if the cluster has a limit
  private stops = 0;
  private isAnswering = true;
  private readonly said = new Set<string>();
  private readonly rounds = createRounds(() => this.round());

  constructor(
    private readonly config: SlurmConfig,
    private readonly options: SlurmLauncherOptions,
    private readonly maxArraySize: number,
  ) {
    const { partition, concurrent } = config;
    this.description = `Slurm${partition ? `, partition ${partition}` : ''}${concurrent ? `, ${concurrent} at once` : ''}`;
    this.home = join(options.folder, 'slurm');
    this.label = options.label.replace(/[^A-Za-z0-9_.-]+/g, '-') || 'sweep';
    this.chunk = maxArraySize;
    readSubmissions(this.home).forEach((submission) => this.remember(submission));
  }

  launch(jobs: readonly Job[], events: LaunchEvents): void {
    for (const job of jobs) {
      const former = this.latest.get(job.id);
      this.waiting.push({ job, events, former: former && readRecord(former).code === undefined ? former : undefined });
    }
    this.rounds.wake();
  }

  stop(): Promise<void> {
    this.stops += 1;
    this.rounds.wake();
    return this.rounds.idle();
  }

  /** Checks the queue once and acts on it. Returns the seconds until the next check, or undefined if no job is left. */
  private async round(): Promise<number | undefined> {
    const former = this.waiting.flatMap(({ former }) => former ?? []);
    const hadBegun = new Set(former.filter((place) => readRecord(place).begun));
    const places = [...former, ...[...this.tasks].map(({ place }) => place)];
    const answer = await lookAtQueue([...new Set(places.map(({ submission }) => submission.name))]);
    const queue = typeof answer === 'string' ? undefined : answer;
    if (!queue && this.isAnswering) this.say(`launcher slurm: Slurm does not answer; retrying ${this.interval}: ${answer}`);
    this.isAnswering = queue !== undefined;

    if (queue) this.takeOver(queue, hadBegun);
    await this.follow(queue);
    if (queue && this.stops === 0) await this.submitWaiting();
    if (queue && this.stops > 0) await this.endAll(queue);
    if (this.waiting.length + this.tasks.size === 0) return undefined;
    return this.stops > 0 ? Math.min(secondsWhileStopping, this.config.pollSeconds) : this.config.pollSeconds;
  }

  /** Finds the living tasks of an earlier launcher, or of an sbatch that did not answer. The other jobs can then be submitted. */
  private takeOver(queue: Queue, hadBegun: ReadonlySet<TaskPlace>): void {
    this.waiting = this.waiting.flatMap(({ job, events, former }) => {
      const fate = former ? fateOf(former, queue, hadBegun.has(former)) : 'gone';
      if (former && fate === 'alive') this.track(job, events, former);
      if (fate === 'alive') return [];
      return [fate === 'unclear' ? { job, events, former } : { job, events }];
    });
  }

  private async follow(queue: Queue | undefined): Promise<void> {
    const { recordSeconds = 60 } = this.options;
    for (const task of this.tasks) {
      const say = (line: string) => this.sayOnce(line);
      const outcome = await followTask(task, queue, { recordSeconds, stopping: this.stops > 0, say });
      if (!outcome) continue;
      this.tasks.delete(task);
      this.forgetEnvironment(task.place.submission);
      task.events.ended(task.job, outcome);
    }
  }

  /** Passwords stay on disk only while tasks may read them. */
  private forgetEnvironment(submission: Submission): void {
    const places = [...[...this.tasks].map(({ place }) => place), ...this.waiting.flatMap(({ former }) => former ?? [])];
    if (!places.some((place) => place.submission === submission)) removeEnvironment(submission);
  }

  private async submitWaiting(): Promise<void> {
    for (;;) {
      const some = this.stops > 0 ? [] : this.waiting.filter(({ former }) => !former).slice(0, Math.min(this.chunk, this.room()));
      if (some.length === 0) return;
      const jobs = some.map(({ job }) => job);
      const result = await submitJobs(jobs, {
        config: this.config,
        folder: this.home,
        label: this.label,
        environment: this.options.environment,
      });
      if (result.kind === 'limit') {
        this.chunk = Math.ceil(some.length / 2);
        if (some.length > 1) continue;
        return this.sayOnce(`${result.message}. Retrying ${this.interval}`);
      }
      this.chunk = Math.min(2 * this.chunk, this.maxArraySize);
      this.waiting = this.waiting.filter((each) => !some.includes(each));
      if (result.kind === 'refused') {
        for (const { job, events } of some) events.ended(job, { kind: 'lost', detail: result.message });
        continue;
      }
      this.remember(result.submission);
      const places = some.map(({ job, events }, number) => ({ job, events, former: { submission: result.submission, number } }));
      if (result.kind === 'unknown') {
        this.waiting.push(...places); // the next check of the queue shows it
        return this.sayOnce(result.message);
      }
      for (const { job, events, former } of places) this.track(job, events, former);
    }
  }

  /** Jobs that may be submitted now. A single array limits itself to `concurrent`. */
  private room(): number {
    const { concurrent } = this.config;
    return concurrent && this.tasks.size > 0 ? Math.max(0, concurrent - this.tasks.size) : Infinity;
  }

  /** Asks all remaining tasks to end. */
  private async endAll(queue: Queue): Promise<void> {
    const dropped = this.waiting.filter(({ former }) => !former);
    this.waiting = this.waiting.filter(({ former }) => former);
    for (const { job, events } of dropped) events.ended(job, { kind: 'cancelled', detail: 'it was not yet submitted' });

    const alive = [...this.tasks].flatMap(({ place }) => {
      const entry = queue.get(keyOf(place));
      return entry && isAlive(entry) ? [{ id: idOf(place, entry), waits: entry.state === 'PENDING' }] : [];
    });
    await dropWaiting(alive.filter(({ waits }) => waits).map(({ id }) => id));
    const running = alive.filter(({ waits }) => !waits).map(({ id }) => id);
    await (this.stops > 1 ? cancel(running) : askToEnd(running));
  }

  private remember(submission: Submission): void {
    submission.jobs.forEach((id, number) => this.latest.set(id, { submission, number }));
  }

  private track(job: Job, events: LaunchEvents, place: TaskPlace): void {
    this.tasks.add({ place, job, events, started: false, quietSince: undefined });
  }

  private get interval(): string {
    return `every ${this.config.pollSeconds} s`;
  }

  private say(line: string): void {
    this.options.say?.(line);
  }

  private sayOnce(line: string): void {
    if (!this.said.has(line)) this.say(line);
    this.said.add(line);
  }
}
