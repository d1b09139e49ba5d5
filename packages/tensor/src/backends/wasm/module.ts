import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

type WasmModule = BackendWasm['wasm'];
type Factory = (config: object) => Promise<WasmModule & Emscripten>;
interface Emscripten {
  cwrap(name: string, returns: null | 'number', parameters: 'number'[]): (...values: number[]) => number;
  tfjs: object;
  PThread?: { unusedWorkers: Worker[]; runningWorkers: Worker[] };
}

const requireModule = createRequire(__filename);

/**
 * Loads the WebAssembly build of TensorFlow.js's kernels, with a pool of threads where `threads` is above 1, which the package itself
 * refuses to do in Node (tensorflow/tfjs issue 3830).
 * The package's start-up script expects to own the process: it replaces the global `Worker`, listens for uncaught exceptions and asks the
 * operating system for its cores. It is evaluated here with stand-ins for those names, so that nothing outside of it changes.
 */
export async function loadWasmModule(threads: number): Promise<WasmModule> {
  const folder = path.join(path.dirname(requireModule.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'wasm-out');
  const name = threads > 1 ? 'tfjs-backend-wasm-threaded-simd' : 'tfjs-backend-wasm';
  const script = path.join(folder, `${name}.js`);
  const binary = path.join(folder, threads > 1 ? `${name}.wasm` : 'tfjs-backend-wasm-simd.wasm');
  const factory = evaluateScript(script, threads);
  const loaded = await factory({
    wasmBinary: readFileSync(binary),
    mainScriptUrlOrBlob: script,
    locateFile: (file: string) => path.join(folder, file),
  });
  loaded.tfjs = {
    init: loaded.cwrap('init', null, []),
    initWithThreadsCount: loaded.cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: loaded.cwrap('get_threads_count', 'number', []),
    registerTensor: loaded.cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: loaded.cwrap('dispose_data', null, ['number']),
    dispose: loaded.cwrap('dispose', null, []),
  };
  return loaded;
}

/** The script starts eight workers whatever is asked. Those that the pool did not take are ended; the others let the process end. */
export async function releaseWorkers(module: WasmModule): Promise<void> {
  const { PThread: threads } = module as Emscripten & WasmModule;
  threads?.runningWorkers.forEach((worker) => worker.unref());
  await Promise.all((threads?.unusedWorkers.splice(0) ?? []).map((worker) => worker.terminate()));
}

function evaluateScript(script: string, threads: number): Factory {
  const standIns = {
    require: (name: string): unknown =>
      name === 'os' ? { cpus: () => Array.from({ length: 2 * threads }) /* the pool takes half of them */ } : requireModule(name),
    process: {
      versions: process.versions,
      hrtime: process.hrtime,
      argv: [],
      listeners: () => [],
      on: () => undefined,
      removeListener: () => undefined,
      exit: refuseExit,
    },
    global: { performance },
    Worker: threads > 1 ? poolWorker() : undefined,
    __dirname: path.dirname(script),
    __filename: script,
    module: { exports: undefined as unknown },
    exports: {},
  };
  new Function(...Object.keys(standIns), `${readFileSync(script, 'utf8')}\n//# sourceURL=${script}`)(...Object.values(standIns));
  return standIns.module.exports as Factory;
}

/** A worker that runs the package's own worker code, whatever file name the script gives. */
function poolWorker(): new () => Worker {
  const { wasmWorkerContents } = requireModule('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js') as {
    wasmWorkerContents: string;
  };
  const code = wasmWorkerContents.replace(/\n/g, '\\n'); // the line breaks are inside string literals, unescaped
  return class extends Worker {
    constructor() {
      super(code, { eval: true, execArgv: [] });
    }
  };
}

function refuseExit(status: number): never {
  throw new Error(`wasm: the module asked to end the process with status ${status}`);
}
