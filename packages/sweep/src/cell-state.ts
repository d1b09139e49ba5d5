import { fileSystemTime, lifeOf, type Life } from '@tass/files';
import { problemOfRun } from './finished-run';
import { readAttempts, type AttemptRecord, type Claim } from './attempt-files';

/** `stale`: its process ended without a record. `preempted`: it was stopped from outside and saved. */
export type CellState = 'pending' | 'running' | 'stale' | 'succeeded' | 'failed' | 'preempted';

export const cellStates: readonly CellState[] = ['pending', 'running', 'stale', 'succeeded', 'failed', 'preempted'];

export interface CellStatus {
  readonly state: CellState;
  readonly attempts: readonly AttemptRecord[];
}

/** Seconds after its last heartbeat for which a process counts as alive, if it cannot be looked up. */
export const defaultLeaseSeconds = 60;

/** Information that is not in the files. */
export interface Surroundings {
  readonly now: () => number; // milliseconds since 1970 by the file system's clock; read only if needed
  readonly lifeOf: (claim: Claim) => Life;
}

/**
 * The state of a cell with these attempts. If any attempt succeeded, the cell succeeded; otherwise the last attempt decides. For a process
 * that cannot be looked up from here, or whose claim is damaged, the heartbeat decides. A heartbeat dated in the future counts as expired,
 * because no clock might ever reach it.
 */
export function stateOf(attempts: readonly AttemptRecord[], { now, lifeOf }: Surroundings): CellState {
  if (attempts.some(({ end }) => end?.state === 'succeeded')) return 'succeeded';
  const last = attempts.at(-1);
  if (last === undefined) return 'pending';
  if (last.end) return last.end.state;
  const life = last.claim ? lifeOf(last.claim) : 'unknown';
  if (life !== 'unknown') return life === 'alive' ? 'running' : 'stale';
  const lease = (last.claim?.leaseSeconds ?? defaultLeaseSeconds) * 1000;
  return last.heartbeatAt !== undefined && Math.abs(now() - last.heartbeatAt) <= lease ? 'running' : 'stale';
}

/** The state of the cell in `folder`. An attempt counts as succeeded only while its run exists, is finished and belongs to this cell. */
export function readCellStatus(folder: string, now: () => number = () => fileSystemTime(folder)): CellStatus {
  const attempts = readAttempts(folder).map((attempt) => {
    const problem = attempt.end?.state === 'succeeded' ? problemOfRun(folder, attempt.run) : undefined;
    return problem === undefined ? attempt : { ...attempt, end: { ...attempt.end!, state: 'failed' as const, message: problem } };
  });
  return { state: stateOf(attempts, { now, lifeOf }), attempts };
}
