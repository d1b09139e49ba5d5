import { createRequire } from 'node:module';
import * as tf from '../../tf';
import { Binding } from './binding';
import { loadCApi } from './c-api';
import { gather } from './gather';
import { withoutStandardError } from './without-standard-error';

type KernelBackend = typeof import('@tensorflow/tfjs-node/dist/nodejs_kernel_backend');
const requireModule = createRequire(__filename);
let installed: { readonly version: string; readonly threads: number } | undefined;

/**
 * Makes `tensorflow` the current backend: tfjs-node's kernels on the TensorFlow library in `folder`, without tfjs-node's own addon.
 * `threads` of 0 leaves their number to TensorFlow. The library and its threads stay for the life of the process. Returns its version.
 */
export async function installTensorFlow(folder: string, threads: number): Promise<string> {
  if (installed !== undefined && installed.threads !== threads) {
    throw new Error(
      `TensorFlow runs with threads=${installed.threads} in this process, which cannot be changed to ${threads}: start a new process`,
    );
  }
  if (installed === undefined) {
    const binding = withoutStandardError(() => new Binding(loadCApi(folder), { threads, gpu: true }));
    provideRemovedUtilities();
    requireModule('@tensorflow/tfjs-node/dist/register_all_kernels');
    tf.unregisterKernel(gather.kernelName, gather.backendName);
    tf.registerKernel(gather);
    const { NodeJSKernelBackend } = requireModule('@tensorflow/tfjs-node/dist/nodejs_kernel_backend') as KernelBackend;
    tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(binding as never, '@tensorflow/tfjs-node'), 3);
    installed = { version: binding.TF_Version, threads };
  }
  await tf.setBackend('tensorflow');
  return installed.version;
}

/** tfjs-node 4.22 calls two functions of node:util that newer versions of Node warn of or lack. */
function provideRemovedUtilities(): void {
  const utilities = requireModule('node:util') as typeof import('node:util') & Record<string, unknown>;
  utilities.isArray = Array.isArray;
  utilities.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
}
