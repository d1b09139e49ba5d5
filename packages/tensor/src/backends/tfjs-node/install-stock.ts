import { createRequire } from 'node:module';
import * as tf from '../../tf';
import { provideGpuEnvironment } from '../tensorflow/gpu-settings';
import { provideEnvironment } from '@tass/onnx';
import { provideRemovedUtilities } from '../tensorflow/removed-utilities';
import { withoutStandardError } from '../tensorflow/without-standard-error';
import type { StockPackage } from './find-stock';

/** The part of tfjs-node's backend that is used here. */
interface StockBackend {
  readonly binding: { readonly TF_Version: string; isUsingGpuDevice(): boolean };
}

export interface InstalledStock {
  readonly version: string; // TensorFlow's
  readonly gpu: boolean;
}
let installed: (InstalledStock & { readonly name: StockPackage; readonly threads: number }) | undefined;

/**
 * Makes the package at `location` the current backend, whose name is `tensorflow` as well. `threads` of 0 leaves their number to TensorFlow.
 * It stays for the life of the process, with its threads.
 */
export async function installStock(name: StockPackage, location: string, threads: number): Promise<InstalledStock> {
  if (installed === undefined) {
    if (tf.findBackendFactory('tensorflow'))
      throw new Error(`TensorFlow runs in this process already, and ${name} cannot run next to it: start a new process`);
    if (name === 'tfjs-node-gpu') provideGpuEnvironment();
    if (threads > 0) provideEnvironment({ TF_NUM_INTRAOP_THREADS: String(threads), TF_NUM_INTEROP_THREADS: String(threads) });
    provideRemovedUtilities();
    withoutStandardError(() => createRequire(__filename)(location) as unknown);
    const backend = tf.findBackend('tensorflow') as unknown as StockBackend | null;
    if (backend === null) throw new Error(`${location} brings a TensorFlow.js of its own, expected version ${tf.version_core}`);
    installed = { version: backend.binding.TF_Version, gpu: backend.binding.isUsingGpuDevice(), name, threads };
  }
  if (installed.name !== name || installed.threads !== threads)
    throw new Error(
      `${installed.name} runs with threads=${installed.threads} in this process, which cannot be changed: start a new process`,
    );
  await tf.setBackend('tensorflow');
  return installed;
}
