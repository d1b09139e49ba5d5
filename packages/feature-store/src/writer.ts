import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { encodeHalves } from './half';
import { describeDifference } from './identity';
import {
  type KeyKind,
  type Manifest,
  readManifest,
  type Shard,
  shardPath,
  type StoreDescription,
  valuesPerRecord,
  writeManifest,
} from './manifest';
import { sizeProblem } from './store-folder';
import { writeWholeFile } from './whole-file';

export type ShardPlan = Pick<Shard, 'key' | 'index' | 'keys'>;

/**
 * Fills a feature store shard by shard. A shard counts once the manifest lists it, and the manifest is replaced as a whole,
 * so a run that was killed goes on with the first shard that is not listed; its bytes are those of an undisturbed run. Shards whose
 * files are gone or cut off leave the manifest as soon as it is opened and are made again.
 *
 * Throws when the folder holds features of another encoder, dataset or shape, naming the first difference.
 */
export class FeatureStoreWriter {
  private constructor(
    readonly folder: string,
    private manifest: Manifest,
  ) {}

  static open(folder: string, description: StoreDescription): FeatureStoreWriter {
    const existing = readManifest(folder);
    if (existing) {
      const difference = describeDifference(existing, description);
      if (difference) {
        throw new Error(`encoders: the feature store ${folder} ${difference}. Remove the folder, or choose another one for these features`);
      }
      for (const name of readdirSync(folder)) if (name.endsWith('.tmp')) rmSync(join(folder, name), { force: true });
      const whole = (shard: Shard) => Object.keys(shard.sha256).every((field) => sizeProblem(folder, existing, shard, field) === '');
      const kept: Manifest = { ...existing, shards: existing.shards.filter(whole) };
      if (kept.shards.length < existing.shards.length) writeManifest(folder, kept); // else the store could not be opened if nothing were made
      return new FeatureStoreWriter(folder, kept);
    }
    mkdirSync(folder, { recursive: true });
    const manifest: Manifest = { format: 'tass-feature-store', version: 1, dtype: 'float16', ...description, shards: [] };
    writeManifest(folder, manifest);
    return new FeatureStoreWriter(folder, manifest);
  }

  /** The shards of at most `records` records that are still to be made so that the store holds all of `keys`, each once. */
  plan(key: KeyKind, keys: readonly string[], records: number): ShardPlan[] {
    const finished = this.manifest.shards.filter((shard) => shard.key === key);
    const held = new Set(finished.flatMap((shard) => shard.keys));
    const taken = new Set(finished.map(({ index }) => index));
    const wanted = [...new Set(keys)].filter((each) => !held.has(each));
    const plans: ShardPlan[] = [];
    for (let index = 0; wanted.length > 0; index++) {
      if (!taken.has(index)) plans.push({ key, index, keys: wanted.splice(0, records) });
    }
    return plans;
  }

  /** Lists a shard, whose files `writeShard` has written, as finished. */
  commit(shard: Shard): void {
    const shards = [...this.manifest.shards, shard].sort((a, b) => a.key.localeCompare(b.key) || a.index - b.index);
    this.manifest = { ...this.manifest, shards };
    writeManifest(this.folder, this.manifest);
  }
}

/**
 * Writes the files of one shard: for each field of its key kind [keys.length, ...shape] values. Any process may do so.
 * Throws for a value that float16 cannot hold, naming the key.
 */
export function writeShard(
  folder: string,
  { fields }: Pick<StoreDescription, 'fields'>,
  plan: ShardPlan,
  values: Readonly<Record<string, Float32Array>>,
): Shard {
  const sha256: Record<string, string> = {};
  for (const [field, description] of Object.entries(fields)) {
    if (description.key !== plan.key) continue;
    const length = valuesPerRecord(description);
    const record = values[field];
    if (record?.length !== length * plan.keys.length) {
      throw new Error(`encoders: ${field} of ${plan.keys.length} records has ${record?.length} values, expected ${length} each`);
    }
    const bad = record.findIndex((value) => !(Math.abs(value) < 65520));
    if (bad >= 0) {
      const key = plan.keys[Math.floor(bad / length)];
      throw new Error(`encoders: ${field} of ${plan.key} ${key} holds ${record[bad]}, which float16 cannot. Check the media and the model`);
    }
    const bytes = new Uint8Array(encodeHalves(record).buffer);
    writeWholeFile(shardPath(folder, field, plan.index), bytes);
    sha256[field] = createHash('sha256').update(bytes).digest('hex');
  }
  return { key: plan.key, index: plan.index, keys: plan.keys, sha256 };
}
