import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { lockFolder, onDisk } from '@tass/files';
import { encodeHalves } from '../half';
import { readManifest, type StoreDescription, valuesPerRecord } from '../manifest';
import type { Doubt, Fault } from '../shard';
import { type ShardPlan, ShardWriter } from '../shard-writer';
import { StoreFolder } from '../store-folder';
import { openForWriting, planShards } from '../writer';
import type { LayoutName } from './layouts';
import { foldersOf, type FoundIn, type ImportPlan, planImport, refuseBadPlan } from './plan-import';
import { type Part, readVideo, type ReadingRules } from './read-video';
import { RepeatedRecords } from './repeated-records';
import { describeContent, expectFolder, type Found, isAbsent, lookAt } from './source-folder';

export interface ImportOptions extends ImportPlan {
  readonly storeRoot: string; // gets a folder named `name`
  readonly videos: readonly string[];
  readonly absent?: 'fault' | 'leave out'; // videos without a file. Default fault
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal; // stops the work and throws its reason; a later call resumes
}

/** First all files are checked, then they are imported. */
interface ImportProgress {
  readonly stage: 'checked' | 'imported';
  readonly done: number;
  readonly total: number;
}

export interface ImportedFeatures {
  readonly folder: string; // of the store
  readonly layout: LayoutName; // as stated, or as found
  readonly description: StoreDescription;
  readonly imported: number; // videos, now
  readonly kept: number; // videos that already existed
  readonly faults: readonly Fault[]; // of the videos of this call, with file and reason
  readonly doubts: readonly Doubt[]; // of those imported or kept, by field
  readonly zeroed: number; // values of those imported now that became 0 as float16: few, and small among the others
  readonly absent: number; // videos without a file: faults, or left out
  readonly rows: number; // the shape of most files
  readonly short: number; // videos, now, whose last second stands for missing ones
}

const videosPerShard = 32;
const checkedAtOnce = 256;

/**
 * Imports features, one .npy file for each video, into a feature store: `vectors` into `audio` or `frame`, all other layouts into `frame`
 * and `patch`, patches of sound into `audioPatch`. Reads only the seconds that represent segments, and has one video in memory at a time. An
 * unusable file is a fault, listed with its reason, and tried again by the next call. Finished shards are kept; the same call resumes a
 * stopped or killed one, with the bytes of an uninterrupted one.
 *
 * The store's encoder digest is the sha256 of names, types, shapes and the first 4 KiB of values of all files that were usable when the
 * store was made; it identifies them without reading hundreds of gigabytes twice. The sha256 of the shards, and so the store's digest,
 * covers everything imported. A later call may add videos; it compares one video of each finished shard with its file, value by value.
 *
 * Throws for an invalid setting, folders that are missing or have no usable file, an ambiguous layout, a store of something else or of
 * other files, or a second process on the same store.
 */
export async function importFeatures(options: ImportOptions): Promise<ImportedFeatures> {
  const { storeRoot, name, signal, onProgress } = options;
  refuseBadPlan(options);
  const wanted = [...new Set(options.videos)];
  if (wanted.length === 0) throw new Error('no video is to be imported. Check the dataset whose videos are asked for');
  const folder = join(storeRoot, name);
  const foundIn = await lookAtAll(options, wanted);
  const present = presentIn(foundIn, wanted);
  const videos = options.absent === 'leave out' ? leaveOutOthers(foundIn, wanted, present) : wanted;
  const { parts, description } = planImport(options, foundIn, readManifest(folder));
  const rules: ReadingRules = { sampling: description.sampling, fields: description.fields, constant: options.constant ?? 'refuse' };
  return locked(folder, async () => {
    openForWriting(folder, description);
    refuseOtherFiles(folder, parts, rules);
    const plans = planShards(folder, 'video', videos, videosPerShard);
    const waiting = plans.reduce((sum, { keys }) => sum + keys.length, 0);
    const kept = videos.length - waiting;
    const faults: Fault[] = [];
    let done = kept;
    let zeroed = 0;
    let short = 0;
    const tell = () => onProgress?.({ stage: 'imported', done, total: videos.length });
    if (waiting > 0) tell();
    for (const plan of plans) {
      const shard = await importShard(new ShardWriter(folder, description, plan), plan, parts, rules, done === faults.length, signal);
      faults.push(...shard.faults);
      zeroed += shard.zeroed;
      short += shard.short;
      done += plan.keys.length;
      tell();
    }
    const doubts = doubtsOf(folder, videos);
    return {
      folder,
      layout: parts[0].source.layout,
      description,
      imported: waiting - faults.length,
      kept,
      faults,
      doubts,
      zeroed,
      short,
      absent: wanted.length - present.length,
      rows: parts[0].source.rows,
    };
  });
}

/** The videos with a file in any folder. */
const presentIn = (foundIn: FoundIn, videos: readonly string[]): string[] =>
  videos.filter((id) => [...foundIn.values()].some((found) => !isAbsent(found.get(id)!)));

