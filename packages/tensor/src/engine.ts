import { availableParallelism, cpus } from 'node:os';
import { findProvider, nvidiaGpus } from '@tass/onnx';
import { loadCApi } from './backends/onnxruntime/c-api';
import { installOnnxruntime, removeOnnxruntime } from './backends/onnxruntime/install';
import { type DeviceChoice, chooseLibrary, deviceChoices } from './backends/tensorflow/choose-library';
import { installTensorFlow } from './backends/tensorflow/install';
import { type StockPackage, findStock } from './backends/tfjs-node/find-stock';
import { installStock } from './backends/tfjs-node/install-stock';
import { installWasm } from './backends/wasm/install';
import * as tf from './tf';

const ownEngines = ['onnxruntime', 'tensorflow', 'wasm', 'cpu'] as const; // fastest first
export const engineNames = [...ownEngines, 'tfjs-node', 'tfjs-node-gpu'] as const;
export type EngineName = (typeof engineNames)[number];
export interface EngineOptions {
  readonly backend: 'auto' | EngineName;
  readonly threads?: number; // 0 or absent: the engine's own choice, which is all cores for onnxruntime and tensorflow, 1 for wasm
  readonly device?: DeviceChoice; // absent: the value of TASS_DEVICE, else the CPU, but for tfjs-node-gpu
}

export interface EngineDescription {
  readonly backend: EngineName;
  readonly library: string; // with its version
  readonly threads: number;
  readonly device: string; // cpu, gpu or webgpu, with its name
  readonly advice?: string; // one line, where something faster is one command away or no GPU is used
}

const mostWasmThreads = 8; // the package starts no more workers; larger numbers are reduced to it
let wasmInUse: EngineDescription | undefined;

/**
 * Chooses what computes tensors from here on: `onnxruntime` (compiled steps on its native library, the rest on wasm), `tensorflow` (TensorFlow's
 * C library, for its GPUs), `wasm` or `cpu` (plain JavaScript, one thread). `auto` takes `onnxruntime` where it loads, else `wasm`; with device
 * gpu it takes `tensorflow`. With device webgpu, onnxruntime computes compiled steps on a GPU; with auto, if there is a real one. `tfjs-node` and `tfjs-node-gpu` are the stock packages of that name,
 * if installed. Call it before the first tensor is made. A second call for the same engine
 * changes nothing. With another number of threads onnxruntime keeps its tensors and uses the new number for steps compiled from then on; wasm
 * gets a new heap and loses all its tensors; tensorflow throws.
 * Throws when the engine or device named is not installed: the message names what was looked for, where, and the install command.
 */
export async function useEngine({ backend, threads = 0, device }: EngineOptions): Promise<EngineDescription> {
  if (!Number.isInteger(threads) || threads < 0)
    throw new RangeError(`useEngine: threads is ${threads}, expected a whole number, or 0 for the engine's choice`);
  if (device !== undefined && !deviceChoices.includes(device))
    throw new RangeError(`useEngine: device is ${JSON.stringify(device)}, expected ${deviceChoices.join(', ')}`);
  refuseOtherDevice(backend, device);
  switch (backend) {
    case 'auto':
      return firstThere(threads, device ?? deviceOfEnvironment());
    case 'onnxruntime':
      return useOnnxruntime(threads, device ?? deviceOfEnvironment());
    case 'tensorflow':
      return useTensorFlow(threads, device ?? deviceOfEnvironment());
    case 'tfjs-node':
    case 'tfjs-node-gpu':
      return useStock(backend, threads, device);
    case 'wasm':
      return useWasm(threads);
    case 'cpu':
      return useCpu();
    default:
      throw new RangeError(`useEngine: backend is ${JSON.stringify(backend)}, expected auto, ${engineNames.join(', ')}`);
  }
}

/** The engines that are installed on this machine, fastest first. */
export function availableEngines(): EngineName[] {
  const isThere: Partial<Record<EngineName, () => boolean>> = {
    onnxruntime: onnxruntimeLoads,
    tensorflow: () => 'folder' in chooseLibrary('cpu'),
  };
  return ownEngines.filter((name) => isThere[name]?.() ?? true);
}

/** The GPU that `useEngine` would compute steps on through WebGPU, as its driver names it; undefined if it would take another device. */
export function webgpuFor({ backend, device = deviceOfEnvironment() }: EngineOptions): string | undefined {
  if (!['auto', 'onnxruntime'].includes(backend) || (device !== 'webgpu' && device !== 'auto')) return undefined;
  const found = findProvider('webgpu');
  return 'missing' in found || (device === 'auto' && found.isSoftware) ? undefined : found.device;
}

/** Ends wasm's threads and drops its heap and that of onnxruntime, with all tensors on them; the other engines are not affected. A process ends without this call, too. */
export async function disposeEngine(): Promise<void> {
  if (wasmInUse !== undefined) tf.removeBackend('wasm');
  wasmInUse = undefined;
  removeOnnxruntime();
  await tf.setBackend('cpu');
}

/** A fixed rule, without measuring speed, so that a machine always gives the same bits. */
async function firstThere(threads: number, device: DeviceChoice | undefined): Promise<EngineDescription> {
  if (device === 'gpu') return useTensorFlow(threads, device);
  if (device === 'webgpu') return useOnnxruntime(threads, device);
  try {
    return await useOnnxruntime(threads, device);
  } catch (error) {
    return { ...(await useWasm(threads)), advice: `onnxruntime, which is faster, does not load: ${firstLine(error)}` };
  }
}

