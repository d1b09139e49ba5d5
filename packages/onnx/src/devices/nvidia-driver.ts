import type { LibraryHandle } from 'koffi';
import { openForever } from './native-library';

/** The names of the GPUs that answer, in CUDA's order; or one line with the reason why there is none. */
export type Gpus = { readonly names: readonly string[] } | { readonly missing: string };

const nameBytes = 256;

/** Asks NVIDIA's driver, which heeds CUDA_VISIBLE_DEVICES. Source: the CUDA driver API, cuInit and "Device Management". */
export function nvidiaGpus(driver = 'libcuda.so.1'): Gpus {
  let library: LibraryHandle;
  try {
    library = openForever(driver, { global: true });
  } catch {
    return { missing: `${driver} does not load: no NVIDIA driver is installed` };
  }
  const number = [0];
  const count = (): number => number[0];
  const calls = [
    () => library.func('int cuInit(unsigned int)')(0) as number,
    () => library.func('int cuDeviceGetCount(_Out_ int*)')(number) as number,
  ];
  for (const call of calls) {
    const code = call();
    if (code !== 0) return { missing: `NVIDIA's driver answers ${describe(library, code)}` };
  }
  if (count() === 0) return { missing: "NVIDIA's driver lists no GPU" };
  const nameOf = library.func('int cuDeviceGetName(_Out_ uint8_t*, int, int)');
  const names = Array.from({ length: count() }, (_, device) => {
    const name = Buffer.alloc(nameBytes);
    return nameOf(name, nameBytes, device) === 0 ? name.toString('utf8', 0, name.indexOf(0)) : `GPU ${device}`;
  });
  return { names };
}

function describe(library: LibraryHandle, code: number): string {
  const text: (string | null)[] = [null];
  const known = library.func('int cuGetErrorString(int, _Out_ const char**)')(code, text) === 0;
  return known && text[0] !== null ? `${code}: ${text[0]}` : String(code);
}
