import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { decodeHalves } from './half';
import { fieldsOf, type KeyKind, type StoreDescription, valuesPerRecord } from './manifest';
import { readShards, type Shard, shardEntryPath, shardPath, sizeProblemOf } from './shard';
import { ShardWriter } from './shard-writer';

/** A record that a store is to lose, if it was made of what `source` says. */
export interface DroppedRecord {
  readonly key: string;
  readonly source?: string; // the digest in its shard's `sources`; undefined: whatever it was made of
}

/**
 * Removes records from a store, so that they are made again. The other records of their shards move to shards of new numbers, which are
 * complete before the old ones go: whenever this is interrupted, no other record is lost. One process at a time may do this, the one that
 * plans the store's shards. A shard whose files are damaged goes as a whole.
 */
export function dropRecords(folder: string, description: StoreDescription, kind: KeyKind, dropped: readonly DroppedRecord[]): void {
  const sourceOf = new Map(dropped.map(({ key, source }) => [key, source]));
  const shards = readShards(folder).map(({ shard }) => shard).filter(({ key }) => key === kind); // prettier-ignore
  const taken = new Set(shards.map(({ index }) => index));
  for (const shard of shards) {
    const isDropped = (key: string): boolean =>
      sourceOf.has(key) && (sourceOf.get(key) === undefined || sourceOf.get(key) === shard.sources?.[key]);
    if (!shard.keys.some(isDropped)) continue;
    const kept = shard.keys.filter((key) => !isDropped(key));
    if (kept.length > 0 && isWhole(folder, description, shard)) {
      let index = 0;
      while (taken.has(index)) index++;
      taken.add(index);
      copyRecords(folder, description, shard, { key: kind, index, keys: kept });
    }
    rmSync(shardEntryPath(folder, shard), { force: true });
    for (const [field] of fieldsOf(description, kind)) rmSync(shardPath(folder, field, shard.index), { force: true });
  }
}

function isWhole(folder: string, description: StoreDescription, shard: Shard): boolean {
  if (sizeProblemOf(folder, description, shard) !== '') return false;
  return fieldsOf(description, shard.key).every(([field]) => {
    const bytes = readFileSync(shardPath(folder, field, shard.index));
    return createHash('sha256').update(bytes).digest('hex') === shard.sha256[field];
  });
}

function copyRecords(folder: string, description: StoreDescription, shard: Shard, plan: Pick<Shard, 'key' | 'index' | 'keys'>): void {
  const fields = fieldsOf(description, shard.key).map(([field, each]) => {
    const bytes = readFileSync(shardPath(folder, field, shard.index));
    const halves = new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    return { field, halves, length: valuesPerRecord(each) };
  });
  const isKept = new Set(plan.keys);
  const ofKept = <Value>(values: Readonly<Record<string, Value>> = {}): Record<string, Value> =>
    Object.fromEntries(Object.entries(values).filter(([key]) => isKept.has(key)));
  const writer = new ShardWriter(folder, description, plan);
  try {
    for (const key of plan.keys) {
      const record = shard.keys.indexOf(key);
      const values = fields.map(({ field, halves, length }) => {
        const decoded = new Float32Array(length);
        decodeHalves(halves.subarray(record * length, (record + 1) * length), decoded, 0);
        return [field, decoded] as const;
      });
      writer.add(key, Object.fromEntries(values));
    }
    const { faults, doubts, sources, shortVideos, provider } = shard;
    writer.finish({
      faults,
      doubts: doubts.filter(({ key }) => isKept.has(key)),
      ...(sources ? { sources: ofKept(sources) } : {}),
      ...{ shortVideos: ofKept(shortVideos), provider },
    });
  } catch (error) {
    writer.abandon();
    throw error;
  }
}
