import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FileError, type FolderLock, readSealedFile, type Sealed } from '@tass/files';
import { bytesPerValue, fieldsOf, type KeyKind, prepareUsual, type StoreDescription, valuesPerRecord } from './manifest';

/** A key that has no record, and why. */
export interface Fault {
  readonly key: string;
  readonly reason: string;
}

/** A finite but suspicious record. */
export interface Doubt {
  readonly key: string;
  readonly field: string;
  readonly reason: string;
}

/** A video that ends before its last segment begins. */
export interface ShortVideo {
  readonly key: string;
  readonly seconds: number; // that it lasts
}

/**
 * A run of records: one file `<field>-<index>.bin` for each field of its key kind, records in the order of `keys`, and this description in
 * `<kind>-<index>.json`, which is written last: a shard exists once its description does.
 */
export interface Shard {
  readonly key: KeyKind;
  readonly index: number;
  readonly keys: readonly string[];
  readonly sha256: Readonly<Record<string, string>>; // by field; of no record, none
  readonly faults: readonly Fault[];
  readonly doubts: readonly Doubt[];
  readonly sources?: Readonly<Record<string, string>>; // by key: a digest of what the record was made of
  readonly shortVideos?: Readonly<Record<string, number>>; // by key: length in seconds of a video whose last second is repeated
  readonly provider?: string; // of onnxruntime, that computed it; absent: the CPU's
}

const number = (index: number): string => String(index).padStart(5, '0');

export const shardPath = (folder: string, field: string, index: number): string => join(folder, `${field}-${number(index)}.bin`);

export const shardEntryPath = (folder: string, { key, index }: Pick<Shard, 'key' | 'index'>): string =>
  join(folder, `${key}-${number(index)}.json`);

/** Whoever writes a shard holds this lock, on whatever machine. */
export const shardLock = ({ key, index }: Pick<Shard, 'key' | 'index'>): FolderLock => ({
  file: `${key}-${index}.lock`,
  what: `shard ${key} ${index} of`,
});

const lockName = /^(video|text)-(\d+)\.lock$/;

/** The locks of shards that are there, held or left behind. */
export function shardLocks(folder: string, kinds: readonly KeyKind[] = ['video', 'text']): FolderLock[] {
  return readdirSync(folder).flatMap((file) => {
    const [, key, index] = lockName.exec(file) ?? [];
    return kinds.includes(key as KeyKind) ? [{ file, what: `shard ${key} ${index} of` }] : [];
  });
}

const entryName = /^(?:video|text)-\d{5,}\.json$/;

/** A shard, with the text of its description, from which a store's digest is computed. */
export interface ShardEntry extends Pick<Sealed, 'body' | 'isChecked'> {
  readonly shard: Shard;
}

/** The existing shards, by key kind and index. Throws with the file for an invalid description. */
export function readShards(folder: string, howToPrepare = prepareUsual): ShardEntry[] {
  const names = readdirSync(folder).filter((name) => entryName.test(name)).sort(); // prettier-ignore
  return names.map((name) => {
    const file = join(folder, name);
    const remedy = (): string => `Delete this description of a shard. ${howToPrepare()}`;
    const { content, ...sealed } = readSealedFile(file, remedy);
    const shard = content as Shard | null;
    if (shard && Array.isArray(shard.keys) && Array.isArray(shard.faults) && Array.isArray(shard.doubts)) return { shard, ...sealed };
    throw new FileError(file, `keys, faults or doubts are missing. ${remedy()}`, undefined);
  });
}

/** The shard made for a plan, if it exists and its files are complete. */
export function finishedShard(
  folder: string,
  description: StoreDescription,
  { key, index }: Pick<Shard, 'key' | 'index'>,
): Shard | undefined {
  const found = readShards(folder).find(({ shard }) => shard.key === key && shard.index === index)?.shard;
  return found && sizeProblemOf(folder, description, found) === '' ? found : undefined;
}

/** The problem with the length of a shard's file, or ''. */
export function sizeProblem(folder: string, description: StoreDescription, shard: Shard, field: string): string {
  const path = shardPath(folder, field, shard.index);
  const expected = valuesPerRecord(description.fields[field]) * bytesPerValue * shard.keys.length;
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === expected) return '';
  return size === undefined ? `${path} is not there` : `${path} has ${size} bytes, expected ${expected} (${shard.keys.length} records)`;
}

/** The first problem with the lengths of a shard's files, or ''. */
export function sizeProblemOf(folder: string, description: StoreDescription, shard: Shard): string {
  if (shard.keys.length === 0) return '';
  for (const [field] of fieldsOf(description, shard.key)) {
    const problem = sizeProblem(folder, description, shard, field);
    if (problem) return problem;
  }
  return '';
}
