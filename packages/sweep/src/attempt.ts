import { existsSync } from 'node:fs';
import { identityOf } from '@tass/files';
import {
  attemptFolder,
  heartbeatFile,
  makeAttempt,
  staysInside,
  workerOf,
  writeEnd,
  writeRun,
  type AttemptEnd,
  type AttemptRecord,
} from './attempt-files';
import { cellLog, readCell, type Cell } from './cell';
import { defaultLeaseSeconds, readCellStatus } from './cell-state';
import { startHeartbeat } from './heartbeat';
import { SweepError } from './sweep-error';

/** The variable in which a sweep passes a worker the id of its job. */
export const jobVariable = 'TASS_SWEEP_JOB';

/** An attempt at a cell by this process. */
export interface Attempt {
  readonly cell: Cell;
  readonly number: number;
  readonly log: string; // the file for the output
  readonly earlier: readonly AttemptRecord[]; // earlier attempts, oldest first, whose unfinished run can be resumed
  /** Records the run folder, relative to the runs folder. Throws SweepError; DiskError. */
  setRun(run: string): void;
  /** True once another process has taken over the cell because this one's heartbeat expired. */
  isLost(): boolean;
  /** Ends the attempt. Call this once, at the end. Throws DiskError. */
  end(end: Omit<AttemptEnd, 'at'>): void;
}

/** Thrown for a cell that is done, or that another process works on. */
export class CellTakenError extends SweepError {
  override readonly name = 'CellTakenError';

  constructor(
    message: string,
    readonly state: 'succeeded' | 'running',
  ) {
    super(message);
  }
}

/**
 * Claims the cell in `folder` for this process; if several processes try, exactly one gets it. A thread writes heartbeats. Throws
 * CellTakenError if the cell has succeeded or another process works on it; SweepError if it is not a cell; DiskError.
 */
export function claimAttempt(folder: string, leaseSeconds: number = defaultLeaseSeconds): Attempt {
  const cell = readCell(folder);
  const { state, attempts } = readCellStatus(folder);
  if (state === 'succeeded') throw new CellTakenError(`${cell.name} is done (${folder})`, state);
  if (state === 'running') throw taken(cell, attempts);
  const number = (attempts.at(-1)?.number ?? 0) + 1;
  const job = process.env[jobVariable] ?? null;
  const claim = { ...identityOf(), job, leaseSeconds, at: new Date().toISOString() };
  if (!makeAttempt(folder, number, claim)) throw taken(cell, []);

  const stopHeartbeat = startHeartbeat(heartbeatFile(folder, number), (leaseSeconds * 1000) / 6);
  return {
    cell,
    number,
    log: cellLog(folder),
    earlier: attempts,
    setRun(run) {
      if (!staysInside(run)) throw new SweepError(`run ${JSON.stringify(run)} of ${folder}: expected a path below the folder of runs`);
      writeRun(folder, number, run);
    },
    isLost: () => existsSync(attemptFolder(folder, number + 1)),
    end(end) {
      writeEnd(folder, number, end);
      stopHeartbeat();
    },
  };
}

const taken = ({ name, folder }: Cell, attempts: readonly AttemptRecord[]): CellTakenError =>
  new CellTakenError(`${name} is being run by ${workerOf(attempts)} (${folder})`, 'running');
