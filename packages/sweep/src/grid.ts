import { checkConfig, ConfigError, type ComposedConfig, type ConfigNode, type ConfigPath } from '@tass/config';
import { z } from 'zod';

const entry = z.record(z.string(), z.unknown()); // values by coordinate, as { experiment: tass-small, seed: 9, loss.synchrony: 0 }

/** Key `sweep` of an experiment file: the cells of a grid. */
const gridSchema = z.strictObject({
  experiments: z.array(z.string().min(1)).min(1).optional(), // each a whole experiment; left out: the file itself, without `sweep`
  seeds: z.array(z.int().min(0)).min(1).optional(), // left out: the experiment's own
  axes: z.record(z.string(), z.array(z.unknown()).min(1)).default({}), // any key or group with its values
  overrides: z.array(z.string().min(1)).default([]), // for every cell, as on the command line
  include: z.array(entry).default([]), // further cells
  exclude: z.array(entry).default([]), // cells of the product that have all of these are left out
});

export type Grid = z.output<typeof gridSchema>;

/** A grid with the source of each value. */
export interface WrittenGrid {
  readonly grid: Grid;
  readonly sourceOf: (path: ConfigPath) => string; // of a value at a path below `sweep`
}

/** The grid of an experiment file. Throws ConfigError with every mistake and its place, or if there is no key `sweep`. */
export function readGrid(composed: ComposedConfig): WrittenGrid {
  const sourceOf = (path: ConfigPath): string => composed.sourceOf(['sweep', ...path]);
  const node = composed.tree.value instanceof Map ? (composed.tree.value.get('sweep') as ConfigNode | undefined) : undefined;
  if (!node) throw new ConfigError([`${composed.tree.source}: there is no key sweep, expected a grid, as in sweep: { seeds: [1, 2, 3] }`]);
  const only = { source: composed.tree.source, value: new Map([['sweep', node]]) }; // the rest belongs to the experiment
  const schema = z.strictObject({ sweep: gridSchema });
  const { sweep } = checkConfig({ config: { sweep: composed.config.sweep }, tree: only, sourceOf: composed.sourceOf }, schema);
  return { grid: sweep, sourceOf };
}