/** For `present`: removes the other videos from `foundIn`. Throws if none is left. */
function leaveOutOthers(foundIn: FoundIn, videos: readonly string[], present: string[]): string[] {
  if (present.length === 0) {
    const folders = [...foundIn.keys()].map((folder) => `${folder} (${describeContent(folder)})`).join(' and ');
    throw new Error(`of none of the ${videos.length} videos there is a file in ${folders}, expected <video id>.npy`);
  }
  const kept = new Set(present);
  for (const found of foundIn.values()) for (const id of videos) if (!kept.has(id)) found.delete(id);
  return present;
}

function doubtsOf(folder: string, videos: readonly string[]): Doubt[] {
  const store = StoreFolder.open(folder);
  try {
    return store.fields.flatMap((field) => store.doubts(field, videos));
  } finally {
    store.close();
  }
}

async function lookAtAll(options: ImportOptions, videos: readonly string[]): Promise<FoundIn> {
  const { onProgress, signal } = options;
  const folders = foldersOf(options);
  folders.forEach(expectFolder);
  const found = new Map(folders.map((folder) => [folder, new Map<string, Found>()]));
  const all = new Set(videos);
  onProgress?.({ stage: 'checked', done: 0, total: videos.length });
  for (let first = 0; first < videos.length; first += checkedAtOnce) {
    await setImmediate();
    signal?.throwIfAborted();
    const some = videos.slice(first, first + checkedAtOnce);
    for (const folder of folders) for (const id of some) found.get(folder)!.set(id, lookAt(folder, id, all));
    onProgress?.({ stage: 'checked', done: first + some.length, total: videos.length });
  }
  return found;
}

async function locked<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  onDisk(`the feature store ${folder} cannot be made`, folder, () => mkdirSync(folder, { recursive: true }));
  const giveUp = lockFolder(folder, { file: 'prepare.lock', what: 'the feature store' });
  try {
    return await work();
  } finally {
    giveUp();
  }
}

interface ImportedShard {
  readonly faults: readonly Fault[];
  readonly zeroed: number;
  readonly short: number; // videos
}

/** Room for one record of each field. */
const roomFor = ({ fields }: ReadingRules): Record<string, Float32Array> =>
  Object.fromEntries(Object.entries(fields).map(([field, each]) => [field, new Float32Array(valuesPerRecord(each))]));

/** Imports the videos of a shard: writes each before it reads the next. `isFirst`: nothing was imported before. */
async function importShard(
  writer: ShardWriter,
  { keys }: ShardPlan,
  parts: readonly Part[],
  rules: ReadingRules,
  isFirst: boolean,
  signal?: AbortSignal,
): Promise<ImportedShard> {
  const faults: Fault[] = [];
  const repeated = new RepeatedRecords(rules.sampling.segments);
  const shortVideos: Record<string, number> = {};
  const record = roomFor(rules);
  let zeroed = 0;
  try {
    for (const key of keys) {
      await setImmediate();
      signal?.throwIfAborted();
      const read = readVideo(parts, key, rules, record);
      if ('problem' in read) {
        faults.push({ key, reason: read.problem });
        continue;
      }
      writer.add(key, record);
      repeated.add(key, record);
      zeroed += read.zeroed;
      if (read.shortSeconds !== undefined) shortVideos[key] = read.shortSeconds;
    }
    if (isFirst) refuseFruitless(keys, faults, parts);
    writer.finish({ faults, doubts: repeated.doubts(), shortVideos });
  } catch (error) {
    writer.abandon();
    throw error;
  }
  return { faults, zeroed, short: Object.keys(shortVideos).length };
}

/** Throws if all files were well formed but none could be imported, which suggests a wrong folder rather than many bad videos. */
function refuseFruitless(keys: readonly string[], faults: readonly Fault[], parts: readonly Part[]): void {
  if (faults.length < keys.length) return;
  const looksGood = ({ key }: Fault) => parts.every(({ source }) => 'header' in source.found.get(key)!);
  const bad = faults.find(looksGood);
  if (bad) throw new Error(`none of the first ${keys.length} videos could be imported; ${bad.reason}`);
}

/** Throws if a finished shard differs from what the folder would give now. Deleted files are not compared. */
function refuseOtherFiles(folder: string, parts: readonly Part[], rules: ReadingRules): void {
  const store = StoreFolder.open(folder);
  try {
    for (const { keys } of store.shards) {
      const key = keys.find((each) => parts.every(({ source }) => 'header' in (source.found.get(each) ?? {})));
      if (key === undefined) continue;
      const into = roomFor(rules);
      const read = readVideo(parts, key, { ...rules, isTaken: true }, into);
      const problem = 'problem' in read ? read.problem : undefined;
      const other = Object.keys(into).find((field) => problem !== undefined || !isSame(store.read(field, [key]), into[field]));
      if (other === undefined) continue;
      throw new Error(
        `the feature store ${folder} holds another ${other} of video ${key} than ${parts.map(({ source }) => source.folder).join(' and ')}` +
          `${problem === undefined ? '' : ` (${problem})`}. Remove the store, or choose another name`,
      );
    }
  } finally {
    store.close();
  }
}

/** As float16. */
function isSame(held: Float32Array, given: Float32Array): boolean {
  return Buffer.from(encodeHalves(held).buffer).equals(Buffer.from(encodeHalves(given).buffer));
}
