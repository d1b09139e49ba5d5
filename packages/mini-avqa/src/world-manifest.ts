import { join } from 'node:path';
import { fileErrorsAs, findSealedFile, mostBytes, readOwnText } from '@tass/files';
import { digestOf, splits, type ScoredSplit, type Split, type WorldSettings } from './plan-world';
import { WorldError } from './world-error';

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
export function readWorldManifest(root: string): WorldManifest | undefined {
  const manifest = readJson<WorldManifest | null>(manifestFile(root));
  if (manifest === undefined) return undefined;
  if (manifest?.world === 'mini-avqa' && manifest.settings instanceof Object && typeof manifest.digest === 'string') return manifest;
  throw new WorldError(`${manifestFile(root)} is not the manifest of an embedded world. Choose another folder (dataset.root)`);
}

/** Whether the annotation files are those that a manifest was written with. */
export function annotationsAreWhole(root: string, { settings, digest }: WorldManifest): boolean {
  try {
    const [train, val, test] = splits.map((split) => readOwnText(annotationFile(root, split), mostBytes.annotations));
    return digestOf(settings, { train, val, test }) === digest;
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
export function readJson<Content>(path: string): Content | undefined {
  const read = fileErrorsAs(WorldError, () => findSealedFile(path, 'Delete the folder it lies in and run again'));
  return read?.content as Content | undefined;
}
