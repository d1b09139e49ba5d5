import { createHash } from 'node:crypto';
import { encodeHalves } from '../half';
import type { Doubt } from '../shard';

/**
 * Doubts about features that are equal in all segments or all videos, for example because a model got the same input every time, or a
 * script wrote the same array. Videos are compared within their shard: some may rightly share picture or sound, but not all 32.
 */
export class RepeatedRecords {
  private readonly seen: { readonly key: string; readonly field: string; readonly digest: string; readonly isStill: boolean }[] = [];

  constructor(private readonly segments: number) {}

  /** `record` by field: [segments, ...]. Compared as float16. */
  add(key: string, record: Readonly<Record<string, Float32Array>>): void {
    for (const [field, values] of Object.entries(record)) {
      const halves = encodeHalves(values);
      const length = halves.length / this.segments;
      const isStill = this.segments > 1 && halves.every((half, i) => half === halves[i % length]);
      this.seen.push({ key, field, digest: createHash('sha256').update(halves).digest('hex'), isStill });
    }
  }

  doubts(): Doubt[] {
    return this.seen.flatMap(({ key, field, digest, isStill }) => {
      const others = this.seen.filter((each) => each.field === field);
      const isEverywhere = others.length > 2 && others.every((each) => each.digest === digest);
      if (!isStill && !isEverywhere) return [];
      const where = [
        ...(isStill ? [`all ${this.segments} segments`] : []),
        ...(isEverywhere ? [`all ${others.length} videos of its shard`] : []),
      ];
      return [{ key, field, reason: `it is the same in ${where.join(' of ')}` }];
    });
  }
}
