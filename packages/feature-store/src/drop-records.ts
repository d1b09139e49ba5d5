import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { lockFolder } from '@tass/files';
import { decodeHalves } from './half';
import { fieldsOf, type KeyKind, type StoreDescription, valuesPerRecord } from './manifest';
import { readShards, type Shard, shardEntryPath, shardLock, shardLocks, shardPath, sizeProblemOf } from './shard';
import { type ShardPlan, ShardWriter } from './shard-writer';

/** A record that a store is to lose, if it was made of what `source` says. */
export interface DroppedRecord {
  readonly key: string;
  readonly source?: string; // the digest in its shard's `sources`; undefined: whatever it was made of
}

/**
 * Removes records from a store, so that they are made again. The other records of their shards move to shards of new numbers, which are
 * complete before the old ones go: whenever this is interrupted, no other record is lost, and the next call removes what is there twice. One
 * process at a time may do this, the one that plans the store's shards. A shard whose files are damaged goes as a whole.
 * Throws LockError, and removes nothing, while another process writes a shard: its number is not free.
 */
export function dropRecords(folder: string, description: StoreDescription, kind: KeyKind, dropped: readonly DroppedRecord[]): void {
  const sourceOf = new Map(dropped.map(({ key, source }) => [key, source]));
  const isDropped = (key: string, { sources }: Shard): boolean =>
    sourceOf.has(key) && (sourceOf.get(key) === undefined || sourceOf.get(key) === sources?.[key]);
  let shards = readShards(folder).map(({ shard }) => shard).filter(({ key }) => key === kind); // prettier-ignore
  const broken = shards.filter((shard) => shard.keys.some((key) => isDropped(key, shard)));
  if (broken.length === 0) return;
  for (const lock of shardLocks(folder, [kind])) lockFolder(folder, lock)();
  const taken = new Set(shards.map(({ index }) => index));
  for (const shard of broken) {
    shards = shards.filter((other) => other !== shard);
    const rest = shard.keys.filter((key) => !isDropped(key, shard));
    const kept = rest.filter((key) => !shards.some((other) => hasKept(other, key)));
    if (kept.length > 0 && isWhole(folder, description, shard)) {
      let index = 0;
      while (taken.has(index)) index++;
      taken.add(index);
      shards.push(copyRecords(folder, description, shard, { key: kind, index, keys: kept }));
    }
    rmSync(shardEntryPath(folder, shard), { force: true });
    for (const [field] of fieldsOf(description, kind)) rmSync(shardPath(folder, field, shard.index), { force: true });
  }

  /** Whether a record is in another shard as well, and stays there: an earlier call was killed when it had copied it. */
  function hasKept(other: Shard, key: string): boolean {
    return other.keys.includes(key) && !isDropped(key, other) && isWhole(folder, description, other);
  }
}

function isWhole(folder: string, description: StoreDescription, shard: Shard): boolean {
  if (sizeProblemOf(folder, description, shard) !== '') return false;
  return fieldsOf(description, shard.key).every(([field]) => {
    const bytes = readFileSync(shardPath(folder, field, shard.index));
    return createHash('sha256').update(bytes).digest('hex') === shard.sha256[field];
  });
}

function copyRecords(folder: string, description: StoreDescription, shard: Shard, plan: ShardPlan): Shard {
  const fields = fieldsOf(description, shard.key).map(([field, each]) => {
    const bytes = readFileSync(shardPath(folder, field, shard.index));
    const halves = new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    return { field, halves, length: valuesPerRecord(each) };
  });
  const isKept = new Set(plan.keys);
  const ofKept = <Value>(values: Readonly<Record<string, Value>> = {}): Record<string, Value> =>
    Object.fromEntries(Object.entries(values).filter(([key]) => isKept.has(key)));
  const release = lockFolder(folder, shardLock(plan));
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
    return writer.finish({
      faults,
      doubts: doubts.filter(({ key }) => isKept.has(key)),
      ...(sources ? { sources: ofKept(sources) } : {}),
      ...{ shortVideos: ofKept(shortVideos), provider },
    });
  } catch (error) {
    writer.abandon();
    throw error;
  } finally {
    release();
  }
}
