import {
  cudaCache,
  cudaProviderFiles,
  expectCudaLibrariesLoad,
  findProvider,
  onnxruntimeVersion,
  openForever,
  problemOfCuda,
  providerFolder,
} from '@tass/onnx';
import { readOptions, runProgram, untilStopped, UsageError } from '@tass/program';
import { join } from 'node:path';
import { bringLibrary } from './bring-library';
import { expectLinux } from './expect-linux';
import { cudaProvider, downloadWheel } from './wheel';

const report = console.log;

const usage = `npm run engine:onnxruntime -- --cuda

Installs onnxruntime's provider for NVIDIA GPUs with pip into the cache: that of the version that npm has installed, with CUDA's libraries. Encoders
use it with features.device=cuda. If you run it again, it checks the installed files. Without --cuda there is nothing to install: npm installs the
library for CPUs and WebGPU.`;

function bring(words: readonly string[]): Promise<number> {
  const { options, rest } = readOptions(words, { cuda: 'flag' });
  if (rest.length > 0) throw new UsageError(`${rest[0]} is not expected. The command takes --cuda`);
  if (!options.cuda)
    throw new UsageError('npm has installed onnxruntime for CPUs and WebGPU. For NVIDIA GPUs: npm run engine:onnxruntime -- --cuda');
  expectLinux();
  expectSameVersion();
  return untilStopped(bringOrCheck);
}

/** Provider and library share structures that differ from version to version. */
function expectSameVersion(): void {
  const { requirement } = cudaProvider.wheel;
  if (requirement.endsWith(`==${onnxruntimeVersion()}`)) return;
  throw new Error(`the package onnxruntime-node is ${onnxruntimeVersion()}, and the pinned wheel is ${requirement}. Run: npm ci`);
}

async function bringOrCheck(signal: AbortSignal): Promise<number> {
  const folder = cudaCache();
  if (problemOfCuda() === undefined) check(folder);
  else
    await bringLibrary({
      folder,
      distribution: cudaProvider,
      download: (wheel, into) => downloadWheel(wheel, into, process.env, signal),
      check: async (unfinished) => check(unfinished),
      report,
      signal,
    });
  const found = findProvider('cuda');
  report('missing' in found ? `It cannot be used yet: ${found.missing}` : `features.device=cuda computes on ${found.device}`);
  report(`CUDA's provider of onnxruntime is in ${folder}`);
  return 0;
}

/** Loads every library. Without NVIDIA's driver, which is not among them, the provider itself is the only one that may fail, and only for want of it. */
function check(folder: string): void {
  expectCudaLibrariesLoad(folder);
  for (const file of cudaProviderFiles) {
    try {
      openForever(join(folder, providerFolder, file), { global: true });
      report(`${file} loads`);
    } catch (error) {
      const { message } = error as Error;
      if (!/libcuda\.so\.1: cannot open/.test(message))
        throw new Error(`onnxruntime's provider does not load: ${message}`, { cause: error });
      report(`${file} waits for NVIDIA's driver (libcuda.so.1); all other libraries load`);
    }
  }
}

void runProgram('engine:onnxruntime', { bring: { usage: () => usage, run: bring } }, ['bring', ...process.argv.slice(2)]);
