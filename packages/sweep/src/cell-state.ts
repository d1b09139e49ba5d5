import { fileSystemTime, lifeOf, type Life } from '@tass/files';
import { problemOfRun } from './finished-run';
import { readAttempts, type AttemptRecord, type Claim } from './attempt-files';

/**
 * `stale`: its process is gone and has not said how it ended. `preempted`: stopped from outside, with what it had reached saved.
 */
export type CellState = 'pending' | 'running' | 'stale' | 'succeeded' | 'failed' | 'preempted';

export const cellStates: readonly CellState[] = ['pending', 'running', 'stale', 'succeeded', 'failed', 'preempted'];

export interface CellStatus {
  readonly state: CellState;
  readonly attempts: readonly AttemptRecord[];
}

/** Seconds after its last heartbeat for which a process is taken to live, where nothing else is known of it. */
export const defaultLeaseSeconds = 60;

/** What is known besides the files. */
export interface Surroundings {
  readonly now: () => number; // milliseconds since 1970 by the clock that gives the files their times; asked only where it decides
  readonly lifeOf: (claim: Claim) => Life;
}

/**
 * The state of a cell with these attempts. Success of any attempt counts, else the last attempt. Of a process that cannot be seen from
 * here only its heartbeat is known; so of one whose claim is damaged. A heartbeat of the future, which no clock would ever reach the end of,
 * tells as little as an old one.
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

/** The state of the cell in `folder`. An attempt counts as succeeded only while its run is there, finished and of this cell. */
export function readCellStatus(folder: string, now: () => number = () => fileSystemTime(folder)): CellStatus {
  const attempts = readAttempts(folder).map((attempt) => {
    const problem = attempt.end?.state === 'succeeded' ? problemOfRun(folder, attempt.run) : undefined;
    return problem === undefined ? attempt : { ...attempt, end: { ...attempt.end!, state: 'failed' as const, message: problem } };
  });
  return { state: stateOf(attempts, { now, lifeOf }), attempts };
}
