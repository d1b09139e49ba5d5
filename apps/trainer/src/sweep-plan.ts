import { composeExperiment, ConfigError, takePart, type ProjectSettings } from '@tass/config';
import { checkExperiment, type Experiment } from '@tass/experiment';
import { expandGrid, launcherOf, splitLauncherWords, type CellRequest, type LauncherConfig } from '@tass/sweep';
import { requestedGrid } from './requested-grid';

/** A cell of a grid, resolved and checked. */
export interface PlannedCell {
  readonly request: CellRequest;
  readonly name: string; // of its experiment
  readonly experiment: Experiment;
}

export interface SweepPlan {
  readonly cells: readonly PlannedCell[];
  readonly launcher: LauncherConfig;
  readonly notes: readonly string[];
}

/** What a sweep was asked for: the experiment and the words after it, sweeping ones among them. A sweep's folder keeps it, so that it can be planned again. */
export interface SweepRequest {
  readonly experiment: string;
  readonly overrides: readonly string[];
}

/**
 * All cells of a grid, each with its experiment resolved and checked, and the launcher's configuration.
 * Throws one ConfigError with the mistakes of the grid, or of the launcher and of all cells.
 */
export function planSweep({ experiment: name, overrides }: SweepRequest, settings: ProjectSettings): SweepPlan {
  const { ofLauncher, others } = splitLauncherWords(overrides);
  const { grid, words } = requestedGrid(name, others, settings.experiments);
  const { cells, notes } = expandGrid(grid);
  const mistakes: string[] = [];
  const launcher = collect(mistakes, () => launcherOf(name, ofLauncher, settings));
  const planned = cells.map((request) => collect(mistakes, () => plannedCell(request, name, words, settings)));
  if (mistakes.length > 0) throw new ConfigError([...new Set(mistakes)]);
  return { cells: planned as PlannedCell[], launcher: launcher as LauncherConfig, notes };
}

function plannedCell(request: CellRequest, grid: string, words: readonly string[], settings: ProjectSettings): PlannedCell {
  const name = request.experiment ?? grid;
  const composed = composeExperiment({ root: settings.experiments, name, overrides: [...request.overrides, ...words] });
  const { rest, part } = takePart(takePart(composed, 'launcher').rest, 'sweep');
  if (part && name !== grid) throw new ConfigError([`${part.sourceOf(['sweep'])}: ${name} is a grid itself, expected an experiment`]);
  return { request, name, experiment: checkExperiment(rest) };
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
