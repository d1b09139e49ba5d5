import { createRequire } from 'node:module';
import * as tf from '../../tf';
import { replaceKernels } from '../wasm/install';
import { loadWasmModule } from '../wasm/module';
import { loadCApi } from './c-api';
import { WebgpuDevice } from './webgpu/webgpu-device';

export interface InstalledOnnxruntime {
  readonly version: string;
  readonly threads: number;
  readonly device?: WebgpuDevice; // that steps are computed on; otherwise on the CPU
}

const backendName = 'onnxruntime';
const requireModule = createRequire(__filename);
let installed: InstalledOnnxruntime | undefined;
let gpu: WebgpuDevice | undefined; // the provider keeps it to the end of the process

/**
 * Makes `onnxruntime` the current backend: steps are compiled for onnxruntime with that many threads, and everything outside of them is
 * computed by wasm's kernels on a separate heap. With `gpuName` steps are computed on the GPU of that name. Throws where the library does not
 * load or finds no GPU.
 */
export async function installOnnxruntime(threads: number, gpuName?: string): Promise<InstalledOnnxruntime> {
  const { version } = loadCApi();
  const device = gpuName === undefined ? undefined : (gpu ??= await WebgpuDevice.open(gpuName));
  if (!tf.findBackendFactory(backendName)) {
    const wasm = requireModule('@tensorflow/tfjs-backend-wasm') as typeof import('@tensorflow/tfjs-backend-wasm');
    replaceKernels();
    if (tf.getKernelsForBackend(backendName).length === 0) tf.copyRegisteredKernels('wasm', backendName);
    const module = await loadWasmModule(1);
    tf.registerBackend(backendName, () => new wasm.BackendWasm(module), 0);
  }
  await tf.setBackend(backendName);
  return (installed = { version, threads, device });
}

/** Drops the heap, with all tensors on it. */
export function removeOnnxruntime(): void {
  if (installed !== undefined) tf.removeBackend(backendName);
  installed = undefined;
}

/** Undefined where another engine is in use. */
export function onnxruntimeInUse(): InstalledOnnxruntime | undefined {
  return tf.getBackend() === backendName ? installed : undefined;
}
