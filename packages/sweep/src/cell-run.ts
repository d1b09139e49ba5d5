import type { AttemptEnd, AttemptRecord } from './attempt-files';
import type { JobOutcome } from './launcher';

/** What a sweep needs to run a cell. */
export interface SweepCell {
  readonly address: string;
  readonly name: string;
  readonly folder: string;
}

/** A job of this sweep, from its launch until its end has been processed. */
export interface CellJob {
  readonly id: string;
  readonly attempts: number; // of the cell when the job was launched
  readonly logFrom: number; // size of the log in bytes when it was launched
  started?: boolean;
  outcome?: JobOutcome; // once it has ended
}

/** The effect of a job's end on its cell. */
export type Verdict =
  | { readonly kind: 'none' } // it succeeded, another process works on the cell, or it never ran
  | { readonly kind: 'preempted'; readonly step: number | null; readonly reason: string }
  | { readonly kind: 'failed'; readonly ended: string; readonly message: string | null };

interface JobEnd {
  readonly end: AttemptEnd | undefined;
  readonly taken: boolean;
  readonly stopping: boolean; // the sweep itself stops its jobs
}

/** A cell while a sweep runs it. */
export class CellRun {
  settled = false;
  waiting = false; // for another process
  launches = 0;
  failures = 0;
  job: CellJob | undefined;
  private furthest = 0; // step
  private inVain = 0; // preempted attempts in a row without progress

  constructor(readonly cell: SweepCell) {}

  begin(job: CellJob, attempts: readonly AttemptRecord[]): void {
    this.launches++;
    this.job = job;
    this.furthest = Math.max(this.furthest, ...attempts.map(({ end }) => end?.step ?? 0));
  }

  /** Closes the job. `end` is how its attempt ended; `taken`: another process had the cell in the meantime. */
  judge(outcome: JobOutcome, { end, taken, stopping }: JobEnd): Verdict {
    this.job = undefined;
    const verdict = this.verdict(outcome, { end, taken, stopping });
    if (verdict.kind === 'failed') this.failures++;
    return verdict;
  }

  private verdict(outcome: JobOutcome, { end, taken, stopping }: JobEnd): Verdict {
    if (end?.state === 'succeeded' || (!end && taken)) return { kind: 'none' };
    if (!end && stopping && outcome.kind === 'cancelled') return { kind: 'none' }; // it had not begun
    if (end?.state === 'failed') return { kind: 'failed', ended: inWords(outcome), message: end.message };
    if (end?.state === 'preempted') return this.preempted(end.step, end.message ?? inWords(outcome), stopping);
    if (!stopping && isOfItself(outcome)) {
      return { kind: 'failed', ended: inWords(outcome), message: 'it ended before it had claimed the cell' };
    }
    return this.preempted(null, inWords(outcome), stopping);
  }

  private preempted(step: number | null, reason: string, stopping: boolean): Verdict {
    const further = step !== null && step > this.furthest;
    if (further) this.furthest = step;
    this.inVain = further ? 0 : this.inVain + 1;
    if (this.inVain < 2 || stopping) return { kind: 'preempted', step, reason };
    this.inVain = 0;
    return { kind: 'failed', ended: reason, message: `stopped twice in a row without getting past step ${this.furthest}` };
  }
}

/** True if the process ended by itself, false if its launcher ended it. */
export const isOfItself = ({ kind }: JobOutcome): boolean => kind === 'exited' || kind === 'killed';

export function inWords(outcome: JobOutcome): string {
  if (outcome.kind === 'exited') return `exit code ${outcome.code}`;
  if (outcome.kind === 'killed') return `killed by ${outcome.signal}`;
  return `${outcome.kind}: ${outcome.detail}`;
}
