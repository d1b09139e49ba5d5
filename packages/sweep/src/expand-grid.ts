import { ConfigError, overrideWord, valueText } from '@tass/config';
import type { Grid, WrittenGrid } from './grid';
import { excludeMistakes, keyMistakes } from './grid-mistakes';
import { axesOf, matches, mostCells, product, type Axis, type Coordinates } from './grid-points';

/** A cell of a grid. */
export interface CellRequest {
  readonly name: string; // experiment and coordinates, as `tass-small loss.synchrony=0 seed=1`
  readonly experiment: string | undefined; // undefined: the grid's own file
  readonly seed: number | undefined; // undefined: the experiment's own
  readonly coordinates: Coordinates;
  readonly overrides: readonly string[]; // words for `composeExperiment`
}

export interface ExpandedGrid {
  readonly cells: readonly CellRequest[];
  readonly notes: readonly string[]; // cells that are listed twice and run once
}

/**
 * The cells of a grid: the product of experiments, axes and seeds in that order, the seed changing fastest, without the cells in `exclude`,
 * followed by those of `include`. A grid without axes is one cell, or those of `include`. Throws ConfigError for more than `mostCells`, and
 * with every mistake: keys given twice or that cannot be overridden, `exclude` that matches nothing, no cells.
 */
export function expandGrid(written: WrittenGrid): ExpandedGrid {
  const { grid, sourceOf } = written;
  const axes = axesOf(grid);
  refuseMany(axes, written);
  const points = axes.length === 0 && grid.include.length > 0 ? [] : product(axes);
  const mistakes = [...keyMistakes(written), ...excludeMistakes(written, points)];
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  const kept = points.filter((point) => !grid.exclude.some((entry) => matches(point, entry)));
  const wanted = [...kept, ...grid.include].map((point) => requestOf(point, grid));
  if (wanted.length === 0) throw new ConfigError([`${sourceOf(['exclude'])}: sweep.exclude leaves no cells`]);
  const key = ({ coordinates }: CellRequest): string => valueText(Object.entries(coordinates).sort()); // `include` may have another order
  const first = new Map(wanted.toReversed().map((cell) => [key(cell), cell]));
  const cells = wanted.filter((cell) => first.get(key(cell)) === cell);
  const repeated = wanted.filter((cell) => first.get(key(cell)) !== cell);
  return { cells, notes: repeated.map(({ name }) => `${name} is in the grid twice and runs once`) };
}

/** Checked before the product takes memory. */
function refuseMany(axes: readonly Axis[], { grid, sourceOf }: WrittenGrid): void {
  const sizes = axes.map(([, values]) => values.length);
  const cells = sizes.reduce((product, size) => product * size, 1) + grid.include.length;
  if (cells > mostCells)
    throw new ConfigError([
      `${sourceOf([])}: the grid has ${cells} cells (${axes.map(([key, { length }]) => `${length} of ${key}`).join(' x ')}), expected at most ${mostCells}. Leave out values, or make several sweeps`,
    ]);
}

function requestOf(coordinates: Coordinates, { overrides }: Grid): CellRequest {
  const { experiment, ...values } = coordinates as { experiment?: string; seed?: number };
  const words = Object.entries(values).map(([key, value]) => overrideWord(key, value));
  const name = [...(experiment === undefined ? [] : [experiment]), ...words].join(' ') || 'the experiment itself';
  return { name, experiment, seed: values.seed, coordinates, overrides: [...overrides, ...words] };
}
