import type { ProjectSettings } from '@tass/config';
import {
  cellFolder,
  describeReached,
  earlierEquals,
  findSweep,
  lastLines,
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
import { preparationsOf, type Preparation } from './preparation';

/**
 * Prints the states of a sweep's cells, and sweeps whose data are being made; in a terminal, prints them again every two seconds until no
 * cell runs and all data are made. Exit code: 0 if all cells have succeeded, else 1.
 */
export async function showStatus(command: SweepCommand, settings: ProjectSettings): Promise<number> {
  let chosen: Sweep | undefined;
  for (;;) {
    const making = typeof command.status === 'string' ? [] : preparationsOf(settings.runs, command.experiment);
    chosen = making.length > 0 ? listSweeps(settings.runs, command.experiment).at(0) : (chosen ?? sweepOf(command, settings));
    const rows = rowsOf(chosen, settings.runs);
    const { isTTY, columns } = process.stdout;
    if (isTTY) process.stdout.write('\x1b[2J\x1b[H');
    const width = isTTY ? columns : undefined;
    const table = chosen && `sweep ${chosen.id} of ${chosen.experiment}\n\n${statusTable(rows, Date.now(), width)}`;
    console.log([...making.map(describePreparation), ...(table ? [table] : [])].join('\n\n'));
    const isRunning = making.length > 0 || rows.some(({ state }) => state === 'running');
    if (!isTTY || !isRunning) return making.length === 0 && rows.every(({ state }) => state === 'succeeded') ? 0 : 1;
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

function describePreparation({ experiment, process, log }: Preparation): string {
  const said = log === undefined ? [] : [`  its log: ${log}`, ...lastLines(log, 0, 1).map((line) => `  ${line}`)];
  return [`a sweep of ${experiment} (process ${process}) makes its data; it has no cells before`, ...said].join('\n');
}

function rowsOf(sweep: Sweep | undefined, runs: string): CellRow[] {
  const cells = sweep?.cells ?? [];
  const equals = earlierEquals(cells);
  return cells.map((cell, index) => rowOf(cell, equals[index], runs));
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
