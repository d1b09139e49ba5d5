import { createRequire } from 'node:module';
import * as tf from '../../tf';
import { batchMatMul } from './kernels/batch-mat-mul';
import { cast } from './kernels/cast';
import { clipByValue } from './kernels/clip-by-value';
import { cumulative } from './kernels/cumulative';
import { gather } from './kernels/gather';
import { identity } from './kernels/identity';
import { notANumber } from './kernels/not-a-number';
import { oneHot } from './kernels/one-hot';
import { refusals } from './kernels/refusals';
import { slice, splitV, unpack } from './kernels/slice';
import { stridedSlice } from './kernels/strided-slice';
import { mean, sum } from './kernels/sum';
import { kernelConfig } from './kernels/types';
import type { WasmKernel } from './kernels/types';
import { unsortedSegmentSum } from './kernels/unsorted-segment-sum';
import { loadWasmModule, releaseWorkers } from './module';

const requireModule = createRequire(__filename);
const ofTensors = [batchMatMul, identity, mean, slice, splitV, sum, unpack, unsortedSegmentSum];
const corrected = [cast, clipByValue, ...cumulative, gather, ...notANumber, oneHot, ...refusals, stridedSlice];
const kernels = [...ofTensors, ...corrected] as unknown as WasmKernel<string>[];
let kernelsAreReplaced = false;

/** Makes `wasm` the current backend, on a new heap: tensors of an earlier wasm backend are lost. Returns the package's name and version. */
export async function installWasm(threads: number): Promise<string> {
  // Loading the package registers its kernels and a factory for the backend.
  const wasm = requireModule('@tensorflow/tfjs-backend-wasm') as typeof import('@tensorflow/tfjs-backend-wasm');
  replaceKernels();
  const module = await loadWasmModule(threads);
  wasm.setThreadsCount(threads);
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', () => new wasm.BackendWasm(module));
  await tf.setBackend('wasm');
  await releaseWorkers(module);
  return `@tensorflow/tfjs-backend-wasm ${wasm.version_wasm}`;
}

export function replaceKernels(): void {
  if (kernelsAreReplaced) return;
  kernelsAreReplaced = true;
  for (const kernel of kernels) {
    const stock = tf.getKernel(kernel.name, 'wasm') as tf.KernelConfig | undefined;
    if (stock !== undefined) tf.unregisterKernel(kernel.name, 'wasm');
    tf.registerKernel(kernelConfig(kernel, stock));
  }
}
