import { FileError, mostBytes, readBytes, unpacked } from '@tass/files';
import { PredictionError } from '../match-predictions';

/**
 * The bytes of a text file in UTF-8; UTF-16 with its byte order mark is converted, and gzip unpacked.
 * Throws PredictionError for a file that cannot be read, is larger than `mostBytes.predictions`, or is no text.
 */
export function readUtf8(file: string): Buffer {
  const bytes = readUnpacked(file);
  const mark = bytes.toString('latin1', 0, 3);
  if (mark === '\xef\xbb\xbf') return bytes.subarray(3);
  if (mark.startsWith('\xff\xfe')) return Buffer.from(bytes.subarray(2).toString('utf16le'));
  if (mark.startsWith('\xfe\xff')) return Buffer.from(new TextDecoder('utf-16be').decode(bytes));
  const packed = mark.startsWith('PK') ? 'a zip archive (.xlsx, .npz)' : undefined;
  if (packed !== undefined || bytes.subarray(0, 1000).includes(0))
    throw new PredictionError(`${file}: is ${packed ?? 'no text in UTF-8 (it has zero bytes)'}, expected JSON, JSON lines or CSV as text`);
  return bytes;
}

const advice = 'Keep ids and answers only';

/** Throws PredictionError. */
function readUnpacked(file: string): Buffer {
  try {
    return unpacked(file, readBytes(file, mostBytes.predictions, advice), mostBytes.predictions, advice);
  } catch (error) {
    throw error instanceof FileError ? new PredictionError(error.message, { cause: error }) : error;
  }
}
