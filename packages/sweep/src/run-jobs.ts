import type { Job, JobOutcome, Launcher } from './launcher';
import { lastLines } from './log-tail';

/** A job that did not end with exit code 0. */
export interface FailedJob {
  readonly job: Job;
  readonly how: string; // `exit code 1`, `SIGKILL`, or the launcher's message
  readonly said: string; // the end of its log, indented, and the path of the log
}

/**
 * Runs jobs until all have ended. Returns those that failed, in the order of `jobs`. `onDone` receives the number of jobs that have
 * succeeded.
 */
export async function runJobs(launcher: Launcher, jobs: readonly Job[], onDone?: (count: number) => void): Promise<FailedJob[]> {
  const outcomes = new Map<Job, JobOutcome>();
  await new Promise<void>((resolve) => {
    if (jobs.length === 0) return resolve();
    launcher.launch(jobs, {
      started: () => undefined,
      ended(job, outcome) {
        outcomes.set(job, outcome);
        onDone?.([...outcomes.values()].filter(isSuccess).length);
        if (outcomes.size === jobs.length) resolve();
      },
    });
  });
  return jobs.flatMap((job) => failureOf(job, outcomes.get(job)!));
}

function failureOf(job: Job, outcome: JobOutcome): FailedJob[] {
  if (isSuccess(outcome)) return [];
  const how = outcome.kind === 'exited' ? `exit code ${outcome.code}` : outcome.kind === 'killed' ? outcome.signal : outcome.detail;
  const last = lastLines(job.log, 0, 5).map((line) => `\n  ${line}`).join(''); // prettier-ignore
  return [{ job, how, said: `${last}\nIts whole log: ${job.log}` }];
}

const isSuccess = (outcome: JobOutcome): boolean => outcome.kind === 'exited' && outcome.code === 0;
