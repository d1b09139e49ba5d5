import { join } from 'node:path';
import { fileSystemTime } from '@tass/files';
import type { StopSignals } from '@tass/program';
import { readAttempts, workerOf, writeEnd, type AttemptRecord } from './attempt-files';
import { jobVariable } from './attempt';
import { cellLog } from './cell';
import { cellStates, readCellStatus, type CellState, type CellStatus } from './cell-state';
import { CellRun, inWords, isOfItself, type CellJob, type SweepCell } from './cell-run';
import type { Job, JobOutcome, Launcher } from './launcher';
import { lastLines, sizeOf } from './log-tail';
import type { Failure, StopReason, SweepEvent } from './sweep-event';

export interface SweepWork {
  readonly id: string; // of the sweep; the ids of its jobs begin with it
  readonly folder: string; // of the sweep; the launcher keeps its files there
  readonly cells: readonly SweepCell[];
  readonly launcher: Launcher;
  readonly program: (cell: SweepCell) => Pick<Job, 'main' | 'words'>; // the worker of a cell
  readonly retry: number; // how often a failed cell is retried
  readonly failFast: boolean; // the first cell that fails after all retries stops the sweep
  readonly onEvent: (event: SweepEvent) => void;
  readonly signals: StopSignals; // stop signals for this program
  readonly pollSeconds?: number; // between two checks of cells that other processes work on
}

export interface SweepResult {
  readonly counts: Readonly<Record<CellState, number>>; // of the cells; equal ones count once
  readonly stopped: StopReason | undefined;
}

/**
 * Runs the unfinished cells until each has succeeded or failed after all retries. Equal cells run once. Waits for cells that another
 * process works on. A stop signal makes the jobs save and end; a second one kills them. Only one process may run a sweep at a time: the
 * caller holds its lock. Throws DiskError, SweepError, after asking the jobs to stop.
 */
export const runSweep = (work: SweepWork): Promise<SweepResult> => new SweepRun(work).run();

class SweepRun {
  private readonly runs: readonly CellRun[];
  private readonly byJob = new Map<string, CellRun>();
  private stopReason: StopReason | undefined;
  private news = false; // since the last check
  private wake: () => void = () => undefined;

  constructor(private readonly work: SweepWork) {
    const byAddress = new Map<string, CellRun>();
    for (const cell of work.cells) {
      const same = byAddress.get(cell.address);
      if (same) work.onEvent({ kind: 'equal', cell, to: same.cell });
      else byAddress.set(cell.address, new CellRun(cell));
    }
    this.runs = [...byAddress.values()];
  }

  async run(): Promise<SweepResult> {
    const release = this.work.signals.listen({ ask: (signal) => this.stop(signal), insist: () => this.stopJobs() });
    try {
      while (this.look()) await this.somethingNew();
      return { counts: this.counts(), stopped: this.stopReason };
    } catch (error) {
      if (!this.stopReason) await this.work.launcher.stop().catch(() => undefined); // the first error counts; a second call would kill
      throw error;
    } finally {
      release();
    }
  }

  /** Processes jobs that have ended and launches new ones. Returns false if nothing is left to wait for. */
  private look(): boolean {
    const open = this.runs.filter(({ settled, job }) => !settled && (!job || job.outcome));
    const now = this.clock();
    const launchable = open.filter((run) => this.isLaunchable(run, now));
    if (this.stopReason) return this.runs.some(({ job }) => job && !job.outcome);
    if (launchable.length > 0) this.launch(launchable);
    return this.runs.some(({ settled }) => !settled);
  }

  private isLaunchable(run: CellRun, now: () => number): boolean {
    const { cell } = run;
    if (run.job?.outcome && !this.isJudged(run, run.job, run.job.outcome, now)) return false;
    if (run.settled) return false;
    const { state, attempts } = readCellStatus(cell.folder, now);
    if (state === 'succeeded') {
      run.settled = true;
      this.work.onEvent({ kind: 'done', cell, here: run.launches > 0 });
      return false;
    }
    if (state === 'running' && !run.waiting) this.work.onEvent({ kind: 'waiting', cell, where: workerOf(attempts) });
    run.waiting = state === 'running';
    return !run.waiting;
  }

