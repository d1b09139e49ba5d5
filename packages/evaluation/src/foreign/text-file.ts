import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { PredictionError } from '../match-predictions';

/** A file of predictions is far below: 10000 questions with 10 kB of reasoning each are 100 MB. */
const MOST_BYTES = 256 * 2 ** 20;
const TOO_LARGE = `the most is ${MOST_BYTES / 2 ** 20} MB. Keep ids and answers only`;

/**
 * The bytes of a text file in UTF-8; UTF-16 with its byte order mark is converted, and gzip unpacked.
 * Throws PredictionError for a file that cannot be read, is larger than 256 MB, or is no text.
 */
export function readUtf8(file: string): Buffer {
  const bytes = unpacked(file, readAtMost(file));
  const mark = bytes.toString('latin1', 0, 3);
  if (mark === '\xef\xbb\xbf') return bytes.subarray(3);
  if (mark.startsWith('\xff\xfe')) return Buffer.from(bytes.subarray(2).toString('utf16le'));
  if (mark.startsWith('\xfe\xff')) return Buffer.from(new TextDecoder('utf-16be').decode(bytes));
  const packed = mark.startsWith('PK') ? 'a zip archive (.xlsx, .npz)' : undefined;
  if (packed !== undefined || bytes.subarray(0, 1000).includes(0))
    throw new PredictionError(`${file}: is ${packed ?? 'no text in UTF-8 (it has zero bytes)'}, expected JSON, JSON lines or CSV as text`);
  return bytes;
}

/** Throws PredictionError. A pipe has no size beforehand, so it is read to the limit. */
function readAtMost(file: string): Buffer {
  try {
    const { size } = statSync(file);
    if (size > MOST_BYTES) throw new RangeError(`it has ${Math.ceil(size / 2 ** 20)} MB, ${TOO_LARGE}`);
    const chunks: Buffer[] = [];
    const descriptor = openSync(file, 'r');
    try {
      for (let [total, read] = [0, -1]; read !== 0; total += read) {
        if (total > MOST_BYTES) throw new RangeError(TOO_LARGE);
        const chunk = Buffer.allocUnsafe(Math.max(2 ** 16, Math.min(size - total, MOST_BYTES) + 1));
        read = readSync(descriptor, chunk);
        if (read > 0) chunks.push(chunk.subarray(0, read));
      }
    } finally {
      closeSync(descriptor);
    }
    return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
  } catch (error) {
    throw new PredictionError(`${file}: cannot be read (${(error as Error).message})`, { cause: error });
  }
}

/** Throws PredictionError where the content is larger than a file may be. */
function unpacked(file: string, bytes: Buffer): Buffer {
  if (bytes.toString('latin1', 0, 2) !== '\x1f\x8b') return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ERR_BUFFER_TOO_LARGE' ? TOO_LARGE : message;
    throw new PredictionError(`${file}: cannot be unpacked (${reason})`, { cause: error });
  }
}
