import type { LibraryHandle } from 'koffi';
import { createRequire } from 'node:module';

/** RTLD_LAZY, RTLD_GLOBAL and RTLD_NODELETE. */
const lazyGlobalForever = 0x1 | 0x100 | 0x1000;

/** koffi, loaded when first needed: the other engines do without it. */
export function loadKoffi(): typeof import('koffi') {
  return createRequire(__filename)('koffi') as typeof import('koffi');
}

/**
 * Loads a library for the life of the process: its threads outlive koffi, which closes its libraries as the process ends. Throws what the
 * system's loader says.
 */
export function openForever(location: string): LibraryHandle {
  const koffi = loadKoffi();
  koffi.load(null).func('void* dlopen(const char*, int)')(location, lazyGlobalForever);
  return koffi.load(location, { global: true, lazy: true }); // throws the loader's message
}

/**
 * Sets variables where native code reads them, unless the user has set them: in a worker, process.env is a copy that native code does not see.
 */
export function provideEnvironment(variables: Readonly<Record<string, string>>): void {
  const set = loadKoffi().load('libc.so.6').func('int setenv(const char*, const char*, int)');
  for (const [name, value] of Object.entries(variables)) set(name, value, 0);
}
