import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/**
 * Writes a stream to a file and returns true, or returns false once it exceeds `mostBytes`. Throws the errors of the disk, the signal's
 * reason.
 */
export async function writeBounded(from: AsyncIterable<Buffer>, file: string, mostBytes: number, signal?: AbortSignal): Promise<boolean> {
  let bytes = 0;
  async function* bounded(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > mostBytes) return;
      yield chunk;
    }
  }
  await pipeline(from, bounded, createWriteStream(file), { signal });
  return bytes <= mostBytes;
}
