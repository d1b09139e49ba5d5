import { existsSync } from 'node:fs';
import type { ProjectSettings } from '@tass/config';
import { cellAddress, cellFolder, earlierEquals, readCellStatus, selectCells, type CellStatus, type PlannedRow } from '@tass/sweep';
import { cellDefinition } from './cell';
import { dataKey, type SharedData } from './shared-data';
import type { SweepPlan } from './sweep-plan';

const notBegun: CellStatus = { state: 'pending', attempts: [] };

/** The chosen cells with their states. Cells whose data has not been made cannot have started. */
export function dryRunRows(plan: SweepPlan, data: SharedData, { runs }: ProjectSettings, only: readonly string[]): PlannedRow[] {
  const withCoordinates = plan.cells.map((cell) => ({ ...cell, coordinates: cell.request.coordinates }));
  const cells = selectCells(withCoordinates, only).map(({ request, name, overrides, experiment }) => {
    const digests = data.digestsOf(experiment);
    const { identity } = cellDefinition({ name, experiment: name, overrides }, experiment, digests ?? { key: dataKey(experiment) });
    const address = cellAddress(identity);
    const folder = cellFolder(runs, address);
    const status = digests && existsSync(folder) ? readCellStatus(folder) : notBegun;
    return { address, name: request.name, seed: experiment.seed, overrides, ...status };
  });
  const equals = earlierEquals(cells);
  return cells.map((cell, index) => ({ ...cell, equals: equals[index] }));
}
