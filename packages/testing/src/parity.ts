import type { NamedArrays } from './fixture';
import { greatestDifference } from './gradient';

/**
 * The largest difference of an array from its reference, as a share of what parity allows: 1e-5 of the reference's largest magnitude plus 1e-7.
 * Up to 1 is parity.
 */
export function parityError(given: ArrayLike<number>, reference: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < reference.length; i++) largest = Math.max(largest, Math.abs(reference[i]));
  return greatestDifference(given, reference) / (1e-5 * largest + 1e-7);
}

/** The arrays of the reference that `given` does not match, with their error; a missing one counts as infinite. Empty is parity. */
export function beyondParity(given: ReadonlyMap<string, ArrayLike<number>>, reference: NamedArrays): [string, number][] {
  return [...reference]
    .map(([name, { values }]): [string, number] => {
      const array = given.get(name);
      return [name, array === undefined ? Infinity : parityError(array, values)];
    })
    .filter(([, error]) => !(error <= 1)); // NaN is no parity
}
