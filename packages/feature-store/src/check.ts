import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describeDifference, type Expected } from './identity';
import { fieldsOf, howToPrepare, type KeyKind, type Manifest, readManifest, valuesPerRecord } from './manifest';
import { readShards, type Shard, shardPath, sizeProblem } from './shard';

export interface StoreProblem {
  readonly kind: 'other source' | 'missing' | 'truncated' | 'not finite' | 'changed' | 'doubtful';
  readonly field?: string; // none for a problem of the whole store
  readonly key?: string; // video id or text; none for a problem of a whole shard
  readonly message: string;
}

/** The keys that a store must have. */
export type WantedKeys = Readonly<Partial<Record<KeyKind, readonly string[]>>>;

/**
 * Reads a whole feature store and lists everything that training would stumble over: another encoder or dataset than
 * expected, keys that are not there (with the reason where making them failed), shards of another length than their description says or of
 * other content than was written, values that are not finite, records that can hardly be right.
 * Throws only where there is no store.
 */
export function checkStore(folder: string, wanted: WantedKeys = {}, expected: Expected = {}): StoreProblem[] {
  const manifest = readManifest(folder);
  if (!manifest) throw new Error(`encoders: there is no feature store at ${folder} (no manifest.json). ${howToPrepare}`);
  const shards = readShards(folder).map(({ shard }) => shard);
  const difference = describeDifference(manifest, expected);
  return [
    ...(difference ? [{ kind: 'other source' as const, message: `${folder} ${difference}` }] : []),
    ...Object.entries(wanted).flatMap(([kind, keys]) => missingRecords(manifest, shards, kind as KeyKind, keys)),
    ...shards.flatMap((shard) => checkShard(folder, manifest, shard)),
  ];
}

function missingRecords(manifest: Manifest, shards: readonly Shard[], kind: KeyKind, keys: readonly string[]): StoreProblem[] {
  const ofKind = shards.filter((shard) => shard.key === kind);
  const held = new Set(ofKind.flatMap((shard) => shard.keys));
  const reasons = new Map(ofKind.flatMap(({ faults }) => faults.map(({ key, reason }) => [key, reason])));
  const fields = fieldsOf(manifest, kind).map(([field]) => field);
  const missing = [...new Set(keys)].filter((key) => !held.has(key));
  return fields.length === 0
    ? []
    : missing.map((key) => {
        const reason = reasons.get(key);
        return { kind: 'missing', key, message: `${fields.join(' and ')} of ${kind} ${key}: missing${reason ? `: ${reason}` : ''}` };
      });
}

function checkShard(folder: string, manifest: Manifest, shard: Shard): StoreProblem[] {
  if (shard.keys.length === 0) return [];
  const doubtful = shard.doubts.map(({ key, field, reason }): StoreProblem => {
    return { kind: 'doubtful', field, key, message: `${field} of ${shard.key} ${key}: ${reason}` };
  });
  return [...fieldsOf(manifest, shard.key).flatMap(([field]) => checkFile(folder, manifest, shard, field)), ...doubtful];
}

function checkFile(folder: string, manifest: Manifest, shard: Shard, field: string): StoreProblem[] {
  const truncated = sizeProblem(folder, manifest, shard, field);
  if (truncated) return [{ kind: 'truncated', field, message: truncated }];
  const path = shardPath(folder, field, shard.index);
  const bytes = readFileSync(path);
  if (createHash('sha256').update(bytes).digest('hex') === shard.sha256[field]) return []; // what was written, which was finite
  const halves = new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const length = valuesPerRecord(manifest.fields[field]);
  const problems = shard.keys.flatMap((key, record): StoreProblem[] => {
    const bad = halves.subarray(record * length, (record + 1) * length).findIndex((half) => (half & 0x7c00) === 0x7c00);
    if (bad < 0) return [];
    return [{ kind: 'not finite', field, key, message: `${field} of ${shard.key} ${key} in ${path} is not finite at value ${bad}` }];
  });
  if (problems.length > 0) return problems;
  return [{ kind: 'changed', field, message: `${path} is not what was written: its sha256 is not that of its description` }];
}