function onnxruntimeLoads(): boolean {
  try {
    loadCApi();
    return true;
  } catch {
    return false;
  }
}

async function useOnnxruntime(threads: number, device: DeviceChoice | undefined): Promise<EngineDescription> {
  const used = threads || availableParallelism();
  const engineOn = async (gpu?: string): Promise<EngineDescription> => {
    const { version } = await installOnnxruntime(used, gpu);
    return { backend: 'onnxruntime', library: `onnxruntime ${version}`, threads: used, device: gpu ?? deviceName(false) };
  };
  if (device !== 'webgpu' && device !== 'auto') return engineOn();
  const without = async (reason: string): Promise<EngineDescription> => {
    if (device === 'webgpu') throw new Error(`useEngine: device webgpu is not there: ${reason}`);
    return { ...(await engineOn()), advice: `no GPU is used: ${reason}` };
  };
  const found = findProvider('webgpu');
  if ('missing' in found) return without(found.missing);
  if (device === 'auto' && found.isSoftware) return without(`${found.device} is a driver without a GPU`);
  try {
    return await engineOn(`webgpu: ${found.device}`);
  } catch (error) {
    return without(`${found.device}: ${firstLine(error)}`);
  }
}

async function useTensorFlow(threads: number, device: DeviceChoice = 'auto'): Promise<EngineDescription> {
  const library = chooseLibrary(device);
  if ('missing' in library) {
    const asked = device === 'gpu' ? 'device gpu' : 'backend tensorflow';
    throw new Error(`useEngine: ${asked} is not there: ${library.missing}`);
  }
  const used = threads || availableParallelism();
  const { version, gpu } = await installTensorFlow(library.folder, { threads: used, gpu: device === 'gpu' });
  if (device === 'gpu' && !gpu)
    throw new Error(
      `useEngine: device gpu is not there: TensorFlow in ${library.folder} finds no GPU, though the driver has one; TF_CPP_MIN_LOG_LEVEL=0 shows why`,
    );
  return { backend: 'tensorflow', library: `TensorFlow ${version}`, threads: used, device: deviceName(gpu) };
}

async function useStock(name: StockPackage, threads: number, device: DeviceChoice | undefined): Promise<EngineDescription> {
  const found = findStock(name);
  if ('missing' in found) throw new Error(`useEngine: backend ${name} is not there: ${found.missing}`);
  const { version, gpu } = await installStock(name, found.location, threads);
  const unused = 'tfjs-node-gpu finds no GPU; TF_CPP_MIN_LOG_LEVEL=0 shows why';
  if (device === 'gpu' && !gpu) throw new Error(`useEngine: device gpu is not there: ${unused}`);
  if (device === 'cpu' && gpu) throw new Error(`useEngine: device is cpu, but ${name} computes on a GPU: take tfjs-node`);
  const described = {
    backend: name,
    library: `@tensorflow/${name} with TensorFlow ${version}`,
    threads: threads || availableParallelism(),
  };
  return { ...described, device: deviceName(gpu), ...(name === 'tfjs-node-gpu' && !gpu ? { advice: unused } : {}) };
}

/**
 * One thread by default. The pool waits by spinning: on free cores a second thread saves a tenth to a quarter of the time of a
 * training step; if other programs use them, it multiplies that time.
 */
async function useWasm(threads: number): Promise<EngineDescription> {
  const used = Math.min(threads || 1, mostWasmThreads);
  if (wasmInUse?.threads === used) {
    await tf.setBackend('wasm');
    return wasmInUse;
  }
  const library = await installWasm(used);
  return (wasmInUse = { backend: 'wasm', library, threads: used, device: deviceName(false) });
}

async function useCpu(): Promise<EngineDescription> {
  await tf.setBackend('cpu');
  return { backend: 'cpu', library: `@tensorflow/tfjs-backend-cpu ${tf.version_cpu}`, threads: 1, device: deviceName(false) };
}

/** Throws where `backend` never computes on `device`. */
function refuseOtherDevice(backend: EngineOptions['backend'], device: DeviceChoice | undefined): void {
  if (device === 'webgpu' && backend !== 'auto' && backend !== 'onnxruntime')
    throw new RangeError(`useEngine: device is webgpu, which backend ${backend} does not use, expected backend auto or onnxruntime`);
  if (device === 'gpu' && ['onnxruntime', 'wasm', 'cpu', 'tfjs-node'].includes(backend))
    throw new RangeError(
      `useEngine: device is gpu, which backend ${backend} does not use, expected backend auto, tensorflow or tfjs-node-gpu`,
    );
}

function deviceOfEnvironment(): DeviceChoice | undefined {
  const device = process.env.TASS_DEVICE;
  if (!device) return undefined;
  if (deviceChoices.includes(device as DeviceChoice)) return device as DeviceChoice;
  throw new RangeError(`TASS_DEVICE is ${device}, expected ${deviceChoices.join(', ')}`);
}

function deviceName(gpu: boolean): string {
  if (!gpu) return `cpu: ${cpus()[0]?.model.trim() ?? process.arch}`;
  const gpus = nvidiaGpus();
  return `gpu: ${'names' in gpus ? gpus.names[0] : 'unknown'}`;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0];
}
