const { imul } = Math; // looked up once: in jest, inner loops that look it up take 20 times as long

/**
 * A stream of whole numbers from 0 to 2^32 - 1, after `warmUp` that are left out. What a seed becomes as three words, and how long a stream is
 * warmed up, is each caller's own and never changes: worlds, hold-outs and initial values depend on it.
 * Source: sfc32 (Chris Doty-Humphrey, PractRand), counter 1.
 */
export function sfc32(seed: readonly [a: number, b: number, c: number], warmUp: number): () => number {
  let [a, b, c] = seed.map((word) => word >>> 0);
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = ((c << 21) | (c >>> 11)) >>> 0;
    c = (c + sum) >>> 0;
    return sum;
  };
  for (let skipped = 0; skipped < warmUp; skipped++) next();
  return next;
}

/** FNV-1a over the UTF-16 units of a text, as a signed number of 32 bits. */
export function fnv1a(text: string, start = 0x811c9dc5): number {
  let hash = start;
  for (let index = 0; index < text.length; index++) hash = imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
}

/** Brings `items` into random order, in place, and returns them. `uniform` gives numbers in [0, 1). Source: Fisher-Yates. */
export function shuffle<Items extends { readonly length: number; [index: number]: unknown }>(items: Items, uniform: () => number): Items {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(uniform() * (last + 1));
    [items[last], items[other]] = [items[other], items[last]];
  }
  return items;
}
