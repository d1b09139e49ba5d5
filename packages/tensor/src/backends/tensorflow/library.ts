import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import * as path from 'node:path';
import { libraryFiles } from './c-api';

export const tensorFlowVersion = '2.21.0';

/** What `engine:tensorflow` writes beside the libraries, last of all: a folder without it is not used. */
export interface LibraryManifest {
  readonly version: string;
  readonly wheel: { readonly file: string; readonly sha256: string };
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}
export const manifestFile = 'manifest.json';

/** Where `engine:tensorflow` puts the libraries: under XDG_CACHE_HOME, or ~/.cache. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const cache = environment.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  return path.join(cache, 'tass', `tensorflow-${tensorFlowVersion}`);
}

/**
 * The folder that holds TensorFlow's libraries: TASS_TENSORFLOW_LIB where it is set (a folder of the user's own, taken as it is), else the
 * cache, whose files must have the sizes of its manifest. Gives the reason, one line, where there is none.
 */
export function findLibrary(environment: NodeJS.ProcessEnv = process.env): { readonly folder: string } | { readonly missing: string } {
  const own = environment.TASS_TENSORFLOW_LIB;
  if (own) {
    const absent = libraryFiles.filter((file) => !existsSync(path.join(own, file)));
    return absent.length === 0 ? { folder: own } : { missing: `TASS_TENSORFLOW_LIB=${own} does not hold ${absent.join(' and ')}` };
  }
  const folder = cacheFolder(environment);
  const problem = cacheProblem(folder);
  return problem === undefined ? { folder } : { missing: problem };
}

/** Why the cache cannot be used; undefined when it can. Compares sizes only: the sums were checked when the files were written. */
function cacheProblem(folder: string): string | undefined {
  const manifestPath = path.join(folder, manifestFile);
  if (!existsSync(manifestPath)) return `${folder} does not hold ${libraryFiles.join(' and ')}`;
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as LibraryManifest;
  for (const { name, bytes } of manifest.files) {
    const found = statSync(path.join(folder, name), { throwIfNoEntry: false })?.size;
    if (found !== bytes) return `${path.join(folder, name)} has ${found ?? 'no'} bytes, ${manifestFile} says ${bytes}`;
  }
  return undefined;
}
