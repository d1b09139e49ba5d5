import { readdirSync } from 'node:fs';
import * as path from 'node:path';
import { openForever } from './native-library';

/**
 * Loads each of CUDA's libraries under `folder`, so that a missing or incompatible one is found without a GPU, too: without
 * one TensorFlow does not look at them. Throws the loader's messages of all that do not load, except for the driver, which is not theirs.
 */
export function expectCudaLibrariesLoad(folder: string): void {
  const files = readdirSync(path.join(folder, 'nvidia'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\/lib\/[^/]+\.so/.test(file),
  );
  const failures = files.sort().flatMap((file) => {
    try {
      openForever(path.join(folder, 'nvidia', file), { global: true });
      return [];
    } catch (error) {
      const message = (error as Error).message;
      return /libcuda\.so\.1: cannot open/.test(message) ? [] : [message];
    }
  });
  if (failures.length > 0) throw new Error(`CUDA's libraries do not load: ${failures.join('; ')}`);
}
