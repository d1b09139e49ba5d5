import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { cut } from '@tass/progress';
import { oneLine } from './plain-text';

const longest = 500; // characters of a line
const window = 16 * 1024; // bytes read from the end

/** The size of a file in bytes; 0 if it does not exist. */
export const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** The last lines of a log after byte `from`, without control characters. Empty if there are none. */
export function lastLines(file: string, from: number, count = 10): string[] {
  if (sizeOf(file) <= from) return [];
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const start = Math.max(from, size - window);
    const content = Buffer.alloc(size - start);
    const read = readSync(descriptor, content, 0, content.length, start);
    const lines = content.toString('utf8', 0, read).trimEnd().split(/\r?\n/);
    return lines.slice(-count).map((line) => cut(oneLine(line), longest)).filter((line, index, all) => line !== '' || index < all.length - 1); // prettier-ignore
  } finally {
    closeSync(descriptor);
  }
}
