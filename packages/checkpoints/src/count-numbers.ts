import { withOwnFile } from '@tass/files';
import { readHeader } from './safetensors-header';
import { sizeOf } from './named-arrays';

/** How many numbers the arrays of a safetensors file hold, from its header alone; undefined if the file or a header is not there. */
export function countNumbers(file: string): number | undefined {
  try {
    const { entries } = withOwnFile(file, (descriptor) => readHeader(file, descriptor, ''));
    return entries.reduce((sum, [, { shape }]) => sum + sizeOf(shape), 0);
  } catch {
    return undefined; // whoever reads the arrays tells what is wrong
  }
}
