import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describeAbsence } from './absent';
import { codeOf, remedyFor } from './remedies';

/** A file that cannot be read. The message begins with the file. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly namesItsPlace = true; // so a program omits its own name

  constructor(
    readonly file: string,
    readonly reason: string, // to follow the file's name
    readonly code: string | undefined, // ENOENT, EIO, ...; undefined: read, and refused
    cause?: unknown,
  ) {
    super(`${file}: ${reason}`, { cause });
  }
}

/** What to do about a file that is refused; a function where working that out takes time. */
export type Advice = string | (() => string);

export const adviceText = (advice: Advice): string => (typeof advice === 'string' ? advice : advice());

const size = (bytes: number): string => (bytes < 2 ** 20 ? `${Math.ceil(bytes / 1024)} kB` : `${Math.ceil(bytes / 2 ** 20)} MB`);

const tooLarge = (file: string, found: string, most: number, advice: Advice): FileError =>
  new FileError(file, `has ${found}, expected at most ${size(most)}. ${adviceText(advice)}`, undefined);

const usual = 'Check that it is the right file';

/**
 * The bytes of an untrusted file of at most `most` bytes. Reads nothing of a larger file, and at most that many bytes of a pipe. `advice`:
 * what to do about a larger file. Throws FileError.
 */
export const readBytes = (file: string, most: number, advice = usual): Buffer => bytesOf(file, 'r', most, advice);

/** As `readBytes`, as text in UTF-8. Throws FileError. */
export const readText = (file: string, most: number): string => readBytes(file, most).toString('utf8');

/** As `readBytes`, of a file that this project wrote: nobody waits for a pipe or a device in its place. Throws FileError. */
export const readOwnBytes = (file: string, most: number, advice: Advice = usual): Buffer => bytesOf(file, atOnce, most, advice);

/** As `readOwnBytes`, as text in UTF-8. Throws FileError. */
export const readOwnText = (file: string, most: number, advice: Advice = usual): string =>
  readOwnBytes(file, most, advice).toString('utf8');

/** Passes an open file of this project to `read`. Throws FileError if it cannot be opened or read, or is not a regular file. */
export const withOwnFile = <Result>(file: string, use: (descriptor: number, bytes: number) => Result): Result =>
  lent(file, atOnce, usual, (descriptor, { size }) => use(descriptor, size));

/** SHA-256 of a file of at most `most` bytes, read piece by piece. Throws FileError. */
export function sha256Of(file: string, most: number): string {
  return withOwnFile(file, (descriptor, bytes) => {
    if (bytes > most) throw tooLarge(file, size(bytes), most, usual);
    const hash = createHash('sha256');
    const piece = Buffer.allocUnsafe(2 ** 20);
    for (let read; (read = readSync(descriptor, piece)) > 0;) hash.update(piece.subarray(0, read));
    return hash.digest('hex');
  });
}

const atOnce = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0); // opens a pipe even without a writer; Windows has no such flag

function bytesOf(file: string, flags: 'r' | number, most: number, advice: Advice): Buffer {
  const bytes = lent(file, flags, advice, (descriptor, stat) => {
    if (stat.isFile() && stat.size > most) throw tooLarge(file, size(stat.size), most, advice);
    return readToEnd(descriptor, stat.size, most);
  });
  if (bytes.length > most) throw tooLarge(file, `more than ${size(most)}`, most, advice);
  return bytes;
}

function lent<Result>(file: string, flags: 'r' | number, advice: Advice, use: (descriptor: number, stat: Stats) => Result): Result {
  return reading(file, () => {
    const descriptor = openSync(file, flags);
    try {
      const stat = fstatSync(descriptor);
      if (flags === atOnce && !stat.isFile() && !stat.isDirectory())
        throw new FileError(file, `is not a regular file. ${adviceText(advice)}`, undefined);
      return use(descriptor, stat);
    } finally {
      closeSync(descriptor);
    }
  });
}

/** Runs `read`; converts a FileError to the package's own error, with the same message. */
export function fileErrorsAs<Result>(Kind: new (message: string, options: ErrorOptions) => Error, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw error instanceof FileError ? new Kind(error.message, { cause: error }) : error;
  }
}

/** Reads to the end, or one byte more than `most`. `expected` is the file's stated size. */
function readToEnd(descriptor: number, expected: number, most: number): Buffer {
  const chunks: Buffer[] = [];
  for (let [total, read] = [0, -1]; read !== 0 && total <= most; total += read) {
    const room = Math.min(most + 1 - total, Math.max(2 ** 16, expected + 1 - total)); // one more: the read that finds the end needs room
    const chunk = Buffer.allocUnsafe(room);
    read = readSync(descriptor, chunk);
    if (read > 0) chunks.push(chunk.subarray(0, read));
  }
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
}

/** Runs `read`; converts an error of the file system to a FileError with a remedy. */
function reading<Result>(file: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const code = codeOf(error);
    if (error instanceof FileError || code === undefined) throw error;
    if (code === 'ENOENT') throw new FileError(file, describeAbsence(file), code, error);
    const remedy = code === 'EISDIR' ? 'it is a folder, expected a file. Name another' : remedyFor(code, 'this file');
    throw new FileError(
      file,
      remedy === undefined ? `cannot be read (${(error as Error).message})` : `cannot be read (${code}): ${remedy}`,
      code,
      error,
    );
  }
}

/** Unpacks gzip to at most `most` bytes; returns bytes of any other kind unchanged. Throws FileError, also if the end is missing. */
export function unpacked(file: string, bytes: Buffer, most: number, advice = usual): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: most });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(file, `more than ${size(most)} when unpacked`, most, advice);
    const reason = `${message}, ${bytes.length} bytes`;
    throw new FileError(file, `is no complete gzip file (${reason}). Copy or download it again`, undefined, error);
  }
}
