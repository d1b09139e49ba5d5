import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { holderOf, makeFolders } from '@tass/files';
import { describeDifference } from './identity';
import { fieldsOf, type KeyKind, readManifest, type StoreDescription, valuesPerRecord, writeManifest } from './manifest';
import { readShards, type Shard, shardEntryPath, shardLocks, sizeProblemOf } from './shard';
import { type ShardPlan, type ShardRemarks, ShardWriter } from './shard-writer';

/**
 * Makes `folder` a store with this `description`, or checks that it is one. Removes shards with missing or truncated files, which are then
 * made again under their old number, and leftovers of a killed writer, unless a shard is being made. One process at a time may do this.
 *
 * Throws if the folder has features of another encoder, dataset or shape, and names the first difference.
 */
export function openForWriting(folder: string, description: StoreDescription): void {
  const existing = readManifest(folder);
  if (!existing) {
    makeFolders(folder);
    writeManifest(folder, description);
    return;
  }
  const difference = describeDifference(existing, description);
  if (difference) {
    throw new Error(`the feature store ${folder} ${difference}. Remove the folder, or choose another one for these features`);
  }
  const isBusy = shardLocks(folder).some((lock) => holderOf(folder, lock));
  for (const name of readdirSync(folder)) if (!isBusy && name.endsWith('.tmp')) rmSync(join(folder, name), { force: true });
  for (const { shard } of readShards(folder))
    if (sizeProblemOf(folder, existing, shard)) rmSync(shardEntryPath(folder, shard), { force: true });
}

/**
 * The shards, of at most `records` records, that are missing until the store has all of `keys`, each once. Keys that failed before come
 * last, so that a resumed run has the shards of an uninterrupted one.
 */
export function planShards(folder: string, kind: KeyKind, keys: readonly string[], records: number): ShardPlan[] {
  const finished = readShards(folder).map(({ shard }) => shard).filter(({ key }) => key === kind); // prettier-ignore
  const held = new Set(finished.flatMap((shard) => shard.keys));
  const failed = new Set(finished.flatMap(({ faults }) => faults.map(({ key }) => key)));
  const taken = new Set(finished.map(({ index }) => index));
  const wanted = [...new Set(keys)].filter((each) => !held.has(each));
  const plans: ShardPlan[] = [];
  for (const some of [wanted.filter((key) => !failed.has(key)), wanted.filter((key) => failed.has(key))]) {
    for (let index = 0; some.length > 0; index++) {
      if (taken.has(index)) continue;
      taken.add(index);
      plans.push({ key: kind, index, keys: some.splice(0, records) });
    }
  }
  return plans;
}

/** The content for a shard: the values of successful keys, in the plan's order, and the reasons of the others. */
export interface ShardContent extends ShardRemarks {
  readonly values: Readonly<Record<string, Float32Array>>; // by field: [keys without faults, ...shape]
}

/**
 * Writes a shard from values that are all in memory; `ShardWriter` takes them record by record. Throws for a value that float16 cannot
 * represent, and names the key.
 */
export function writeShard(folder: string, description: StoreDescription, plan: ShardPlan, { values, ...remarks }: ShardContent): Shard {
  const failed = new Set(remarks.faults?.map(({ key }) => key));
  const keys = plan.keys.filter((key) => !failed.has(key));
  const fields = fieldsOf(description, plan.key).map(([field, each]) => [field, valuesPerRecord(each)] as const);
  for (const [field, length] of fields) {
    if (values[field]?.length !== length * keys.length)
      throw new Error(`${field} of ${keys.length} records has ${values[field]?.length} values, expected ${length} each`);
  }
  const writer = new ShardWriter(folder, description, plan);
  try {
    keys.forEach((key, row) => {
      writer.add(
        key,
        Object.fromEntries(fields.map(([field, length]) => [field, values[field].subarray(row * length, (row + 1) * length)])),
      );
    });
    return writer.finish(remarks);
  } catch (error) {
    writer.abandon();
    throw error;
  }
}
