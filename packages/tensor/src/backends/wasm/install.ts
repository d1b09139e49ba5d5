import { createRequire } from 'node:module';
import * as tf from '../../tf';
import { batchMatMul } from './kernels/batch-mat-mul';
import { identity } from './kernels/identity';
import { kernelConfig } from './kernels/types';
import { unsortedSegmentSum } from './kernels/unsorted-segment-sum';
import { loadWasmModule, releaseWorkers } from './module';

const requireModule = createRequire(__filename);
const kernels = [kernelConfig(batchMatMul), kernelConfig(identity), kernelConfig(unsortedSegmentSum)];

/** Makes `wasm` the current backend, on a new heap: tensors of an earlier wasm backend are lost. Returns the package's name and version. */
export async function installWasm(threads: number): Promise<string> {
  // Loading the package registers its kernels and a factory for the backend.
  const wasm = requireModule('@tensorflow/tfjs-backend-wasm') as typeof import('@tensorflow/tfjs-backend-wasm');
  const module = await loadWasmModule(threads);
  for (const kernel of kernels) {
    if (tf.getKernel(kernel.kernelName, 'wasm') !== undefined) tf.unregisterKernel(kernel.kernelName, 'wasm');
    tf.registerKernel(kernel);
  }
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', () => new wasm.BackendWasm(module));
  await tf.setBackend('wasm');
  await releaseWorkers(module);
  return `@tensorflow/tfjs-backend-wasm ${wasm.version_wasm}`;
}
