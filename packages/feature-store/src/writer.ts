import { createHash } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { holderOf, makeFolders, sealedJson } from '@tass/files';
import { doubtOf } from './doubts';
import { encodeHalves } from './half';
import { describeDifference } from './identity';
import {
  fieldsOf,
  type FieldDescription,
  type KeyKind,
  readManifest,
  type StoreDescription,
  valuesPerRecord,
  writeManifest,
} from './manifest';
import { type Doubt, type Fault, readShards, type Shard, shardEntryPath, shardPath, sizeProblemOf } from './shard';
import { writeWholeFile } from './whole-file';

/** A shard to make: its keys and its number. */
export type ShardPlan = Pick<Shard, 'key' | 'index' | 'keys'>;

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
  const names = readdirSync(folder);
  const isBusy = names.some((file) => /^(?:video|text)-\d+\.lock$/.test(file) && holderOf(folder, { file, what: 'a shard of' }));
  for (const name of names) if (!isBusy && name.endsWith('.tmp')) rmSync(join(folder, name), { force: true });
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
export interface ShardContent {
  readonly values: Readonly<Record<string, Float32Array>>; // by field: [keys without faults, ...shape]
  readonly faults?: readonly Fault[];
  readonly doubts?: readonly Doubt[]; // of the caller; findings of `doubtOf` take precedence
  readonly sources?: Readonly<Record<string, string>>; // by key: a digest of what the record was made of
  readonly shortVideos?: Readonly<Record<string, number>>; // by key: how many seconds a video lasts that is too short
}

/**
 * Writes a shard: its files, then its description, which completes it. Any process on any machine may do so, but only one at a time for a
 * shard. Throws for a value that float16 cannot represent, and names the key. Writes nothing if all keys failed before and failed again.
 */
export function writeShard(
  folder: string,
  description: StoreDescription,
  plan: ShardPlan,
  { values, faults = [], doubts: given = [], sources, shortVideos = {} }: ShardContent,
): Shard {
  const failed = new Set(faults.map(({ key }) => key));
  const keys = plan.keys.filter((key) => !failed.has(key));
  const fields = fieldsOf(description, plan.key);
  for (const [field, each] of fields) refuseUnstorable(field, each, plan.key, keys, values[field]);
  const sha256: Record<string, string> = {};
  const doubts: Doubt[] = [];
  if (keys.length > 0) {
    for (const [field, each] of fields) {
      const bytes = new Uint8Array(encodeHalves(values[field]).buffer);
      writeWholeFile(shardPath(folder, field, plan.index), bytes);
      sha256[field] = createHash('sha256').update(bytes).digest('hex');
      const found = doubtsOf(field, each, keys, values[field]);
      const isFound = ({ key }: Doubt) => found.some((doubt) => doubt.key === key);
      doubts.push(...found, ...given.filter((doubt) => doubt.field === field && !isFound(doubt)));
    }
  }
  const shard: Shard = {
    ...{ key: plan.key, index: plan.index, keys, sha256, faults, doubts },
    ...(sources ? { sources } : {}),
    ...(Object.keys(shortVideos).length > 0 ? { shortVideos } : {}),
  };
  if (keys.length > 0 || !areKnown(folder, plan, faults)) {
    writeWholeFile(shardEntryPath(folder, plan), Buffer.from(sealedJson(shard, 1)));
  }
  return shard;
}

function areKnown(folder: string, { key }: ShardPlan, faults: readonly Fault[]): boolean {
  const known = new Set(readShards(folder).filter(({ shard }) => shard.key === key).flatMap(({ shard }) => shard.faults.map((fault) => fault.key))); // prettier-ignore
  return faults.every((fault) => known.has(fault.key));
}

function refuseUnstorable(
  field: string,
  description: FieldDescription,
  kind: KeyKind,
  keys: readonly string[],
  values?: Float32Array,
): void {
  const length = valuesPerRecord(description);
  if (values?.length !== length * keys.length) {
    throw new Error(`${field} of ${keys.length} records has ${values?.length} values, expected ${length} each`);
  }
  const bad = values.findIndex((value) => !(Math.abs(value) < 65520));
  if (bad < 0) return;
  throw new Error(
    `${field} of ${kind} ${keys[Math.floor(bad / length)]} holds ${values[bad]}, which float16 cannot. Check the media and the model`,
  );
}

function doubtsOf(field: string, description: FieldDescription, keys: readonly string[], values: Float32Array): Doubt[] {
  const length = valuesPerRecord(description);
  return keys.flatMap((key, row) => {
    const reason = doubtOf(values.subarray(row * length, (row + 1) * length), description);
    return reason === undefined ? [] : [{ key, field, reason }];
  });
}
