/** Where random numbers come from: the caller's stream, each number in [0, 1). */
export interface RandomSource {
  next(): number;
}

/**
 * A seeded source for callers that have none. Source: generator sfc32 (Chris Doty-Humphrey, PractRand). Throws RangeError for a seed that is no integer.
 * Apart from mini-avqa's generator: another seeding, by which worlds and hold-outs each keep their bits.
 */
export function seededRandom(seed: number): RandomSource {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seededRandom: seed is ${seed}, expected an integer`);
  const state = Uint32Array.of(seed, Math.floor(seed / 2 ** 32), 0x9e3779b9, 1);
  const next = (): number => {
    const sum = (state[0] + state[1] + state[3]) >>> 0;
    state[3] += 1;
    state[0] = state[1] ^ (state[1] >>> 9);
    state[1] = state[2] + (state[2] << 3);
    state[2] = ((state[2] << 21) | (state[2] >>> 11)) + sum;
    return sum / 2 ** 32;
  };
  for (let warmUp = 0; warmUp < 16; warmUp++) next();
  return { next };
}

/** A copy of `items` in random order. Source: Fisher-Yates. */
export function shuffled<Item>(items: readonly Item[], random: RandomSource): Item[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random.next() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
