import { libraryCache, problemOfInstalled } from '@tass/onnx';
import { existsSync } from 'node:fs';
import * as path from 'node:path';

export const tensorFlowVersion = '2.21.0';

export const libraryFiles = ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'] as const; // in the order of loading

const setUpCommands = { cpu: 'npm run engine:tensorflow', cuda: 'npm run engine:tensorflow -- --cuda' };

/** The folder of TensorFlow's two libraries; or one line with what is missing and the command that installs it. */
export type FoundLibrary = { readonly folder: string } | { readonly missing: string };

export type Build = 'cpu' | 'cuda';

/** Where `engine:tensorflow` installs. Throws as `libraryCache`. */
export const cacheFolder = (build: Build, environment: NodeJS.ProcessEnv = process.env): string =>
  libraryCache(`tensorflow-${tensorFlowVersion}${build === 'cuda' ? '-cuda' : ''}`, environment);

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
  const problem = problemOfInstalled(folder, libraryFiles.join(' and '));
  return problem === undefined ? { folder: libraryFolder(build, folder) } : { missing: `${problem}. Run: ${setUpCommands[build]}` };
}

function cacheOrProblem(build: Build, environment: NodeJS.ProcessEnv): string | { readonly missing: string } {
  try {
    return cacheFolder(build, environment);
  } catch (error) {
    return { missing: (error as Error).message };
  }
}

/** With CUDA the libraries are laid out as in Python's site-packages, because they look for CUDA's own ones relative to themselves. */
export function libraryFolder(build: Build, folder: string): string {
  return build === 'cuda' ? path.join(folder, 'tensorflow') : folder;
}
