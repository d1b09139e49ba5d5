import type { Tensor } from '@tensorflow/tfjs';

/** Tensors that disagree on an axis. The message names the module, the tensor, its shape and the expected one. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
  readonly namesItsPlace = true; // so a program leaves its own name out
}

/**
 * Checks tensors against patterns of axis names: `{ regions: 'videos time regions joint' }`. An axis that several patterns name must have
 * one size; a number in a pattern is a fixed size; `sizes` gives axes known beforehand, such as `joint` from a config.
 * Returns the size of every axis. Throws ShapeError.
 */
export function expectShape<Name extends string>(
  speaker: string,
  tensors: Readonly<Record<Name, Tensor>>,
  patterns: Readonly<Record<Name, string>>,
  sizes: Readonly<Record<string, number>> = {},
): Record<string, number> {
  const known: Record<string, number> = { ...sizes };
  for (const name of Object.keys(patterns) as Name[]) {
    const axes = patterns[name].split(' ');
    const { shape } = tensors[name];
    const expected = axes.map((axis) => (/^\d+$/.test(axis) ? Number(axis) : known[axis]));
    if (shape.length !== axes.length || expected.some((size, i) => size !== undefined && size !== shape[i])) {
      const wanted = axes.map((axis, i) => (expected[i] === undefined || axis === String(expected[i]) ? axis : `${axis}=${expected[i]}`));
      throw new ShapeError(`${speaker}: ${name} has shape [${shape.join(', ')}], expected [${wanted.join(', ')}]`);
    }
    axes.forEach((axis, i) => (known[axis] = shape[i]));
  }
  return known;
}
