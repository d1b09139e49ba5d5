import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FileDigests } from '@tass/files';
import type { FeatureStore } from './feature-store';
import { decodeHalves, firstNotFinite } from './half';
import { describeDifference, type Expected } from './identity';
import {
  type FieldDescription,
  type HowToPrepare,
  type KeyKind,
  type Manifest,
  prepareUsual,
  readWholeManifest,
  valuesPerRecord,
} from './manifest';
import { type Doubt, readShards, type Shard, shardPath, type ShortVideo, sizeProblemOf } from './shard';

interface Place {
  readonly shard: Shard;
  readonly record: number;
}

/** A shard's file from which records were read. */
interface UsedFile {
  readonly path: string;
  readonly sha256: string; // of what was written
  readonly check: Promise<void>; // started when it was first read
}

const openFiles = 128; // at once; a full MUSIC-AVQA has several hundred

/**
 * The features of one encoder, read record by record from disk; nothing is kept in memory.
 *
 * Shards finished later are found when it is opened again. `open` throws if there is no store, if it differs from what is expected, or if a
 * shard has the wrong length.
 */
export class StoreFolder implements FeatureStore {
  private readonly places: Readonly<Record<KeyKind, ReadonlyMap<string, Place>>>;
  private readonly files = new Map<string, number>();
  private scratch = new Uint16Array(0);
  private readonly digests: FileDigests;
  private readonly used = new Map<string, UsedFile>(); // by path
  private damage: string | undefined;

  private constructor(
    readonly folder: string,
    readonly manifest: Manifest,
    readonly shards: readonly Shard[],
    /** sha256 of the manifest and the shards' descriptions, which contain those of their files: one digest of the whole content. */
    readonly digest: string,
    /** False: some of its descriptions were written before they had check values. */
    readonly isChecked: boolean,
    private readonly howToPrepare: HowToPrepare,
  ) {
    this.digests = new FileDigests(folder, join(folder, 'digests.json'));
    const places = { video: new Map<string, Place>(), text: new Map<string, Place>() };
    for (const shard of shards) shard.keys.forEach((key, record) => places[shard.key].set(key, { shard, record }));
    this.places = places;
  }

  static open(folder: string, expected: Expected = {}, howToPrepare = prepareUsual): StoreFolder {
    const read = readWholeManifest(folder, howToPrepare);
    if (!read) throw new Error(`there is no feature store at ${folder} (no manifest.json). ${howToPrepare()}`);
    const { manifest } = read;
    const difference = describeDifference(manifest, expected);
    if (difference) throw new Error(`the feature store ${folder} ${difference}. Choose the store that fits. ${howToPrepare()}`);
    const entries = readShards(folder, howToPrepare);
    for (const { shard } of entries) {
      const problem = sizeProblemOf(folder, manifest, shard);
      if (problem) throw new Error(`${problem}. ${howToPrepare()}`);
    }
    const hash = createHash('sha256').update(read.body); // without seals, which stores from before have not
    for (const { body } of entries) hash.update(body);
    return new StoreFolder(
      folder,
      manifest,
      entries.map(({ shard }) => shard),
      hash.digest('hex'),
      read.isChecked && entries.every(({ isChecked }) => isChecked),
      howToPrepare,
    );
  }

