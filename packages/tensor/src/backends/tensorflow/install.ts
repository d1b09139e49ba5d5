import { createRequire } from 'node:module';
import * as tf from '../../tf';
import { Binding } from './binding';
import { loadCApi } from './c-api';
import { gather } from './gather';
import { computeProductsInFull, provideGpuEnvironment } from './gpu-settings';
import { provideRemovedUtilities } from './removed-utilities';
import type { SessionOptions } from './session-config';
import { withoutStandardError } from './without-standard-error';

type KernelBackend = typeof import('@tensorflow/tfjs-node/dist/nodejs_kernel_backend');
const requireModule = createRequire(__filename);

export interface InstalledTensorFlow {
  readonly version: string;
  readonly gpu: boolean; // whether it computes on one
}
let installed: (InstalledTensorFlow & { readonly threads: number }) | undefined;

/**
 * Makes `tensorflow` the current backend: tfjs-node's kernels on the TensorFlow library in `folder`, without tfjs-node's own addon.
 * `threads` of 0 leaves their number to TensorFlow; with `gpu` it takes the first GPU that it finds. The library, its threads and its device
 * stay for the life of the process.
 */
export async function installTensorFlow(folder: string, session: SessionOptions): Promise<InstalledTensorFlow> {
  const { threads, gpu } = session;
  if (installed === undefined) {
    if (tf.findBackendFactory('tensorflow'))
      throw new Error('tfjs-node runs in this process, and TensorFlow cannot run next to it: start a new process');
    if (gpu) provideGpuEnvironment();
    const binding = withoutStandardError(() => new Binding(loadCApi(folder), session));
    if (binding.isUsingGpuDevice()) computeProductsInFull(folder);
    provideRemovedUtilities();
    requireModule('@tensorflow/tfjs-node/dist/register_all_kernels');
    tf.unregisterKernel(gather.kernelName, gather.backendName);
    tf.registerKernel(gather);
    const { NodeJSKernelBackend } = requireModule('@tensorflow/tfjs-node/dist/nodejs_kernel_backend') as KernelBackend;
    tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(binding as never, '@tensorflow/tfjs-node'), 3);
    installed = { version: binding.TF_Version, gpu: binding.isUsingGpuDevice(), threads };
  }
  if (installed.threads !== threads) throw fixed('threads', installed.threads, threads);
  if (installed.gpu && !gpu) throw fixed('device', 'gpu', 'cpu');
  await tf.setBackend('tensorflow');
  return installed;
}

function fixed(what: string, now: number | string, asked: number | string): Error {
  return new Error(`TensorFlow runs with ${what}=${now} in this process, which cannot be changed to ${asked}: start a new process`);
}
