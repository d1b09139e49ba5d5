import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { describeAbsence } from '@tass/files';
import { MediaError } from '../media-error';

/** A version of a video file. */
export interface Source {
  readonly size: number; // bytes
  readonly changed: number; // whole seconds of Unix time, which copies and archives keep
  readonly sha256?: string; // of its content, where it was read
}

/** Equal size and time, or else equal content: a copy may have a time of its own. */
export const isSameVersion = (a: Source, b: Source): boolean =>
  a.size === b.size && (a.changed === b.changed || (a.sha256 !== undefined && a.sha256 === b.sha256));

/** The same of two records without the video to decide: older records have no digest, which tells nothing. */
export const maybeSameVersion = (a: Source, b: Source): boolean =>
  isSameVersion(a, b) || (a.size === b.size && (a.sha256 === undefined || b.sha256 === undefined));

/** Throws MediaError for what is not there, no file, or not to be read. */
export async function sourceOf(file: string): Promise<Source> {
  try {
    const found = await stat(file);
    if (found.isFile()) return { size: found.size, changed: Math.floor(found.mtimeMs / 1000) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new MediaError(`${describeAbsence(file)}. Fetch it again`, { cause: error });
    refuseToRead(error);
  }
  throw new MediaError('is not a file');
}

/** The same with the digest of the file's content. Throws MediaError as `sourceOf`. */
export async function withDigest(file: string, source: Source): Promise<Source> {
  if (source.sha256 !== undefined) return source;
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(file, { highWaterMark: 2 ** 20 })) hash.update(piece as Buffer);
  } catch (error) {
    refuseToRead(error);
  }
  return { ...source, sha256: hash.digest('hex') };
}

/** Throws MediaError if the file is no longer the one that was read. */
export async function expectUnchanged(file: string, source: Source): Promise<void> {
  const { size, changed } = await sourceOf(file);
  if (size !== source.size || changed !== source.changed) throw new MediaError('changed while it was read. Run the same command again');
}

export function refuseToRead(cause: unknown): never {
  throw new MediaError(`cannot be read (${(cause as NodeJS.ErrnoException).code}). Change its permissions, or take it away`, { cause });
}
