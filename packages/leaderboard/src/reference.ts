import type { Leaderboard, MethodRow } from './leaderboard';

/** The method that the others are compared with; null if there is none. Throws RangeError if it is not among the methods. */
export function referenceOf({ methods, reference }: Leaderboard): MethodRow | null {
  if (reference === null) return null;
  const row = methods.find(({ id }) => id === reference);
  if (row) return row;
  const known = methods.map(({ id, name }) => `${id} (${name})`).join(', ') || 'no method';
  throw new RangeError(`the reference ${reference} is not among the methods, expected one of: ${known}`);
}
