import { composeExperiment, ConfigError, takePart, type ProjectSettings } from '@tass/config';
import { checkExperiment, type Experiment } from '@tass/experiment';
import { expandGrid, launcherOf, splitLauncherWords, type CellRequest, type LauncherConfig } from '@tass/sweep';
import { requestedGrid, type RequestedGrid } from './requested-grid';

/** A cell of a grid, resolved and checked. */
export interface PlannedCell {
  readonly request: CellRequest;
  readonly name: string; // of its experiment
  readonly overrides: readonly string[]; // of the cell, including those of the command line
  readonly experiment: Experiment;
}

export interface SweepPlan {
  readonly title: string | undefined; // of the grid
  readonly cells: readonly PlannedCell[];
  readonly launcher: LauncherConfig;
  readonly notes: readonly string[];
}

/**
 * The request for a sweep: the experiment and its arguments, including those with several values. The sweep's folder stores it, so that the
 * sweep can be planned again.
 */
export interface SweepRequest {
  readonly experiment: string;
  readonly overrides: readonly string[];
}

/**
 * All cells of a grid, each with its experiment resolved and checked, and the launcher's configuration. Throws one ConfigError with the
 * mistakes of the grid, or of the launcher and all cells; a mistake that only some cells have names them.
 */
export function planSweep({ experiment: name, overrides }: SweepRequest, settings: ProjectSettings): SweepPlan {
  const { ofLauncher, others } = splitLauncherWords(overrides);
  const { title, grid, wordsOf } = requestedGrid(name, others, settings.experiments);
  const { cells, notes } = expandGrid(grid);
  const mistakes: string[] = [];
  const launcher = collect(mistakes, () => launcherOf(name, ofLauncher, settings));
  const cellsByMistake = new Map<string, string[]>();
  const planned = cells.map((request) => {
    const own: string[] = [];
    const cell = collect(own, () => plannedCell(request, name, wordsOf, settings));
    for (const mistake of own) cellsByMistake.set(mistake, [...(cellsByMistake.get(mistake) ?? []), request.name]);
    return cell;
  });
  for (const [mistake, names] of cellsByMistake) mistakes.push(names.length === cells.length ? mistake : `${mistake} (${ofCells(names)})`);
  if (mistakes.length > 0) throw new ConfigError([...new Set(mistakes)]);
  return { title, cells: planned as PlannedCell[], launcher: launcher as LauncherConfig, notes };
}

const ofCells = ([first, ...more]: readonly string[]): string => `in the cell ${first}${more.length > 0 ? ` and ${more.length} more` : ''}`;

function plannedCell(request: CellRequest, grid: string, wordsOf: RequestedGrid['wordsOf'], settings: ProjectSettings): PlannedCell {
  const name = request.experiment ?? grid;
  const overrides = wordsOf(request);
  const composed = composeExperiment({ root: settings.experiments, name, overrides });
  const { rest, part } = takePart(takePart(composed, 'launcher').rest, 'sweep');
  if (part && name !== grid) throw new ConfigError([`${part.sourceOf(['sweep'])}: ${name} is a grid itself, expected an experiment`]);
  return { request, name, overrides, experiment: checkExperiment(rest) };
}

function collect<Result>(mistakes: string[], work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    mistakes.push(...error.issues);
    return undefined;
  }
}
