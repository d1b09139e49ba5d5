import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isVideoWhole } from './media';
import { planWorld, settingsOf, splits, type PlannedVideo, type WorldConfig, type WorldSettings } from './plan-world';
import { partial, systemError, WorldError, writing } from './world-error';
import {
  annotationFile,
  annotationsAreWhole,
  expectSameSettings,
  manifestFile,
  readJson,
  readWorldManifest,
  type WorldManifest,
} from './world-manifest';
import { writeVideos } from './write-videos';

export interface MakeWorldOptions extends WorldConfig {
  readonly root: string; // the folder of the world, made if absent
  readonly workers?: number; // threads that draw; default 2
  readonly onProgress?: (progress: WorldProgress) => void;
  readonly signal?: AbortSignal; // stops the work and throws its reason; a later call goes on
}

/** How many videos are there, of how many. */
export interface WorldProgress {
  readonly done: number;
  readonly total: number;
}

/** What `makeWorld` leaves behind. */
export interface MadeWorld {
  readonly manifest: WorldManifest;
  readonly drawn: number; // videos drawn now
  readonly kept: number; // videos that were there
}

/**
 * Writes the embedded world in MUSIC-AVQA's form: `json/avqa-{train,val,test}.json`, `frames/<id>/000001.jpg ..`, one a
 * second, and `audio/<id>.wav`; `world.json` comes last. Goes on where an earlier call was stopped; a whole world is left
 * as it is. Same settings, same bytes.
 * Throws WorldError when the folder holds something else or another world, when another process is making it, or when it
 * cannot be written; RangeError for a setting out of range.
 */
export async function makeWorld({ root, workers = 2, onProgress, signal, ...config }: MakeWorldOptions): Promise<MadeWorld> {
  const settings = settingsOf(config);
  const total = splits.reduce((sum, split) => sum + settings.videos[split], 0);
  const present = await readWorldManifest(root);
  if (present) {
    expectSameSettings(manifestFile(root), present.settings, settings);
    if (await isUntouched(root, present, total)) return { manifest: present, drawn: 0, kept: total };
  }
  const plan = planWorld(config);
  const release = await claim(root, settings, present !== undefined);
  try {
    for (const folder of ['json', 'frames', 'audio'])
      await writing(join(root, folder), () => mkdir(join(root, folder), { recursive: true }));
    const missing = await clearAndListMissing(root, plan.videos);
    let done = total - missing.length;
    onProgress?.({ done, total });
    await writeVideos(root, missing, { workers, signal, onVideo: () => onProgress?.({ done: ++done, total }) });
    for (const split of splits) await writeWhole(annotationFile(root, split), plan.annotations[split]);
    const manifest: WorldManifest = { world: 'mini-avqa', settings, questions: plan.questions, digest: plan.digest };
    await writeWhole(manifestFile(root), `${JSON.stringify(manifest, null, 2)}\n`);
    await rm(claimFile(root), { force: true });
    return { manifest, drawn: missing.length, kept: total - missing.length };
  } finally {
    await release();
  }
}

/** A made world whose videos are all whole, with nothing beside them, and whose annotations are those of its manifest. */
async function isUntouched(root: string, manifest: WorldManifest, total: number): Promise<boolean> {
  const listed = async (folder: string) =>
    (await readdir(join(root, folder)).catch(() => [])).filter((name) => !name.endsWith(partial)).sort();
  const [ids, sounds] = [await listed('frames'), await listed('audio')];
  return (
    ids.length === total &&
    sounds.join() === ids.map((id) => `${id}.wav`).join() &&
    ids.every((id) => isVideoWhole(root, id)) &&
    (await annotationsAreWhole(root, manifest))
  );
}

async function clearAndListMissing(root: string, videos: readonly PlannedVideo[]): Promise<PlannedVideo[]> {
  for (const folder of ['frames', 'audio']) {
    const left = (await readdir(join(root, folder))).filter((name) => name.endsWith(partial));
    for (const name of left) await rm(join(root, folder, name), { recursive: true, force: true });
  }
  const missing: PlannedVideo[] = [];
  for (const video of videos) if (!isVideoWhole(root, video.id)) missing.push(video);
  return missing;
}

/** Who is making a world, `world.making.json` in its root; left behind when the work was stopped. */
interface Claim {
  readonly settings: WorldSettings;
  readonly process: number; // 0: nobody any more
  readonly host: string;
}

const claimFile = (root: string) => join(root, 'world.making.json');

/** Claims a folder for one world and one process; the function that comes back marks the world as begun and nobody's. */
async function claim(root: string, settings: WorldSettings, isWorld: boolean): Promise<() => Promise<void>> {
  const file = claimFile(root);
  await writing(root, () => mkdir(root, { recursive: true }));
  const begun = await readJson<Claim>(file);
  if (begun) {
    expectSameSettings(file, begun.settings, settings);
    if (begun.host === hostname() && isRunning(begun.process)) {
      const advice = `Wait for it, or stop it; if it is something else, delete ${file}`;
      throw new WorldError(`process ${begun.process} is making the world in ${root} now. ${advice}`);
    }
  } else if (!isWorld) {
    const strange = await readdir(root);
    if (strange.length > 0) {
      throw new WorldError(`${root} holds ${strange[0]} and no world.json. Choose an empty folder for the embedded world (dataset.root)`);
    }
  }
  await writeWhole(file, JSON.stringify({ settings, process: process.pid, host: hostname() } satisfies Claim));
  return async () => {
    const nobody: Claim = { settings, process: 0, host: hostname() };
    if (existsSync(file)) await writeWhole(file, JSON.stringify(nobody)).catch(() => undefined); // a full disk: the process will be gone anyway
  };
}

function isRunning(id: number): boolean {
  if (id === 0 || id === process.pid) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return systemError(error).code === 'EPERM';
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  await writing(path, async () => {
    const file = await open(path + partial, 'w');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(path + partial, path);
  });
}
