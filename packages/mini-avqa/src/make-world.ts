import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  expectFreeSpace,
  type FolderLock,
  lockFolder,
  mostBytes,
  readOwnText,
  sealedJson,
  type WorkerProgram,
  writeFileAtomically,
  writeSharedFileAtomically,
} from '@tass/files';
import { appendDigest, dropDigests, readDigests } from './drawn-videos';
import { isVideoWhole, videoDigest } from './media';
import { planTruth, planVideos, scoredSplits, settingsOf, splits, videoId, type WorldConfig, type WorldSettings } from './plan-world';
import { isTruthWhole } from './truth';
import { partial, WorldError, writing } from './world-error';
import {
  annotationFile,
  annotationsAreWhole,
  expectSameSettings,
  manifestFile,
  readJson,
  readWorldManifest,
  truthFile,
  type WorldManifest,
} from './world-manifest';
import { writeVideos } from './write-videos';

export interface MakeWorldOptions extends WorldConfig {
  readonly root: string; // the folder of the world, made if absent
  readonly workers?: number; // processes that draw; default 2
  readonly onProgress?: (progress: WorldProgress) => void;
  readonly signal?: AbortSignal; // stops the work and throws its reason; a later call resumes
}

const bytesPerVideo = 460_000; // frames and sound, measured; a world that is begun may take less

/** Progress: the number of videos that exist, and of all. */
export interface WorldProgress {
  readonly done: number;
  readonly total: number;
}

/** The result of `makeWorld`. */
export interface MadeWorld {
  readonly manifest: WorldManifest;
  readonly drawn: number; // videos drawn now
  readonly kept: number; // videos that were there
}

/**
 * Writes the embedded world in MUSIC-AVQA's form: `json/avqa-{train,val,test}.json`, `frames/<id>/000001.jpg ..`, one a second, and
 * `audio/<id>.wav`; and the truth of the questions that are scored, `json/grounding-{val,test}.json`. `world.json` comes last. Resumes an
 * earlier call that was stopped; a complete world is not changed. Same settings, same bytes.
 * Throws WorldError when the folder holds something else or another world, when another process is making it, or when it
 * cannot be written; DiskError if the disk has no room for it; RangeError for a setting out of range.
 */
export async function makeWorld(options: MakeWorldOptions, worker?: WorkerProgram): Promise<MadeWorld> {
  const { root, workers = 2, onProgress, signal, ...config } = options;
  const settings = settingsOf(config);
  const total = splits.reduce((sum, split) => sum + settings.videos[split], 0);
  const present = readWorldManifest(root);
  if (present) {
    expectSameSettings(manifestFile(root), present.settings, settings);
    if (await isUntouched(root, present, total)) return { manifest: present, drawn: 0, kept: total };
  }
  expectFreeSpace(`cannot make the world of ${total} videos`, root, present ? 0 : total * bytesPerVideo);
  const unlock = await lock(root);
  try {
    await begin(root, settings, present !== undefined);
    for (const folder of ['json', 'frames', 'audio'])
      await writing(join(root, folder), () => mkdir(join(root, folder), { recursive: true }));
    const digests = new Map([...Object.entries(present?.videos ?? {}), ...readDigests(root)]);
    const missing = await clearAndListMissing(root, total, isVideoOf(root, digests, present));
    let done = total - missing.size;
    onProgress?.({ done, total });
    const onVideo = (id: string, digest: string) => {
      digests.set(id, digest);
      appendDigest(root, id, digest);
      onProgress?.({ done: ++done, total });
    };
    const videos = only(missing, planVideos(config));
    const plan = await writeVideos(root, videos, { workers: Math.min(workers, missing.size), signal, onVideo, worker });
    for (const split of splits) await writeWhole(annotationFile(root, split), plan.annotations[split]);
    for (const split of scoredSplits) await writeWhole(truthFile(root, split), plan.truth[split]);
    const { questions, digest } = plan;
    const manifest: WorldManifest = { world: 'mini-avqa', settings, questions, digest, videos: Object.fromEntries([...digests].sort()) };
    await writeWhole(manifestFile(root), sealedJson(manifest));
    dropDigests(root);
    await rm(beginningFile(root), { force: true });
    return { manifest, drawn: missing.size, kept: total - missing.size };
  } finally {
    unlock();
  }
}

/**
 * Whether the folder holds the annotations of exactly this world, written when it was complete; its videos are not checked, which
 * takes long. Throws WorldError as `makeWorld`.
 */
