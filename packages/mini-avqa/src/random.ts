import { fnv1a, sfc32, shuffle } from '@tass/random';

const { PI, cos, floor, log, sqrt } = Math; // looked up once: otherwise inner loops are 20 times as slow in jest

const twoTo32 = 4294967296;

/** A seeded stream of numbers: the same seed and purpose give the same numbers on every machine. */
export interface Random {
  /** A number in [0, 1). */
  uniform(): number;
  /** A number in [from, to). */
  between(from: number, to: number): number;
  /** A whole number in [from, below). */
  integer(from: number, below: number): number;
  /** A normally distributed number. */
  normal(mean: number, deviation: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One of the items. */
  pick<Item>(items: readonly Item[]): Item;
  /** The items in random order, in a new array. */
  shuffled<Item>(items: readonly Item[]): Item[];
}

/**
 * A stream for one purpose of one seed, so that drawing more numbers for the frames never changes the sound.
 * Seeded from both halves of a 53-bit seed and a hash of the purpose.
 * Throws RangeError when the seed is not a whole number from 0 to 2^53 - 1.
 */
export function randomOf(seed: number, purpose: string): Random {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError(`randomOf: seed is ${seed}, expected a whole number from 0 to 2^53 - 1`);
  const next = sfc32([seed, floor(seed / twoTo32), fnv1a(purpose)], 20);

  const uniform = () => (next() * 2097152 + (next() >>> 11)) / 9007199254740992;
  const integer = (from: number, below: number) => from + floor(uniform() * (below - from));
  return {
    uniform,
    integer,
    between: (from, to) => from + (to - from) * uniform(),
    normal: (mean, deviation) => mean + deviation * sqrt(-2 * log(1 - uniform())) * cos(2 * PI * uniform()),
    chance: (probability) => uniform() < probability,
    pick: (items) => items[integer(0, items.length)],
    shuffled: (items) => shuffle([...items], uniform),
  };
}

const noiseLength = 65536; // a power of two
/** An index into the noise wraps around with this mask, which takes less time than a remainder. */
export const noiseWrap = noiseLength - 1;
let noise: Float32Array | undefined;

/** 65,536 numbers of a standard normal distribution, always the same; readers start at a random place and wrap around. */
export function noiseTable(): Float32Array {
  if (!noise) {
    const random = randomOf(0, 'noise');
    noise = Float32Array.from({ length: noiseLength }, () => random.normal(0, 1));
  }
  return noise;
}
