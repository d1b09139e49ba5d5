import type { LibraryHandle } from 'koffi';
import { createRequire } from 'node:module';

/** Of dlopen: RTLD_LAZY, and what the two systems have for RTLD_GLOBAL and RTLD_NODELETE. */
const lazy = 0x1;
const [visibleToAll, forever] = process.platform === 'darwin' ? [0x8, 0x80] : [0x100, 0x1000];

type Koffi = typeof import('koffi');

let koffi: Koffi | undefined;

/** koffi, loaded when first needed: the other engines do without it. */
export function loadKoffi(): Koffi {
  if (koffi === undefined) giveRoomOnStacks((koffi = createRequire(__filename)('koffi') as Koffi));
  return koffi;
}

/**
 * koffi runs C on stacks of its own, of 128 kB where a call is asynchronous: less than the libraries may need. Other sizes can be set only before its
 * first library, for the whole process.
 */
function giveRoomOnStacks(koffi: Koffi): void {
  const sizes = { sync_stack_size: 8 << 20, async_stack_size: 8 << 20 };
  const { sync_stack_size, async_stack_size } = koffi.config() as typeof sizes;
  if (sync_stack_size !== sizes.sync_stack_size || async_stack_size !== sizes.async_stack_size) koffi.config(sizes);
}

/**
 * Loads a library for the life of the process: its threads outlive koffi, which closes its libraries as the process ends. `global`: its symbols
 * are visible to libraries loaded later. Throws the message of the system's loader.
 */
export function openForever(location: string, { global = false } = {}): LibraryHandle {
  const koffi = loadKoffi();
  if (process.platform !== 'win32')
    koffi.load(null).func('void* dlopen(const char*, int)')(location, lazy | forever | (global ? visibleToAll : 0));
  return koffi.load(location, { global, lazy: true }); // throws the loader's message
}

/**
 * Sets variables where native code reads them, unless the user has set them: in a worker, process.env is a copy that native code does not see.
 */
export function provideEnvironment(variables: Readonly<Record<string, string>>): void {
  const set = loadKoffi().load('libc.so.6').func('int setenv(const char*, const char*, int)');
  for (const [name, value] of Object.entries(variables)) set(name, value, 0);
}
