import type { Grid } from './grid';
import { valueText } from '@tass/config';

/** The coordinates of a cell in its grid: values by key, including `experiment` and `seed`. */
export type Coordinates = Readonly<Record<string, unknown>>;

/** Of a grid: each is a separate training run, with a folder and a row in every table. */
export const mostCells = 10_000;

export type Axis = readonly [key: string, values: readonly unknown[]];

/** The axes of the grid, outermost first. */
export function axesOf({ experiments, axes, seeds }: Grid): Axis[] {
  const given = (key: string, values: readonly unknown[] | undefined): Axis[] => (values ? [[key, values]] : []);
  return [...given('experiment', experiments), ...Object.entries(axes), ...given('seed', seeds)];
}

/** Every combination, the last axis changing fastest; one empty point without axes. */
export function product(axes: readonly Axis[]): Coordinates[] {
  const extend = (points: readonly Coordinates[], [key, values]: Axis) =>
    points.flatMap((point) => values.map((value) => ({ ...point, [key]: value })));
  return axes.reduce<Coordinates[]>(extend, [{}]);
}

/** True for a point that has all values of `wanted`. */
export const matches = (point: Coordinates, wanted: Coordinates): boolean =>
  Object.entries(wanted).every(
    ([key, value]) => Object.hasOwn(point, key) && (point[key] === value || valueText(point[key]) === valueText(value)),
  );
