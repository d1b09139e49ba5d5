/** One process that a launcher is to start: `node <main> <words>`. */
export interface Job {
  readonly id: string; // letters, digits and dashes; unique within one launcher
  readonly name: string; // for people, as `tass-small seed=1`
  readonly main: string; // absolute path of the program
  readonly words: readonly string[]; // its arguments, passed on as they are: no shell reads them
  readonly folder: string; // absolute; where the launcher may keep files of its own
  readonly log: string; // absolute; output and errors of the process are appended to it
  readonly environment?: Readonly<Record<string, string>>; // over the environment of the parent
}

/**
 * How a job ended, as its launcher saw it. `exited` and `killed` are what the process itself did; `cancelled`: someone took it back
 * before or while it ran; `timeout`: its time was up; `lost`: nobody can tell any more (a node is gone, or it could not be started).
 */
export type JobOutcome =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string } // as `SIGKILL`
  | { readonly kind: 'cancelled' | 'timeout' | 'lost'; readonly detail: string };

/** What a launcher tells of its jobs: `started` at most once, `ended` exactly once for each job that was launched, never from within `launch`. */
export interface LaunchEvents {
  started(job: Job, where: string): void; // where: `process 4711`, `Slurm job 17_3 on node5`
  ended(job: Job, outcome: JobOutcome): void;
}

/** Runs jobs somewhere. What they compute, and what their ends mean, it does not know. */
export interface Launcher {
  readonly description: string; // one line, as `this machine, 2 jobs at once`
  /** Queues the jobs and returns at once. May be called again while earlier jobs run. */
  launch(jobs: readonly Job[], events: LaunchEvents): void;
  /**
   * Asks running jobs to save and end, and drops waiting ones (`ended` with `cancelled`). Resolves when all have ended.
   * Called again, it no longer asks: what still runs is killed.
   */
  stop(): Promise<void>;
}
