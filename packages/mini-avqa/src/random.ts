const { PI, cos, floor, imul, log, sqrt } = Math; // looked up once: inner loops are 20 times as slow in jest else

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
 * Apart from dataset-music-avqa's generator: another seeding, by which worlds and hold-outs each keep their bits.
 * The generator is sfc32 (Doty-Humphrey), seeded from both halves of a 53-bit seed and an FNV-1a hash of the purpose.
 * Throws RangeError when the seed is not a whole number from 0 to 2^53 - 1.
 */
export function randomOf(seed: number, purpose: string): Random {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError(`randomOf: seed is ${seed}, expected a whole number from 0 to 2^53 - 1`);
  let hash = 0x811c9dc5;
  for (let index = 0; index < purpose.length; index++) hash = imul(hash ^ purpose.charCodeAt(index), 0x01000193);
  let a = seed >>> 0;
  let b = floor(seed / twoTo32) >>> 0;
  let c = hash >>> 0;
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = ((c << 21) | (c >>> 11)) >>> 0;
    c = (c + sum) >>> 0;
    return sum;
  };
  for (let warmUp = 0; warmUp < 20; warmUp++) next();

  const uniform = () => (next() * 2097152 + (next() >>> 11)) / 9007199254740992;
  const integer = (from: number, below: number) => from + floor(uniform() * (below - from));
  return {
    uniform,
    integer,
    between: (from, to) => from + (to - from) * uniform(),
    normal: (mean, deviation) => mean + deviation * sqrt(-2 * log(1 - uniform())) * cos(2 * PI * uniform()),
    chance: (probability) => uniform() < probability,
    pick: (items) => items[integer(0, items.length)],
    shuffled(items) {
      const order = [...items];
      for (let last = order.length - 1; last > 0; last--) {
        const other = integer(0, last + 1);
        [order[last], order[other]] = [order[other], order[last]];
      }
      return order;
    },
  };
}

const noiseLength = 65536;
let noise: Float32Array | undefined;

/** 65,536 numbers of a standard normal distribution, always the same; readers start at a random place and wrap around. */
export function noiseTable(): Float32Array {
  if (!noise) {
    const random = randomOf(0, 'noise');
    noise = Float32Array.from({ length: noiseLength }, () => random.normal(0, 1));
  }
  return noise;
}
