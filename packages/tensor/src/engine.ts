import { availableParallelism, cpus } from 'node:os';
import { findLibrary } from './backends/tensorflow/library';
import { installTensorFlow } from './backends/tensorflow/install';
import { installWasm } from './backends/wasm/install';
import * as tf from './tf';

export const engineNames = ['tensorflow', 'wasm', 'cpu'] as const; // fastest first
export type EngineName = (typeof engineNames)[number];

export interface EngineOptions {
  readonly backend: 'auto' | EngineName;
  readonly threads?: number; // 0 or absent: the engine's own choice, which is all cores for tensorflow and 1 for wasm
}

export interface EngineDescription {
  readonly backend: EngineName;
  readonly library: string; // with its version
  readonly threads: number;
  readonly device: string;
  readonly advice?: string; // one line, where something faster is one command away
}

const mostWasmThreads = 8; // the package starts no more workers, so that more are cut to it
const setUpCommand = 'npm run engine:tensorflow';
let wasmInUse: EngineDescription | undefined;

/**
 * Chooses what computes tensors from here on: `tensorflow` (TensorFlow's C library), `wasm` (npm only) or `cpu` (plain JavaScript, one
 * thread); `auto` takes the first that is there. To be called before the first tensor is made. Asking again for what runs already changes
 * nothing; another number of threads gives wasm a new heap, with all its tensors lost, and is refused by tensorflow.
 * Throws where an engine is asked for by name and is not there: what was looked for, where, and the command that brings it.
 */
export async function useEngine({ backend, threads = 0 }: EngineOptions): Promise<EngineDescription> {
  if (!Number.isInteger(threads) || threads < 0)
    throw new RangeError(`useEngine: threads is ${threads}, expected a whole number, or 0 for the engine's choice`);
  switch (backend) {
    case 'auto':
      return firstThere(threads);
    case 'tensorflow':
      return useTensorFlow(threads);
    case 'wasm':
      return useWasm(threads);
    case 'cpu':
      return useCpu();
    default:
      throw new RangeError(`useEngine: backend is ${JSON.stringify(backend)}, expected auto, ${engineNames.join(', ')}`);
  }
}

/** The engines that can be used on this machine, fastest first. */
export function availableEngines(): EngineName[] {
  return engineNames.filter((name) => name !== 'tensorflow' || 'folder' in findLibrary());
}

/** Ends wasm's threads and drops its heap, with all tensors on it; the other engines stay as they are, at no cost. A process ends without this call as well. */
export async function disposeEngine(): Promise<void> {
  if (wasmInUse !== undefined) tf.removeBackend('wasm');
  wasmInUse = undefined;
  await tf.setBackend('cpu');
}

async function firstThere(threads: number): Promise<EngineDescription> {
  const library = findLibrary();
  if ('missing' in library) return { ...(await useWasm(threads)), advice: `${setUpCommand} brings a faster engine` };
  try {
    return await useTensorFlow(threads);
  } catch (error) {
    return { ...(await useWasm(threads)), advice: `TensorFlow in ${library.folder} does not load: ${firstLine(error)}` };
  }
}

async function useTensorFlow(threads: number): Promise<EngineDescription> {
  const library = findLibrary();
  if ('missing' in library) {
    throw new Error(`useEngine: backend tensorflow is not there: ${library.missing}. Run: ${setUpCommand}`);
  }
  const used = threads || availableParallelism();
  const version = await installTensorFlow(library.folder, used);
  return { backend: 'tensorflow', library: `TensorFlow ${version}`, threads: used, device: processor() };
}

/**
 * One thread by default. The pool waits by spinning: where all cores are free a second thread brings a tenth to a quarter of the time of a
 * training step, where other programs use them it multiplies that time.
 */
async function useWasm(threads: number): Promise<EngineDescription> {
  const used = Math.min(threads || 1, mostWasmThreads);
  if (wasmInUse?.threads === used) {
    await tf.setBackend('wasm');
    return wasmInUse;
  }
  const library = await installWasm(used);
  return (wasmInUse = { backend: 'wasm', library, threads: used, device: processor() });
}

async function useCpu(): Promise<EngineDescription> {
  await tf.setBackend('cpu');
  return { backend: 'cpu', library: `@tensorflow/tfjs-backend-cpu ${tf.version_cpu}`, threads: 1, device: processor() };
}

function processor(): string {
  return cpus()[0]?.model.trim() ?? process.arch;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0];
}
