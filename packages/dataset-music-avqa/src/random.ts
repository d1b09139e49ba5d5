import { sfc32, shuffle } from '@tass/random';

/** The source of random numbers: the caller's stream, each number in [0, 1). */
export interface RandomSource {
  next(): number;
}

/** A seeded source for callers that have none. Throws RangeError for a seed that is no integer. */
export function seededRandom(seed: number): RandomSource {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seededRandom: seed is ${seed}, expected an integer`);
  const next = sfc32([seed, Math.floor(seed / 2 ** 32), 0x9e3779b9], 16);
  return { next: () => next() / 2 ** 32 };
}

/** A copy of `items` in random order. */
export const shuffled = <Item>(items: readonly Item[], random: RandomSource): Item[] => shuffle([...items], () => random.next());
