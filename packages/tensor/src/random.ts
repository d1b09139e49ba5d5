import { fnv1a, sfc32, shuffle } from '@tass/random';

/**
 * Seeded random numbers. A stream is named by its seed and the labels of its forks, never by earlier draws. So
 * a new module does not change another one's initial values, and an epoch's order can be drawn again without replaying earlier epochs.
 * Seeded by FNV-1a over the path of labels (ours).
 */
export class Random {
  private readonly draw: () => number;

  private constructor(private readonly path: string) {
    this.draw = sfc32([wordOf(path, 1), wordOf(path, 2), wordOf(path, 3)], 12);
  }

  static fromSeed(seed: number): Random {
    if (!Number.isSafeInteger(seed)) throw new RangeError(`Random: seed is ${seed}, expected an integer`);
    return new Random(String(seed));
  }

  /** An independent stream for `label`; the same label gives the same stream whatever was drawn from this one. */
  fork(label: string | number): Random {
    return new Random(`${this.path}/${label}`);
  }

  /** A number in [0, 1) with 32 random bits. */
  next(): number {
    return this.draw() / 2 ** 32;
  }

  /** An integer in [0, below). */
  integer(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** `count` numbers of a normal distribution with mean 0. Source: Box-Muller. */
  normals(count: number, deviation = 1): Float32Array {
    const values = new Float32Array(count);
    for (let i = 0; i < count; i += 2) {
      const radius = Math.sqrt(-2 * Math.log(1 - this.next())) * deviation;
      const angle = 2 * Math.PI * this.next();
      values[i] = radius * Math.cos(angle);
      if (i + 1 < count) values[i + 1] = radius * Math.sin(angle);
    }
    return values;
  }

  /** `count` numbers in [-limit, limit). */
  uniforms(count: number, limit = 1): Float32Array {
    return Float32Array.from({ length: count }, () => (2 * this.next() - 1) * limit);
  }

  /** 0 .. count - 1 in random order. */
  permutation(count: number): Int32Array {
    return shuffle(
      Int32Array.from({ length: count }, (_, index) => index),
      () => this.next(),
    );
  }
}

/** Each word another hash of the path. */
const wordOf = (path: string, word: number): number => fnv1a(path, 0x811c9dc5 ^ Math.imul(word, 0x9e3779b1));
