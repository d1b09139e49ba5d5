import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import * as path from 'node:path';

export interface InstalledFile {
  readonly name: string; // path in the folder
  readonly bytes: number;
  readonly sha256: string;
}

/** The file that the commands `engine:...` write last, next to the libraries: a folder without it is not used. */
export interface LibraryManifest {
  readonly wheels: readonly { readonly file: string; readonly sha256: string }[];
  readonly files: readonly InstalledFile[];
}
export const manifestFile = 'manifest.json';

/** Where these commands install: below XDG_CACHE_HOME, or ~/.cache. Throws if there is neither. */
export function libraryCache(name: string, environment: NodeJS.ProcessEnv = process.env): string {
  return path.join(environment.XDG_CACHE_HOME || path.join(homeFolder(), '.cache'), 'tass', name);
}

/** Node throws where HOME is not set and the user's number has no name, as in containers. */
function homeFolder(): string {
  try {
    return homedir();
  } catch (error) {
    throw new Error('there is no folder for native libraries, as HOME is not set and the user has no name here. Set XDG_CACHE_HOME', {
      cause: error,
    });
  }
}

/**
 * What is wrong with a folder of installed libraries, in words; undefined if nothing is. Files must have the sizes in its manifest; checksums were
 * compared when they were written. `contents`: what the folder is for.
 */
export function problemOfInstalled(folder: string, contents: string): string | undefined {
  const manifest = path.join(folder, manifestFile);
  if (!existsSync(manifest)) return `${folder} does not hold ${contents}`;
  try {
    return differenceIn(folder, (JSON.parse(readFileSync(manifest, 'utf8')) as LibraryManifest).files);
  } catch {
    return `${manifest} is damaged`;
  }
}

/** The first file in `folder` whose size is not the recorded one, in words; undefined if there is none. */
export function differenceIn(folder: string, files: readonly InstalledFile[]): string | undefined {
  for (const { name, bytes } of files) {
    const found = statSync(path.join(folder, name), { throwIfNoEntry: false })?.size;
    if (found !== bytes) return `${path.join(folder, name)} has ${found ?? 'no'} bytes, ${bytes} were installed`;
  }
  return undefined;
}
