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

/** The variable in which a sweep tells its workers the job that they are. */
export const jobVariable = 'TASS_SWEEP_JOB';

/** A cell that this process works on. */
export interface Attempt {
  readonly cell: Cell;
  readonly number: number;
  readonly log: string; // the file that a sweep sends the output to
  readonly earlier: readonly AttemptRecord[]; // the attempts before, the first one first: their unfinished run can be gone on with
  /** Keeps the run folder, from the folder of runs, where anyone who looks at the cell finds it. Throws SweepError; DiskError. */
  setRun(run: string): void;
  /** True once another process has taken the cell over, because this one was long not heard of. */
  isLost(): boolean;
  /** Ends the attempt. To be called once, as the last thing. Throws DiskError. */
  end(end: Omit<AttemptEnd, 'at'>): void;
}

/** A cell that is done, or that another process works on. */
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
 * Makes this process the one that works on the cell in `folder`; of several that try, exactly one gets it. A thread keeps the claim fresh.
 * Throws CellTakenError where it has succeeded or another process works on it; SweepError where it is no cell; DiskError.
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
  new CellTakenError(`${name} is being worked on by ${workerOf(attempts)} (${folder})`, 'running');
