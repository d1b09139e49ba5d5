import { workerOf, type AttemptRecord } from './attempt-files';
import { cellStates, type CellState, type CellStatus } from './cell-state';
import { duration, textTable } from './plain-text';

/** A row of the tables. */
export interface CellRow extends CellStatus {
  readonly name: string;
  readonly seed: number | null;
  readonly reached?: string; // how far its run has come
  readonly equals?: string; // the name of an earlier, identical cell: both run once and count once
}

/** The cells with state, seed, attempts, time of the last attempt, progress, run and message; then the totals. */
export function statusTable(rows: readonly CellRow[], now: number = Date.now(), width?: number): string {
  const header = ['state', 'seed', 'attempts', 'time', 'reached', 'cell', 'run', 'message'];
  const lines = rows.map(({ name, seed, state, attempts, reached = '', equals }) => {
    if (equals !== undefined) return ['', shownSeed(seed), '', '', '', name, '', `the same as ${equals}`];
    const last = attempts.at(-1);
    const count = attempts.length > 0 ? String(attempts.length) : '';
    return [state, shownSeed(seed), count, timeOf(last, state, now), reached, name, runOf(attempts), messageOf(last, state, now)];
  });
  return `${textTable(header, lines, width)}\n\n${totals(rows)}`;
}

/** A requested cell. */
export interface PlannedRow extends CellRow {
  readonly overrides: readonly string[];
}

/** What a sweep would do with the cells. */
export function dryRunTable(rows: readonly PlannedRow[], width?: number): string {
  const lines = rows.map(({ name, state, attempts, overrides, equals }) => [
    name,
    equals === undefined ? plans[state](attempts) : `run once, as ${equals}`,
    overrides.join(' '),
  ]);
  const toRun = different(rows).filter(({ state }) => state !== 'succeeded' && state !== 'running').length;
  return `${textTable(['cell', 'would', 'overrides'], lines, width)}\n\n${totals(rows)}. ${toRun} would be run`;
}

/** `15 cells: 9 succeeded, 2 running, 4 pending`. */
function totals(rows: readonly CellRow[]): string {
  const cells = different(rows);
  const counts = cellStates.map((state) => [cells.filter((row) => row.state === state).length, state] as const);
  const parts = counts.filter(([count]) => count > 0).map(([count, state]) => `${count} ${state}`);
  return `${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}

const different = (rows: readonly CellRow[]): CellRow[] => rows.filter(({ equals }) => equals === undefined);

const shownSeed = (seed: number | null): string => (seed === null ? '' : String(seed));

const plans: Record<CellState, (attempts: readonly AttemptRecord[]) => string> = {
  pending: () => 'run',
  running: (attempts) => `wait for ${workerOf(attempts)}`,
  stale: () => 'resume: its process is gone',
  succeeded: () => 'not run again',
  failed: () => 'run again: it failed',
  preempted: () => 'resume: it was stopped',
};

function timeOf(attempt: AttemptRecord | undefined, state: CellState, now: number): string {
  const begun = Date.parse(attempt?.claim?.at ?? '');
  const ended = state === 'running' ? now : Date.parse(attempt?.end?.at ?? '');
  return Number.isNaN(begun) || Number.isNaN(ended) ? '' : duration(ended - begun);
}

/** The run of the last attempt that has one. */
const runOf = (attempts: readonly AttemptRecord[]): string => attempts.findLast(({ run }) => run !== undefined)?.run ?? '';

function messageOf(attempt: AttemptRecord | undefined, state: CellState, now: number): string {
  const damage = (attempt?.damaged ?? []).map((file) => `${file} is damaged and counts as absent`);
  return [describe(attempt, state, now), ...damage].filter(Boolean).join('; ');
}

function describe(attempt: AttemptRecord | undefined, state: CellState, now: number): string {
  if (state === 'running') return workerOf(attempt ? [attempt] : []);
  if (state !== 'stale') return state === 'succeeded' ? '' : (attempt?.end?.message ?? '');
  const heard = attempt?.heartbeatAt === undefined ? '' : `, last heartbeat ${duration(now - attempt.heartbeatAt)} ago`;
  return `${workerOf(attempt ? [attempt] : [])} is gone${heard}`;
}
