import type { ProjectSettings } from '@tass/config';
import {
  cellFolder,
  describeReached,
  earlierEquals,
  findSweep,
  listSweeps,
  readCellStatus,
  statusTable,
  SweepError,
  type CellRow,
  type RecordedCell,
  type Sweep,
} from '@tass/sweep';
import { reachedBy } from './cell-reached';
import type { SweepCommand } from './command-line';

/**
 * Prints the states of a sweep's cells; in a terminal, prints them again every two seconds until no cell runs. Exit code: 0 if all have
 * succeeded, else 1.
 */
export async function showStatus(command: SweepCommand, settings: ProjectSettings): Promise<number> {
  const sweep = sweepOf(command, settings);
  const equals = earlierEquals(sweep.cells);
  for (;;) {
    const rows = sweep.cells.map((cell, index) => rowOf(cell, equals[index], settings.runs));
    const { isTTY, columns } = process.stdout;
    if (isTTY) process.stdout.write('\x1b[2J\x1b[H');
    console.log(`sweep ${sweep.id} of ${sweep.experiment}\n\n${statusTable(rows, Date.now(), isTTY ? columns : undefined)}`);
    const isRunning = rows.some(({ state }) => state === 'running');
    if (!isTTY || !isRunning) return rows.every(({ state }) => state === 'succeeded') ? 0 : 1;
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

function rowOf({ address, name, seed }: RecordedCell, equals: string | undefined, runs: string): CellRow {
  const folder = cellFolder(runs, address);
  const reached = reachedBy(folder, runs);
  return { name, seed, equals, ...readCellStatus(folder), reached: reached && describeReached(reached) };
}

function sweepOf({ status, experiment }: SweepCommand, { runs }: ProjectSettings): Sweep {
  if (typeof status === 'string') return findSweep(runs, status, experiment);
  const [newest] = listSweeps(runs, experiment);
  if (newest) return newest;
  throw new SweepError(
    `there is no sweep${experiment ? ` of ${experiment}` : ''} yet. Start one: npx nx run trainer:sweep --exp=ablations`,
  );
}
