import { existsSync } from 'node:fs';
import type { ProjectSettings } from '@tass/config';
import { cellAddress, cellFolder, readCellStatus, selectCells, type CellStatus, type dryRunTable } from '@tass/sweep';
import { cellDefinition } from './cell';
import type { SharedData } from './shared-data';
import type { SweepPlan } from './sweep-plan';

const notBegun: CellStatus = { state: 'pending', attempts: [] };

/** The chosen cells with their states; where their data is not made yet nothing can be known of them, so they have not begun. */
export function dryRunRows(
  plan: SweepPlan,
  data: SharedData,
  { runs }: ProjectSettings,
  only: readonly string[],
): Parameters<typeof dryRunTable>[0] {
  const withCoordinates = plan.cells.map((cell) => ({ ...cell, coordinates: cell.request.coordinates }));
  return selectCells(withCoordinates, only).map(({ request, name, experiment }) => {
    const digests = data.digestsOf(experiment);
    const { overrides } = request;
    const folder =
      digests && cellFolder(runs, cellAddress(cellDefinition({ name, experiment: name, overrides }, experiment, digests).identity));
    const status = folder && existsSync(folder) ? readCellStatus(folder) : notBegun;
    return { name: request.name, seed: experiment.seed, overrides, ...status };
  });
}