export async function hasAnnotations({ root, ...config }: WorldConfig & { readonly root: string }): Promise<boolean> {
  const present = readWorldManifest(root);
  if (!present) return false;
  expectSameSettings(manifestFile(root), present.settings, settingsOf(config));
  return annotationsAreWhole(root, present);
}

/**
 * Writes the truth of a complete world's questions if it is missing or damaged, as in an older world. Returns the
 * files that were written. Throws WorldError if one cannot be written.
 */
export async function mendTruth(root: string): Promise<string[]> {
  const manifest = readWorldManifest(root);
  const written: string[] = [];
  for (const split of manifest ? scoredSplits : []) {
    const file = truthFile(root, split);
    if (isTruthWhole(textOf(file), textOf(annotationFile(root, split)))) continue;
    const text = planTruth(manifest!.settings, split, manifest!.questions);
    await writing(file, async () => writeSharedFileAtomically(file, text)); // of a sweep's cells several may begin at once
    written.push(file);
  }
  return written;
}

/** Empty for what cannot be read, and is written again. */
function textOf(file: string): string {
  try {
    return readOwnText(file, mostBytes.annotations);
  } catch {
    return '';
  }
}

/** Recognises complete videos by their digests; those of an older world, without digests, by their length and last bytes. */
function isVideoOf(root: string, digests: ReadonlyMap<string, string>, present: WorldManifest | undefined): (id: string) => boolean {
  const isOld = present !== undefined && present.videos === undefined;
  return (id) => {
    const digest = digests.get(id);
    return digest === undefined ? isOld && isVideoWhole(root, id) : videoDigest(root, id) === digest;
  };
}

/** A made world whose videos are all whole, with no other files, and whose annotations are those of its manifest. */
async function isUntouched(root: string, manifest: WorldManifest, total: number): Promise<boolean> {
  const listed = async (folder: string) =>
    (await readdir(join(root, folder)).catch(() => [])).filter((name) => !name.endsWith(partial)).sort();
  const [ids, sounds] = [await listed('frames'), await listed('audio')];
  return (
    ids.length === total &&
    sounds.join() === ids.map((id) => `${id}.wav`).join() &&
    annotationsAreWhole(root, manifest) &&
    ids.every(isVideoOf(root, new Map(Object.entries(manifest.videos ?? {})), manifest))
  );
}

/** The ids of the missing videos, of so many. */
async function clearAndListMissing(root: string, total: number, isWhole: (id: string) => boolean): Promise<Set<string>> {
  for (const folder of ['frames', 'audio']) {
    const left = (await readdir(join(root, folder))).filter((name) => name.endsWith(partial));
    for (const name of left) await rm(join(root, folder, name), { recursive: true, force: true });
  }
  const ids = Array.from({ length: total }, (_, index) => videoId(index));
  return new Set(ids.filter((id) => !isWhole(id)));
}

function* only(ids: ReadonlySet<string>, videos: ReturnType<typeof planVideos>): ReturnType<typeof planVideos> {
  for (;;) {
    const { done, value } = videos.next();
    if (done) return value;
    if (ids.has(value.id)) yield value;
  }
}

const worldLock: FolderLock = { file: 'world.lock', what: 'the world' };

/** Makes the folder of a world and this process the only one that writes there. */
async function lock(root: string): Promise<() => void> {
  await writing(root, () => mkdir(root, { recursive: true }));
  return lockFolder(root, worldLock);
}

/** Which world was begun, `world.making.json` in its root; it stays when the work is stopped. */
interface Beginning {
  readonly settings: WorldSettings;
}

const beginningFile = (root: string) => join(root, 'world.making.json');

/** Marks a folder as that of a world with these settings. Throws WorldError when it holds another world or something else. */
async function begin(root: string, settings: WorldSettings, isWorld: boolean): Promise<void> {
  const file = beginningFile(root);
  const begun = readJson<Beginning | null>(file);
  if (begun !== undefined) {
    if (!(begun?.settings instanceof Object)) throw new WorldError(`${file} has no settings. Delete the file and run again`);
    expectSameSettings(file, begun.settings, settings);
    return;
  }
  const strange = (await readdir(root)).filter((name) => !name.startsWith(worldLock.file));
  if (!isWorld && strange.length > 0)
    throw new WorldError(`${root} holds ${strange[0]} and no world.json. Choose an empty folder for the embedded world (dataset.root)`);
  await writeWhole(file, sealedJson({ settings } satisfies Beginning, 0));
}

const writeWhole = (path: string, text: string): Promise<void> => writing(path, async () => writeFileAtomically(path, text));
