import { cudaProviderFiles, providerFolder } from '@tass/onnx';
import { tensorFlowLibrary } from '@tass/tensor';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import * as path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pipDownload } from './pip';

/** A Python wheel: pinned, so that any other file under its name is refused, or whichever meets a requirement of a pinned one. */
export interface Wheel {
  readonly requirement: string; // as pip takes it
  readonly sha256?: string; // of a pinned one
  readonly pipArguments?: readonly string[];
}

/** What is brought: a wheel, and the wheels that it asks for under its extras. */
export interface Distribution {
  readonly wheel: Wheel;
  readonly extras?: readonly string[];
  readonly further?: readonly string[]; // requirements that the wheel does not name
  readonly neededBytes: number; // of free space, for what is unpacked and the largest wheel
  /** Where a library of the archives is put. */
  readonly placeOf: (member: string) => string;
}

/** Any Python's pip takes these wheels: what Python they are for matters only to the parts that are left out. */
const pipArguments = ['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311', '--platform', 'manylinux_2_27_x86_64'];

export const distributions: Readonly<Record<tensorFlowLibrary.Build, Distribution>> = {
  cpu: {
    wheel: {
      requirement: `tensorflow-cpu==${tensorFlowLibrary.tensorFlowVersion}`,
      sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
      pipArguments,
    },
    neededBytes: 1.2e9, // libraries 853 MB, wheel 274 MB
    placeOf: (member) => path.basename(member),
  },
  /** TensorFlow with CUDA, and CUDA's own libraries: those that its metadata names, where it looks for them (its RUNPATH). */
  cuda: {
    wheel: {
      requirement: `tensorflow==${tensorFlowLibrary.tensorFlowVersion}`,
      sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
      pipArguments,
    },
    extras: ['and-cuda'],
    neededBytes: 6.6e9, // libraries 5.6 GB, the largest wheel 0.7 GB
    placeOf: (member) => member,
  },
};

/**
 * CUDA's provider of the onnxruntime that npm installs, which must be of the same version, and CUDA's own libraries. cuBLAS is named here, as the
 * wheel needs it and names it under no extra.
 */
export const cudaProvider: Distribution = {
  wheel: {
    requirement: 'onnxruntime-gpu==1.30.0',
    sha256: '6acc0f4b3d5ac5f2984432faa59dd8fcce6775f8b43a7140afa0f322c7a703b1',
    pipArguments: ['--python-version', '3.12', '--implementation', 'cp', '--abi', 'cp312', '--platform', 'manylinux_2_28_x86_64'],
  },
  extras: ['cuda', 'cudnn'],
  further: ['nvidia-cublas~=13.0'],
  neededBytes: 3e9, // libraries 2.3 GB, the largest wheel 0.5 GB
  placeOf: (member) => member,
};

const libraries = [
  ...tensorFlowLibrary.libraryFiles.map((file) => `tensorflow/${file}`),
  ...cudaProviderFiles.map((file) => `${providerFolder}/${file}`),
];
const cudaParts = [/^nvidia\/\w+\/lib\/[^/]+\.so(\.[\d.]+)?$/, /^nvidia\/\w+\/bin\/ptxas$/, /^nvidia\/\w+\/nvvm\/libdevice\/[^/]+$/];

/** Whether a member of a wheel is unpacked: what is loaded at run time, and the assembler and device library that XLA looks for. */
export function isLibrary(member: string): boolean {
  return libraries.includes(member) || cudaParts.some((part) => part.test(member));
}

export interface Downloaded {
  readonly archive: string;
  readonly sha256: string;
}

/**
 * Downloads `wheel` into the new folder `folder` and checks its sum where it is pinned. Returns undefined if its requirement has a condition
 * that does not hold here. Throws one line if pip fails or the sum differs; the signal's reason.
 */
export async function downloadWheel(
  wheel: Wheel,
  folder: string,
  environment?: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<Downloaded | undefined> {
  const archive = await pipDownload(wheel.requirement, folder, wheel.pipArguments ?? [], environment, signal);
  if (archive === undefined) return undefined;
  const sha256 = await sha256Of(archive);
  if (wheel.sha256 !== undefined && sha256 !== wheel.sha256)
    throw new Error(`${path.basename(archive)} has SHA-256 ${sha256}, expected ${wheel.sha256}: it is not used`);
  return { archive, sha256 };
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
