import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { refuseOtherData } from '@tass/experiment';
import { readOptions, UsageError } from '@tass/program';
import { claimAttempt, CellTakenError, type Attempt } from '@tass/sweep';
import { lockedBy, openRun, readReport, readRun, releaseRunOf, RunError, type Run, type RunRecord } from '@tass/tracking';
import { experimentOf, noteUnknown } from './begun-run';
import { experimentOfCell, refuseOtherDigests, sweepOfRun } from './cell';
import { mirrored } from './mirrored';
import { say } from '@tass/progress';
import { listenForStop, type StopRequest } from './stop-signal';
import { beginRun, openTraining, prepareTraining, trainAndReport, type Prepared, type TrainingEnd } from './training-run';

const FAILED = 1;
const STOPPED = 143;

/**
 * Computes one cell of a grid. A launcher starts it: `cell FOLDER --sweep=FOLDER [--threads=N]`, with the sweep's folder relative to the
 * runs folder. Resumes the unfinished run of an earlier attempt. Exit code: 0 if the cell is done, 143 if it was stopped and saved.
 */
export async function cellCommand(words: readonly string[], settings: ProjectSettings): Promise<number> {
  const { options, rest } = readOptions(words, { sweep: 'value', threads: 'value' });
  if (rest.length !== 1) throw new UsageError('cell takes one word, the folder of a cell');
  const stop = listenForStop(say, { isJob: true }); // before the claim: after it, a signal must save
  try {
    const attempt = claim(resolve(rest[0]));
    return attempt === undefined ? 0 : await compute(attempt, stop, settings, options);
  } finally {
    stop.release();
  }
}

async function compute(
  attempt: Attempt,
  stop: StopRequest,
  settings: ProjectSettings,
  options: { readonly sweep: string | undefined; readonly threads: string | undefined },
): Promise<number> {
  try {
    const work = new CellWork(attempt, settings, () => stop.requested() || attempt.isLost());
    const { finished, step } = await work.run(options.threads === undefined ? null : Number(options.threads), options.sweep);
    attempt.end({ state: finished ? 'succeeded' : 'preempted', code: finished ? 0 : STOPPED, step, message: null });
    return finished ? 0 : STOPPED;
  } catch (error) {
    endAsFailed(attempt, error as Error);
    throw error;
  }
}

/** If the record cannot be written, the first error still counts: the sweep sees that the process has ended. */
function endAsFailed(attempt: Attempt, { message }: Error): void {
  try {
    attempt.end({ state: 'failed', code: FAILED, step: null, message });
  } catch (error) {
    say((error as Error).message);
  }
}

/** Undefined if the cell is already done. Throws CellTakenError if another process works on it. */
function claim(folder: string): Attempt | undefined {
  try {
    return claimAttempt(folder);
  } catch (error) {
    if (!(error instanceof CellTakenError) || error.state !== 'succeeded') throw error;
    say(error.message);
    return undefined;
  }
}

/** Undefined, with a message, for a run whose manifest or report is damaged: a new one is trained. */
function unlessDamaged(folder: string): RunRecord | undefined {
  try {
    const record = readRun(folder);
    if (record.finished) readReport(folder);
    return record;
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    say(`not resumed: ${error.message}`);
    return undefined;
  }
}

class CellWork {
  constructor(
    private readonly attempt: Attempt,
    private readonly settings: ProjectSettings,
    private readonly stopRequested: () => boolean,
  ) {}

  async run(threads: number | null, sweep: string | undefined): Promise<TrainingEnd> {
    const begun = this.earlierRun();
    if (begun) this.attempt.setRun(relative(this.settings.runs, begun.folder));
    if (begun?.finished) return { finished: true, step: 0 };
    const experiment = begun ? experimentOf(begun) : experimentOfCell(this.attempt.cell, threads);
    const prepared = await prepareTraining(experiment, this.settings, begun);
    refuseOtherDigests(this.attempt.cell, prepared.data);
    const run = begun ? this.goOnWith(begun, prepared) : this.begin(prepared, sweep);
    try {
      const training = openTraining(prepared, run);
      const { stopRequested } = this;
      return await mirrored(run, prepared.server, (committed) => trainAndReport(training, { stopRequested, committed }));
    } finally {
      run.close();
    }
  }

  /** The run of the latest attempt that has one, even if it is finished: its process may have been killed before it could record that. */
  private earlierRun(): RunRecord | undefined {
    for (const { run, claim } of this.attempt.earlier.toReversed()) {
      const folder = run === undefined ? undefined : join(this.settings.runs, run);
      if (folder === undefined || !existsSync(join(folder, 'manifest.json'))) continue;
      if (claim) releaseRunOf(folder, claim); // its process has ended or its heartbeat expired, or this attempt could not be claimed
      const record = unlessDamaged(folder);
      if (record?.manifest.cell !== this.attempt.cell.address) continue;
      const locked = lockedBy(folder);
      if (!locked) return record;
      say(`not resumed: ${locked.message}`);
    }
    return undefined;
  }

  private goOnWith(begun: RunRecord, prepared: Prepared): Run {
    refuseOtherData(begun, prepared.data);
    noteUnknown(begun, prepared);
    return openRun(begun.folder);
  }

  private begin(prepared: Prepared, sweep: string | undefined): Run {
    const { address, experiment, overrides } = this.attempt.cell;
    const origin = { experiment, overrides, cell: address, ...(sweep === undefined ? {} : { sweep: sweepOfRun(sweep) }) };
    const run = beginRun(prepared, origin, this.settings);
    this.attempt.setRun(relative(this.settings.runs, run.folder));
    return run;
  }
}
