import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { sealedJson, trySealedFile, writeCacheFile } from '@tass/files';

/**
 * The JSON in `file`, with its check value; if it is absent, damaged or incomplete, the result of `compute`, which is then stored. If the
 * disk refuses, it is only not stored.
 */
export function kept<Value>(file: string, isWhole: (stored: unknown) => stored is Value, compute: () => Value): Value {
  const read = trySealedFile(file);
  const stored = read?.isChecked ? (read.content as { readonly value: unknown }).value : undefined;
  if (isWhole(stored)) return stored;
  const value = compute();
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeCacheFile(file, sealedJson({ value }, 0));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
  return value;
}
