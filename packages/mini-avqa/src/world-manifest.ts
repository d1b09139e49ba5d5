import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSealed } from '@tass/files';
import { digestOf, splits, type ScoredSplit, type Split, type WorldSettings } from './plan-world';
import { systemError, WorldError } from './world-error';

/** The manifest of a whole world, `world.json` in its root. It is written last. */
export interface WorldManifest {
  readonly world: 'mini-avqa';
  readonly settings: WorldSettings;
  readonly questions: Readonly<Record<Split, number>>;
  readonly digest: string; // see digestOf
  readonly videos?: Readonly<Record<string, string>>; // digest of frames and sound by id; absent in worlds from before digests
}

export const manifestFile = (root: string): string => join(root, 'world.json');

/** The file of a split's annotations, as in MUSIC-AVQA. */
export const annotationFile = (root: string, split: Split): string => join(root, 'json', `avqa-${split}.json`);

/** The file of the truth of a split's questions. */
export const truthFile = (root: string, split: ScoredSplit): string => join(root, 'json', `grounding-${split}.json`);

/**
 * The manifest of the world in a folder; undefined when there is none.
 * Throws WorldError when `world.json` cannot be read or is not a world's.
 */
export async function readWorldManifest(root: string): Promise<WorldManifest | undefined> {
  const manifest = await readJson<WorldManifest | null>(manifestFile(root));
  if (manifest === undefined) return undefined;
  if (manifest?.world === 'mini-avqa' && manifest.settings instanceof Object && typeof manifest.digest === 'string') return manifest;
  throw new WorldError(`${manifestFile(root)} is not the manifest of an embedded world. Choose another folder (dataset.root)`);
}

/** Whether the annotation files are those that a manifest was written with. */
export async function annotationsAreWhole(root: string, { settings, digest }: WorldManifest): Promise<boolean> {
  try {
    const texts = await Promise.all(splits.map((split) => readFile(annotationFile(root, split), 'utf8')));
    return digestOf(settings, { train: texts[0], val: texts[1], test: texts[2] }) === digest;
  } catch {
    return false;
  }
}

/** Throws WorldError when a folder was begun or made with other settings. */
export function expectSameSettings(file: string, found: WorldSettings, wanted: WorldSettings): void {
  const flat = (settings: WorldSettings) => Object.entries(settings).map(([key, value]) => [key, JSON.stringify(value)] as const);
  const before = new Map(flat(found));
  const differing = flat(wanted).filter(([key, value]) => before.get(key) !== value);
  if (differing.length === 0) return;
  const difference = differing.map(([key, value]) => `${key} ${before.get(key) ?? 'absent'}, asked for ${value}`).join('; ');
  throw new WorldError(`${file} is of another world: it has ${difference}. Choose another folder (dataset.root) or delete this one`);
}

/** A JSON file; undefined when it is absent. */
export async function readJson<Content>(path: string): Promise<Content | undefined> {
  try {
    return readSealed(await readFile(path, 'utf8')).content as Content;
  } catch (error) {
    const { code, message } = systemError(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new WorldError(`cannot read ${path}: ${message}. Delete the folder it lies in and run again`, { cause: error });
  }
}
