import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import * as path from 'node:path';
export const tensorFlowVersion = '2.21.0';

export const libraryFiles = ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'] as const; // in the order of loading

const setUpCommands = { cpu: 'npm run engine:tensorflow', cuda: 'npm run engine:tensorflow -- --cuda' };

export interface InstalledFile {
  readonly name: string; // path in the folder
  readonly bytes: number;
  readonly sha256: string;
}

/** The file that `engine:tensorflow` writes last, next to the libraries: a folder without it is not used. */
export interface LibraryManifest {
  readonly wheels: readonly { readonly file: string; readonly sha256: string }[];
  readonly files: readonly InstalledFile[];
}
export const manifestFile = 'manifest.json';

/** The folder of TensorFlow's two libraries; or one line with what is missing and the command that installs it. */
export type FoundLibrary = { readonly folder: string } | { readonly missing: string };

export type Build = 'cpu' | 'cuda';

/** Where `engine:tensorflow` installs: under XDG_CACHE_HOME, or ~/.cache. Throws if there is neither. */
export function cacheFolder(build: Build, environment: NodeJS.ProcessEnv = process.env): string {
  const cache = environment.XDG_CACHE_HOME || path.join(homeFolder(), '.cache');
  return path.join(cache, 'tass', `tensorflow-${tensorFlowVersion}${build === 'cuda' ? '-cuda' : ''}`);
}

/** Node throws where HOME is not set and the user's number has no name, as in containers. */
function homeFolder(): string {
  try {
    return homedir();
  } catch (error) {
    throw new Error('there is no folder for TensorFlow, as HOME is not set and the user has no name here. Set XDG_CACHE_HOME', {
      cause: error,
    });
  }
}

/** A folder of the user's own, TASS_TENSORFLOW_LIB, taken unchecked; undefined if it is not set. */
export function findOwnLibrary(environment: NodeJS.ProcessEnv = process.env): FoundLibrary | undefined {
  const own = environment.TASS_TENSORFLOW_LIB;
  if (!own) return undefined;
  const absent = libraryFiles.filter((file) => !existsSync(path.join(own, file)));
  if (absent.length === 0) return { folder: own };
  return { missing: `TASS_TENSORFLOW_LIB=${own} does not hold ${absent.join(' and ')}. Run: ${setUpCommands.cpu}` };
}

/** The library that `engine:tensorflow` installed. Its files must have the sizes in its manifest; checksums were compared when they were written. */
export function findBroughtLibrary(build: Build, environment: NodeJS.ProcessEnv = process.env): FoundLibrary {
  const folder = cacheOrProblem(build, environment);
  if (typeof folder !== 'string') return folder;
  const manifestPath = path.join(folder, manifestFile);
  const problem = existsSync(manifestPath) ? problemOf(folder, manifestPath) : `${folder} does not hold ${libraryFiles.join(' and ')}`;
  return problem === undefined ? { folder: libraryFolder(build, folder) } : { missing: `${problem}. Run: ${setUpCommands[build]}` };
}

function cacheOrProblem(build: Build, environment: NodeJS.ProcessEnv): string | { readonly missing: string } {
  try {
    return cacheFolder(build, environment);
  } catch (error) {
    return { missing: (error as Error).message };
  }
}

function problemOf(folder: string, manifestPath: string): string | undefined {
  try {
    return differenceIn(folder, (JSON.parse(readFileSync(manifestPath, 'utf8')) as LibraryManifest).files);
  } catch {
    return `${manifestPath} is damaged`;
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

/** With CUDA the libraries are laid out as in Python's site-packages, because they look for CUDA's own ones relative to themselves. */
export function libraryFolder(build: Build, folder: string): string {
  return build === 'cuda' ? path.join(folder, 'tensorflow') : folder;
}