  get folders(): StoreFolder[] {
    return [this];
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
      `the feature store ${this.folder} has no field ${field}; its fields are ${Object.keys(this.manifest.fields).join(', ')}`,
    );
  }

  missing(field: string, keys: readonly string[]): string[] {
    const places = this.places[this.describe(field).key];
    return [...new Set(keys)].filter((key) => !places.has(key));
  }

  whyMissing(field: string, key: string): string | undefined {
    const kind = this.describe(field).key;
    return this.shards.filter((shard) => shard.key === kind).flatMap(({ faults }) => faults).findLast((fault) => fault.key === key)?.reason; // prettier-ignore
  }

  doubts(field: string, keys: readonly string[]): Doubt[] {
    const kind = this.describe(field).key;
    const asked = new Set(keys);
    return this.shards
      .filter((shard) => shard.key === kind)
      .flatMap(({ doubts }) => doubts)
      .filter((doubt) => doubt.field === field && asked.has(doubt.key));
  }

  shortVideos(field: string, keys: readonly string[]): ShortVideo[] {
    const kind = this.describe(field).key;
    const asked = new Set(keys);
    return this.shards
      .filter((shard) => shard.key === kind)
      .flatMap((shard) => Object.entries(shard.shortVideos ?? {}))
      .filter(([key]) => asked.has(key))
      .map(([key, seconds]) => ({ key, seconds }));
  }

  read(field: string, keys: readonly string[], into?: Float32Array): Float32Array {
    const length = valuesPerRecord(this.describe(field));
    const target = into ?? new Float32Array(length * keys.length);
    this.expectRoom(field, keys, target);
    if (this.scratch.length < length) this.scratch = new Uint16Array(length);
    const halves = this.scratch.subarray(0, length);
    keys.forEach((key, row) => {
      const place = this.readRecord(field, key, halves);
      this.expectFinite(field, key, place, decodeHalves(halves, target, row * length));
    });
    return target;
  }

  readHalves(field: string, keys: readonly string[], into?: Uint16Array): Uint16Array {
    const length = valuesPerRecord(this.describe(field));
    const target = into ?? new Uint16Array(length * keys.length);
    this.expectRoom(field, keys, target);
    keys.forEach((key, row) => {
      const record = target.subarray(row * length, (row + 1) * length);
      const place = this.readRecord(field, key, record);
      this.expectFinite(field, key, place, firstNotFinite(record));
    });
    return target;
  }

  async verified(field?: string, keys: readonly string[] = []): Promise<void> {
    if (field !== undefined) for (const key of keys) this.use(field, this.placeOf(field, key));
    await this.digests.hurried(async () => {
      for (const file of this.used.values()) {
        await file.check;
        await this.check(file); // the digest of the current file; costs nothing unless it has changed
      }
    });
    this.digests.remember();
    this.refuseDamage();
  }

  close(): void {
    for (const file of this.files.values()) closeSync(file);
    this.files.clear();
  }

  private expectRoom(field: string, keys: readonly string[], { length }: ArrayLike<number>): void {
    const needed = valuesPerRecord(this.describe(field)) * keys.length;
    if (length < needed) throw new Error(`read ${field} of ${keys.length} keys into ${length} values, expected at least ${needed}`);
  }

  /** `bad`: the first value that is not finite, or -1. */
  private expectFinite(field: string, key: string, { shard }: Place, bad: number): void {
    if (bad < 0) return;
    throw new Error(
      `${field} of ${this.describe(field).key} ${key} in ${shardPath(this.folder, field, shard.index)} is not finite at value ${bad}. ` +
        `Delete that file. ${this.howToPrepare()}`,
    );
  }

  private readRecord(field: string, key: string, into: Uint16Array): Place {
    const place = this.placeOf(field, key);
    this.refuseDamage();
    const path = this.use(field, place);
    const got = readSync(this.fileAt(path), into, 0, into.byteLength, place.record * into.byteLength);
    if (got !== into.byteLength) throw new Error(`${path} ends within record ${place.record}. ${this.howToPrepare()}`);
    return place;
  }

  private placeOf(field: string, key: string): Place {
    const { key: kind } = this.describe(field);
    const place = this.places[kind].get(key);
    if (place) return place;
    throw new Error(`${kind} ${key} is missing from the feature store ${this.folder}. ${this.howToPrepare()}`);
  }

  /** The file of a record. Its check starts with its first use. */
  private use(field: string, { shard }: Place): string {
    const file = { path: shardPath(this.folder, field, shard.index), sha256: shard.sha256[field] };
    if (!this.used.has(file.path)) this.used.set(file.path, { ...file, check: this.check(file) });
    return file.path;
  }

  /** Checks whether a file still has its written content; never rejects. */
  private async check({ path, sha256 }: Omit<UsedFile, 'check'>): Promise<void> {
    try {
      const found = await this.digests.of(basename(path));
      if (found === sha256) return;
      const [is, was] = [found, String(sha256)].map((digest) => digest.slice(0, 12));
      this.damage ??= `${path} is not what was written: its sha256 is ${is}, its description has ${was}. Delete that file`;
    } catch (error) {
      this.damage ??= `${path} cannot be checked: ${(error as Error).message}`;
    }
  }

  private refuseDamage(): void {
    if (this.damage !== undefined) throw new Error(`${this.damage}. ${this.howToPrepare()}`);
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
