import { closeSync, openSync, readSync } from 'node:fs';

const LONGEST_HEADER = 2 ** 26;

/** How many numbers the arrays of a safetensors file hold, from its header alone; undefined where the file or a header is not there. */
export function countNumbers(file: string): number | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return undefined;
  }
  try {
    const length = Number(read(descriptor, 8, 0).readBigUInt64LE());
    if (length > LONGEST_HEADER) return undefined;
    const { __metadata__: _, ...arrays } = JSON.parse(read(descriptor, length, 8).toString('utf8')) as Record<string, { shape: number[] }>;
    return Object.values(arrays).reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
  } catch {
    return undefined; // whoever reads the arrays tells what is wrong
  } finally {
    closeSync(descriptor);
  }
}

function read(descriptor: number, length: number, position: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, position));
}
