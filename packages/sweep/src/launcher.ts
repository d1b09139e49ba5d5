/** A process for a launcher to start: `node <main> <words>`. */
export interface Job {
  readonly id: string; // letters, digits and dashes; unique within one launcher
  readonly name: string; // for people, as `tass-small seed=1`
  readonly main: string; // absolute path of the program
  readonly words: readonly string[]; // its arguments, passed on unchanged; no shell interprets them
  readonly folder: string; // absolute; for the launcher's own files
  readonly log: string; // absolute; output and errors of the process are appended to it
  readonly environment?: Readonly<Record<string, string>>; // over the environment of the parent
}

/**
 * How a job ended, as its launcher saw it. `exited` and `killed`: the process ended; `cancelled`: someone cancelled it before or while it
 * ran; `timeout`: it reached its time limit; `lost`: its end is unknown (a node failed, or it could not be started).
 */
export type JobOutcome =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string } // as `SIGKILL`
  | { readonly kind: 'cancelled' | 'timeout' | 'lost'; readonly detail: string };

/** Events of a launcher's jobs: for each launched job, `started` at most once and `ended` exactly once, never from within `launch`. */
export interface LaunchEvents {
  started(job: Job, where: string): void; // where: `process 4711`, `Slurm job 17_3 on node5`
  ended(job: Job, outcome: JobOutcome): void;
}

/** Runs jobs. It does not know what they compute or what their ends mean. */
export interface Launcher {
  readonly description: string; // one line, as `this machine, 2 jobs at once`
  /** Queues the jobs and returns at once. May be called again while earlier jobs run. */
  launch(jobs: readonly Job[], events: LaunchEvents): void;
  /**
   * Asks running jobs to save and end, and drops waiting ones (`ended` with `cancelled`). Resolves when all have ended. A second call kills
   * the jobs that still run.
   */
  stop(): Promise<void>;
}
