import { existsSync, lstatSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { expectCudaLibrariesLoad } from './cuda-libraries';
import { libraryCache, problemOfInstalled } from './installed-library';

const packageFile = 'onnxruntime-node/package.json';
const requirePackage = createRequire(__filename);

/** Of the package onnxruntime-node: CUDA's provider must be of the same version. */
export const onnxruntimeVersion = (): string => (requirePackage(packageFile) as { readonly version: string }).version;

/** The folder of onnxruntime's native libraries inside that package; it may not be there. */
const nativeFolder = (): string =>
  path.join(path.dirname(requirePackage.resolve(packageFile)), 'bin/napi-v6', process.platform, process.arch);

/** In the order of loading. */
export const cudaProviderFiles = ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'] as const;

/** Where they are in their wheel, and in the folder that they are installed in. */
export const providerFolder = 'onnxruntime/capi';

const cudaCommand = 'npm run engine:onnxruntime -- --cuda';

/** Where that command installs. Throws as `libraryCache`. */
export const cudaCache = (environment: NodeJS.ProcessEnv = process.env): string =>
  libraryCache(`onnxruntime-${onnxruntimeVersion()}-cuda`, environment);

/** What is missing of CUDA's provider, in one line with the command that installs it; undefined if nothing is. */
export function problemOfCuda(): string | undefined {
  if (isOwn()) return undefined;
  try {
    const problem = problemOfInstalled(cudaCache(), "CUDA's provider of onnxruntime");
    return problem === undefined ? undefined : `${problem}. Run: ${cudaCommand}`;
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * Makes CUDA's provider ready for the first session of this process: onnxruntime looks for it in its own folder, where it gets links to the
 * installed files, and CUDA's libraries are loaded before it, as it does not know where they are. Throws what the system's loader says.
 */
export function loadCudaProvider(): void {
  if (isOwn()) return;
  const folder = cudaCache();
  expectCudaLibrariesLoad(folder);
  for (const file of cudaProviderFiles) link(path.join(folder, providerFolder, file), path.join(nativeFolder(), file));
}

/** The package's own install script, or the user, has put the files there. */
function isOwn(): boolean {
  return cudaProviderFiles.every((file) => {
    const found = lstatSync(path.join(nativeFolder(), file), { throwIfNoEntry: false });
    return found !== undefined && !found.isSymbolicLink();
  });
}

function link(to: string, from: string): void {
  if (existsSync(from)) return;
  rmSync(from, { force: true }); // to a folder that is gone
  try {
    symlinkSync(to, from);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return; // another process was faster
    throw new Error(`${from} cannot be made, and onnxruntime looks for CUDA's provider there (${(error as Error).message})`, {
      cause: error,
    });
  }
}
