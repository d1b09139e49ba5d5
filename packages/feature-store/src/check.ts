import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describeDifference, type Expected } from './identity';
import { fieldsOf, type Manifest, prepareUsual, readManifest, valuesPerRecord } from './manifest';
import { readShards, type Shard, shardPath, sizeProblem } from './shard';

export interface StoreProblem {
  readonly kind: 'other source' | 'truncated' | 'not finite' | 'changed';
  readonly field?: string; // none for a problem of the whole store
  readonly key?: string; // video id or text; none for a problem of a whole shard
  readonly message: string;
}

/**
 * Reads a whole feature store and lists all problems: another encoder or dataset than expected, shards whose length or content differs from
 * their description, values that are not finite. The store itself lists missing keys and doubtful records (`missing`, `doubts`). Throws
 * only if there is no store.
 */
export function checkStore(folder: string, expected: Expected = {}, howToPrepare = prepareUsual): StoreProblem[] {
  const manifest = readManifest(folder, howToPrepare);
  if (!manifest) throw new Error(`there is no feature store at ${folder} (no manifest.json). ${howToPrepare()}`);
  const difference = describeDifference(manifest, expected);
  return [
    ...(difference ? [{ kind: 'other source' as const, message: `${folder} ${difference}` }] : []),
    ...readShards(folder, howToPrepare).flatMap(({ shard }) => checkShard(folder, manifest, shard)),
  ];
}

function checkShard(folder: string, manifest: Manifest, shard: Shard): StoreProblem[] {
  if (shard.keys.length === 0) return [];
  return fieldsOf(manifest, shard.key).flatMap(([field]) => checkFile(folder, manifest, shard, field));
}

function checkFile(folder: string, manifest: Manifest, shard: Shard, field: string): StoreProblem[] {
  const truncated = sizeProblem(folder, manifest, shard, field);
  if (truncated) return [{ kind: 'truncated', field, message: truncated }];
  const path = shardPath(folder, field, shard.index);
  const bytes = readFileSync(path);
  if (createHash('sha256').update(bytes).digest('hex') === shard.sha256[field]) return []; // same content as written, and that was finite
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
