import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { loadKoffi, openForever } from '@tass/onnx';

/** An address in the library's memory; only passed back to it. */
export type Pointer = object & { readonly brand: unique symbol };

/**
 * The functions used of OrtApi, by their index in that table, which only grows at its end (onnxruntime_c_api.h). All but those that
 * release return a status, which is null on success.
 */
const functions = {
  CreateEnv: [3, 'int, const char*, _Out_ void**'],
  CreateSessionFromArray: [8, 'void*, void*, size_t, void*, _Out_ void**'],
  Run: [9, 'void*, void*, const char**, void**, size_t, const char**, size_t, void**'],
  CreateSessionOptions: [10, '_Out_ void**'],
  SetSessionGraphOptimizationLevel: [23, 'void*, int'],
  SetIntraOpNumThreads: [24, 'void*, int'],
  SetInterOpNumThreads: [25, 'void*, int'],
  CreateTensorAsOrtValue: [48, 'void*, int64_t*, size_t, int, _Out_ void**'],
  CreateTensorWithDataAsOrtValue: [49, 'void*, void*, size_t, int64_t*, size_t, int, _Out_ void**'],
  CreateMemoryInfo: [68, 'const char*, int, int, int, _Out_ void**'],
  CreateCpuMemoryInfo: [69, 'int, int, _Out_ void**'],
  AddSessionConfigEntry: [130, 'void*, const char*, const char*'],
  CreateAllocator: [131, 'void*, void*, _Out_ void**'],
  CreateAndRegisterAllocator: [144, 'void*, void*, void*'],
  SessionOptionsAppendExecutionProvider: [216, 'void*, const char*, const char**, const char**, size_t'],
  Session_GetEpGraphAssignmentInfo: [407, 'void*, _Out_ void**, _Out_ size_t*'],
  EpAssignedSubgraph_GetEpName: [408, 'void*, _Out_ const char**'],
  EpAssignedSubgraph_GetNodes: [409, 'void*, _Out_ void**, _Out_ size_t*'],
  EpAssignedNode_GetName: [410, 'void*, _Out_ const char**'],
  EpAssignedNode_GetOperatorType: [412, 'void*, _Out_ const char**'],
} as const;
const releases = { ReleaseSession: 95, ReleaseValue: 96, ReleaseSessionOptions: 100 } as const;
const [messagePlace, releaseStatusPlace] = [2, 93];
const placesUsed = 413;
const apiVersion = 24; // the first that has all of them

type Call = (...given: unknown[]) => void;
type AsyncCall = (...given: unknown[]) => Promise<void>;
export type CApi = { readonly [Name in keyof typeof functions]: Call } & { readonly [Name in keyof typeof releases]: Call } & {
  /** On a thread of their own: JavaScript continues. */
  readonly runAsync: AsyncCall;
  readonly createSessionAsync: AsyncCall;
  readonly version: string;
};

let loaded: CApi | undefined;

/** The C interface of the library inside the package onnxruntime-node, loaded once. Throws if it is missing or does not load. */
export function loadCApi(): CApi {
  return (loaded ??= bindAll());
}

/** The addresses in an array of the library's. */
export function addressesAt(place: Pointer | null, count: number): readonly Pointer[] {
  const koffi = loadKoffi();
  return count === 0 ? [] : (koffi.decode(place, koffi.array('void*', count)) as Pointer[]);
}

/** Calls `make` with room for one address, and returns what it puts there. */
export function addressFrom(make: (place: [Pointer | null]) => void): Pointer {
  const place: [Pointer | null] = [null];
  make(place);
  return place[0] as Pointer;
}

function bindAll(): CApi {
  process.env.ORT_DISABLE_TELEMETRY = '1'; // by default the library sends events to its maker
  const file = libraryFile();
  const koffi = loadKoffi();
  const getApiBase = openForever(file).func('void* OrtGetApiBase()') as () => Pointer;
  const base = getApiBase();
  const [getApi, getVersion] = koffi.decode(base, koffi.array('void*', 2)) as Pointer[];
  const table = koffi.decode(koffi.call(getApi, koffi.proto('void* (uint32_t)'), apiVersion), koffi.array('void*', placesUsed)) as Pointer[]; // prettier-ignore
  const release = koffi.proto('void (void*)');
  const readMessage = koffi.proto('const char* (void*)');
  const check = (status: unknown): void => {
    if (status === null) return;
    const said = koffi.call(table[messagePlace], readMessage, status) as string;
    koffi.call(table[releaseStatusPlace], release, status);
    throw new Error(`onnxruntime: ${said}`);
  };
  const bind = (name: keyof typeof functions): Call => {
    const [place, given] = functions[name];
    const type = koffi.proto(`void* (${given})`);
    return (...values) => check(koffi.call(table[place], type, ...values));
  };
  const bindAsync = (name: keyof typeof functions): AsyncCall => {
    const [place, given] = functions[name];
    const { async: callAsync } = koffi.decode(table[place], koffi.proto(`void* (${given})`)) as { async: Call };
    return (...values) =>
      new Promise((resolve, reject) => {
        callAsync(...values, (error: unknown, status: unknown) => {
          try {
            if (error) throw error;
            resolve(check(status));
          } catch (failure) {
            reject(failure as Error);
          }
        });
      });
  };
  const called = Object.keys(functions).map((name) => [name, bind(name as keyof typeof functions)]);
  const released = Object.entries(releases).map(([name, place]) => {
    return [name, (value: unknown) => koffi.call(table[place], release, value)];
  });
  return {
    ...Object.fromEntries([...called, ...released]),
    runAsync: bindAsync('Run'),
    createSessionAsync: bindAsync('CreateSessionFromArray'),
    version: koffi.call(getVersion, koffi.proto('const char* ()')) as string,
  } as CApi;
}

function libraryFile(): string {
  const folder = path.dirname(createRequire(__filename).resolve('onnxruntime-node/package.json'));
  const names: Partial<Record<NodeJS.Platform, string>> = { win32: 'onnxruntime.dll', darwin: 'libonnxruntime.1.dylib' };
  const file = path.join(folder, 'bin/napi-v6', process.platform, process.arch, names[process.platform] ?? 'libonnxruntime.so.1');
  if (existsSync(file)) return file;
  throw new Error(`the package onnxruntime-node has no library for ${process.platform} on ${process.arch}`);
}
