import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import type { FeatureStore } from './feature-store';
import { decodeHalves } from './half';
import { describeDifference, type Expected } from './identity';
import {
  bytesPerValue,
  type FieldDescription,
  howToPrepare,
  type Manifest,
  manifestPath,
  readManifest,
  type Shard,
  shardPath,
  valuesPerRecord,
} from './manifest';

interface Place {
  readonly shard: Shard;
  readonly record: number;
}

const openFiles = 128; // at once; a full MUSIC-AVQA has several hundred

/**
 * The features of one encoder, read one record at a time from the place where it lies on the disk; nothing is held in memory.
 *
 * `open` throws when there is no store, when it is not what is expected, or when a shard is not as long as the manifest says.
 */
export class StoreFolder implements FeatureStore {
  private readonly places: ReadonlyMap<string, ReadonlyMap<string, Place>>;
  private readonly files = new Map<string, number>();
  private scratch = Buffer.alloc(0);

  private constructor(
    readonly folder: string,
    readonly manifest: Manifest,
    /** sha256 of the manifest, which holds those of the shards: one figure for all that the store holds. */
    readonly digest: string,
  ) {
    const places = { video: new Map<string, Place>(), text: new Map<string, Place>() };
    for (const shard of manifest.shards) shard.keys.forEach((key, record) => places[shard.key].set(key, { shard, record }));
    this.places = new Map(Object.entries(places));
  }

  static open(folder: string, expected: Expected = {}): StoreFolder {
    const manifest = readManifest(folder);
    if (!manifest) throw new Error(`encoders: there is no feature store at ${folder} (no manifest.json). ${howToPrepare}`);
    const difference = describeDifference(manifest, expected);
    if (difference) throw new Error(`encoders: the feature store ${folder} ${difference}. Choose the store that fits. ${howToPrepare}`);
    for (const shard of manifest.shards) {
      for (const field of Object.keys(shard.sha256)) {
        const problem = sizeProblem(folder, manifest, shard, field);
        if (problem) throw new Error(`encoders: ${problem}. ${howToPrepare}, which makes it again`);
      }
    }
    return new StoreFolder(
      folder,
      manifest,
      createHash('sha256')
        .update(readFileSync(manifestPath(folder)))
        .digest('hex'),
    );
  }

  get fields(): string[] {
    return Object.keys(this.manifest.fields);
  }

  get logitScale(): number | undefined {
    return this.manifest.encoder.logitScale;
  }

  describe(field: string): FieldDescription {
    const description = this.manifest.fields[field];
    if (description) return description;
    throw new Error(
      `encoders: the feature store ${this.folder} has no field ${field}; its fields are ${Object.keys(this.manifest.fields).join(', ')}`,
    );
  }

  missing(field: string, keys: readonly string[]): string[] {
    const places = this.places.get(this.describe(field).key);
    return [...new Set(keys)].filter((key) => !places?.has(key));
  }

  read(field: string, keys: readonly string[], into?: Float32Array): Float32Array {
    const description = this.describe(field);
    const length = valuesPerRecord(description);
    const target = into ?? new Float32Array(length * keys.length);
    if (target.length < length * keys.length) {
      throw new Error(
        `encoders: read ${field} of ${keys.length} keys into ${target.length} values, expected at least ${length * keys.length}`,
      );
    }
    const places = this.places.get(description.key);
    keys.forEach((key, row) => {
      const place = places?.get(key);
      if (!place) throw new Error(`encoders: ${description.key} ${key} is missing from the feature store ${this.folder}. ${howToPrepare}`);
      const bad = decodeHalves(this.readRecord(field, place, length), target, row * length);
      if (bad >= 0) {
        throw new Error(
          `encoders: ${field} of ${description.key} ${key} in ${shardPath(this.folder, field, place.shard.index)} is not finite at value ${bad}. ` +
            `Delete that file. ${howToPrepare}, which makes it again`,
        );
      }
    });
    return target;
  }

  close(): void {
    for (const file of this.files.values()) closeSync(file);
    this.files.clear();
  }

  private readRecord(field: string, { shard, record }: Place, length: number): Uint16Array {
    const bytes = length * bytesPerValue;
    if (this.scratch.length < bytes) this.scratch = Buffer.from(new ArrayBuffer(bytes));
    const path = shardPath(this.folder, field, shard.index);
    const got = readSync(this.fileAt(path), this.scratch, 0, bytes, record * bytes);
    if (got !== bytes) throw new Error(`encoders: ${path} ends within record ${record}. ${howToPrepare}, which makes it again`);
    return new Uint16Array(this.scratch.buffer, this.scratch.byteOffset, length);
  }

  private fileAt(path: string): number {
    const file = this.files.get(path) ?? openSync(path, 'r');
    this.files.delete(path);
    this.files.set(path, file); // the last one used is last
    if (this.files.size > openFiles) {
      const [[oldest, oldestFile]] = this.files;
      closeSync(oldestFile);
      this.files.delete(oldest);
    }
    return file;
  }
}

/** What is wrong with the length of a shard's file; '' if it is right. */
export function sizeProblem(folder: string, manifest: Manifest, shard: Shard, field: string): string {
  const path = shardPath(folder, field, shard.index);
  const expected = valuesPerRecord(manifest.fields[field]) * bytesPerValue * shard.keys.length;
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === expected) return '';
  return size === undefined ? `${path} is not there` : `${path} has ${size} bytes, expected ${expected} (${shard.keys.length} records)`;
}