  /**
   * Processes the end of a job. Returns false while its attempt has no record but may be alive: a file that a worker wrote on another
   * machine may take a while to appear here.
   */
  private isJudged(run: CellRun, job: CellJob, outcome: JobOutcome, now: () => number): boolean {
    const { folder } = run.cell;
    const stopping = this.stopReason !== undefined;
    const ownOf = ({ attempts }: CellStatus) => attempts.find(({ claim }) => claim?.job === job.id);
    let status = readCellStatus(folder, now);
    const own = ownOf(status);
    if (own && !own.end && own === status.attempts.at(-1)) {
      if (status.state === 'running') return false;
      endForWorker(folder, own, outcome, stopping);
      status = readCellStatus(folder, now);
    }
    const taken = status.state === 'succeeded' || status.attempts.length > job.attempts;
    const verdict = run.judge(outcome, { end: ownOf(status)?.end, taken, stopping });
    if (verdict.kind === 'preempted') this.work.onEvent({ ...verdict, cell: run.cell });
    if (verdict.kind === 'failed')
      this.failed(run, { ...verdict, log: cellLog(folder), lastLines: lastLines(cellLog(folder), job.logFrom) });
    return true;
  }

  private failed(run: CellRun, { ended, message, log, lastLines }: Failure): void {
    const retriesLeft = this.work.retry - run.failures + 1;
    run.settled = retriesLeft <= 0;
    this.work.onEvent({ kind: 'failed', cell: run.cell, failure: { ended, message, log, lastLines }, retriesLeft });
    if (run.settled && this.work.failFast) this.stop('failure');
  }

  private launch(runs: readonly CellRun[]): void {
    const jobs = runs.map((run) => this.jobOf(run));
    this.work.launcher.launch(jobs, {
      started: ({ id }, where) => {
        const { cell, job } = this.byJob.get(id) as CellRun;
        if (job) job.started = true;
        this.work.onEvent({ kind: 'started', cell, where });
      },
      ended: ({ id }, outcome) => {
        const { job } = this.byJob.get(id) as CellRun;
        if (job) job.outcome = outcome;
        this.tellNews();
      },
    });
  }

  /** A resumed sweep uses the same id, so that its launcher recognises a job that still waits in a queue. */
  private jobOf(run: CellRun): Job {
    const { cell } = run;
    const { id: sweep, folder, program } = this.work;
    const attempts = readAttempts(cell.folder);
    const base = `${sweep}-${cell.address}-${attempts.length + 1}`;
    const id = this.byJob.has(base) ? `${base}-${run.launches}` : base;
    this.byJob.set(id, run);
    run.begin({ id, attempts: attempts.length, logFrom: sizeOf(cellLog(cell.folder)) }, attempts);
    this.work.onEvent({ kind: 'launched', cell });
    return {
      id,
      name: cell.name,
      ...program(cell),
      folder: join(folder, 'launcher'),
      log: cellLog(cell.folder),
      environment: { [jobVariable]: id },
    };
  }

  private stop(reason: StopReason): void {
    const isAsked = this.stopReason !== undefined; // a signal after a failure: the jobs are already saving
    if (isAsked && reason === 'failure') return;
    this.stopReason ??= reason;
    this.work.onEvent({ kind: 'stopping', reason, jobs: this.runs.filter(({ job }) => job?.started && !job.outcome).length });
    if (!isAsked) this.stopJobs();
  }

  /** Asks them to save and end; called again, kills them. */
  private stopJobs(): void {
    const told = (): void => this.tellNews();
    this.work.launcher.stop().then(told, told); // jobs that it could not stop are followed until they end
    this.tellNews();
  }

  private tellNews(): void {
    this.news = true;
    this.wake();
  }

  private async somethingNew(): Promise<void> {
    if (!this.news) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, (this.work.pollSeconds ?? 2) * 1000);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.news = false;
  }

  /** The file system's time, read at most once for each check of all cells. */
  private clock(): () => number {
    let time: number | undefined;
    return () => (time ??= fileSystemTime(this.work.folder));
  }

  private counts(): Record<CellState, number> {
    const now = this.clock();
    const states = this.runs.map(({ cell }) => readCellStatus(cell.folder, now).state);
    return Object.fromEntries(cellStates.map((state) => [state, states.filter((one) => one === state).length])) as Record<
      CellState,
      number
    >;
  }
}

/** Ends the attempt of a worker that has ended without doing so. */
function endForWorker(folder: string, { number }: AttemptRecord, outcome: JobOutcome, stopping: boolean): void {
  const state = isOfItself(outcome) && !stopping ? 'failed' : 'preempted';
  const message = outcome.kind === 'exited' ? 'it ended without a record' : inWords(outcome);
  const code = outcome.kind === 'exited' ? outcome.code : null;
  writeEnd(folder, number, { state, code, step: null, message });
}
