import { severalValuesIn, valueText } from '@tass/config';
import { didYouMean } from '@tass/program';
import type { WrittenGrid } from './grid';
import { axesOf, matches, type Coordinates } from './grid-points';

const overrideKey = /^(\+\+|\+)?[A-Za-z_][\w-]*([./][\w-]+)*$/;
const bare = (key: string): string => key.replace(/^(\+\+|\+|~)/, '');

/** Keys of axes, overrides and `include` that cannot be overridden, or that are given twice. */
export function* keyMistakes({ grid, sourceOf }: WrittenGrid): Generator<string> {
  const { axes, overrides, seeds, experiments, include } = grid;
  const overridden = overrides.map((word) => bare(word.split('=')[0]));
  for (const key of Object.keys(axes)) {
    const place = `${sourceOf(['axes', key])}: sweep.axes.${key}`;
    if (/^experiments?$/.test(key)) yield `${place}: experiments have a list of their own, sweep.experiments`;
    else if (!overrideKey.test(key)) yield `${place} cannot be overridden, expected a key as in loss.synchrony, a group, or +new.key`;
    else if (key === 'seed' && seeds) yield `${place} is given twice: also in sweep.seeds`;
    else if (overridden.includes(bare(key))) yield `${place} is given twice: also in sweep.overrides`;
  }
  for (const [index, key] of overridden.entries()) {
    const place = `${sourceOf(['overrides', index])}: sweep.overrides.${index} (${overrides[index]})`;
    if (key === 'seed' && seeds) yield `${place}: seed is given twice: also in sweep.seeds`;
    else if (overridden.indexOf(key) < index) yield `${place}: ${key} is given twice`;
    else if (severalValuesIn(overrides[index]) !== undefined)
      yield `${place} has several values. Write them as an axis: sweep.axes.${key}: [a, b]`;
  }
  for (const [index, entry] of include.entries()) {
    yield* includeMistakes(entry, `${sourceOf(['include', index])}: sweep.include.${index}`, experiments?.[0]);
  }
}

function* includeMistakes(entry: Coordinates, place: string, anExperiment: string | undefined): Generator<string> {
  const { experiment, seed } = entry;
  if (experiment === undefined && anExperiment !== undefined)
    yield `${place} names no experiment, expected one, as experiment: ${anExperiment}`;
  if (experiment !== undefined && (typeof experiment !== 'string' || experiment === '')) {
    yield `${place}.experiment is ${valueText(experiment)}, expected the name of an experiment`;
  }
  if (seed !== undefined && !(Number.isInteger(seed) && Number(seed) >= 0)) {
    yield `${place}.seed is ${valueText(seed)}, expected a whole number of at least 0`;
  }
  for (const key of Object.keys(entry)) if (!overrideKey.test(key)) yield `${place}.${key} cannot be overridden`;
}

/** Entries of `exclude` that match none of the points. */
export function* excludeMistakes({ grid, sourceOf }: WrittenGrid, points: readonly Coordinates[]): Generator<string> {
  const axes = new Map(axesOf(grid));
  for (const [index, entry] of grid.exclude.entries()) {
    if (Object.keys(entry).length > 0 && points.some((point) => matches(point, entry))) continue;
    const place = `${sourceOf(['exclude', index])}: sweep.exclude.${index}`;
    const reasons = Object.entries(entry).flatMap(([key, value]) => absence(key, value, axes));
    yield `${place} matches no cell. ${reasons.join(' ') || 'No cell has all of these values.'}`;
  }
}

/** The reason why no point of the axes has this value. */
function absence(key: string, value: unknown, axes: ReadonlyMap<string, readonly unknown[]>): string[] {
  const values = axes.get(key)?.map(valueText);
  const given = valueText(value);
  if (!values) return [`${key} is not an axis. Axes: ${[...axes.keys()].join(', ') || 'none'}.${didYouMean(key, axes.keys())}`];
  const guess = typeof value === 'string' ? didYouMean(given, values) : '';
  return values.includes(given) ? [] : [`${key} is ${given}, expected one of ${values.join(', ')}.${guess}`];
}
