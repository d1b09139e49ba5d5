/**
 * Seeded random numbers. A stream is named by its seed and the labels it was forked by, never by what was drawn elsewhere before, so that
 * adding a module does not change another one's initial values and an epoch's order can be had again without replaying the epochs before it.
 * Source: generator sfc32 (Chris Doty-Humphrey, PractRand), seeded by FNV-1a over the path of labels (ours).
 */
export class Random {
  private readonly state: Uint32Array;

  private constructor(private readonly path: string) {
    this.state = seedOf(path);
    for (let warmUp = 0; warmUp < 12; warmUp++) this.next();
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
    const s = this.state;
    const sum = (s[0] + s[1] + s[3]) >>> 0;
    s[3] = s[3] + 1;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = s[2] + (s[2] << 3);
    s[2] = ((s[2] << 21) | (s[2] >>> 11)) + sum;
    return sum / 2 ** 32;
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

  /** 0 .. count - 1 in random order. Source: Fisher-Yates. */
  permutation(count: number): Int32Array {
    const order = Int32Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }
}

function seedOf(path: string): Uint32Array {
  const state = new Uint32Array(4);
  for (let word = 0; word < 3; word++) {
    let hash = 0x811c9dc5 ^ Math.imul(word + 1, 0x9e3779b1);
    for (let i = 0; i < path.length; i++) hash = Math.imul(hash ^ path.charCodeAt(i), 0x01000193);
    state[word] = hash;
  }
  state[3] = 1;
  return state;
}
