import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describeDifference, type Expected } from './identity';
import { howToPrepare, type KeyKind, type Manifest, readManifest, type Shard, shardPath, valuesPerRecord } from './manifest';
import { sizeProblem } from './store-folder';

export interface StoreProblem {
  readonly kind: 'other source' | 'missing' | 'truncated' | 'not finite' | 'changed';
  readonly field?: string; // none for a problem of the whole store
  readonly key?: string; // video id or text; none for a problem of a whole shard
  readonly message: string;
}

/** The keys that a store must have. */
export type WantedKeys = Readonly<Partial<Record<KeyKind, readonly string[]>>>;

/**
 * Reads a whole feature store and lists everything that training would stumble over: another encoder or dataset than
 * expected, keys that are not there, shards of another length than the manifest says or of other content than was
 * written, and values that are not finite.
 * Throws only where there is no store.
 */
export function checkStore(folder: string, wanted: WantedKeys = {}, expected: Expected = {}): StoreProblem[] {
  const manifest = readManifest(folder);
  if (!manifest) throw new Error(`encoders: there is no feature store at ${folder} (no manifest.json). ${howToPrepare}`);
  const problems: StoreProblem[] = [];
  const difference = describeDifference(manifest, expected);
  if (difference) problems.push({ kind: 'other source', message: `${folder} ${difference}` });
  for (const [field, { key: kind }] of Object.entries(manifest.fields)) {
    const held = new Set(manifest.shards.filter((shard) => shard.key === kind).flatMap(({ keys }) => keys));
    for (const key of new Set(wanted[kind] ?? [])) {
      if (!held.has(key)) problems.push({ kind: 'missing', field, key, message: `${field} of ${kind} ${key} is missing` });
    }
  }
  for (const shard of manifest.shards) {
    for (const field of Object.keys(shard.sha256)) problems.push(...checkShard(folder, manifest, shard, field));
  }
  return problems;
}

function checkShard(folder: string, manifest: Manifest, shard: Shard, field: string): StoreProblem[] {
  const truncated = sizeProblem(folder, manifest, shard, field);
  if (truncated) return [{ kind: 'truncated', field, message: truncated }];
  const path = shardPath(folder, field, shard.index);
  const bytes = readFileSync(path);
  const halves = new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const length = valuesPerRecord(manifest.fields[field]);
  const problems: StoreProblem[] = [];
  shard.keys.forEach((key, record) => {
    const bad = halves.subarray(record * length, (record + 1) * length).findIndex((half) => (half & 0x7c00) === 0x7c00);
    if (bad >= 0) {
      problems.push({
        kind: 'not finite',
        field,
        key,
        message: `${field} of ${shard.key} ${key} in ${path} is not finite at value ${bad}`,
      });
    }
  });
  if (problems.length === 0 && createHash('sha256').update(bytes).digest('hex') !== shard.sha256[field]) {
    problems.push({ kind: 'changed', field, message: `${path} is not what was written: its sha256 is not the manifest's` });
  }
  return problems;
}
