import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { sealedJson, trySealedFile, writeCacheFile } from '@tass/files';

/** What `file` keeps as JSON with its check value; where it is absent, damaged or not whole, what `compute` gives, which it keeps from then on. A disk that refuses only keeps nothing. */
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
