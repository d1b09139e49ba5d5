import { statfsSync } from 'node:fs';
import { onDisk } from '@tass/files';
import { formats, inputOf, type MediaStream } from '../ffmpeg/probe';
import { type EndedProgram, runProgram } from '../ffmpeg/run-program';
import { MediaError } from '../media-error';
import type { VideoFile, TimedStream } from './open-video';

/**
 * Decodes one stream of a video with more `words` of ffmpeg's command line. Picture and sound are decoded by runs of their own, so
 * that one that is broken leaves the other; copyts hands on the file's own times. No filter may know an absolute time: ffmpeg may build them anew where
 * a stream's format changes. Throws MediaError, DiskError.
 */
export async function decode(
  { file, ffmpeg, limits }: VideoFile,
  stream: MediaStream,
  words: { readonly input?: readonly string[]; readonly output: readonly string[] },
  folder: string,
  onLine: (line: string) => void,
): Promise<EndedProgram> {
  if (stream.codec === undefined)
    throw new MediaError(`has a codec (${stream.tag}) that ffmpeg ${ffmpeg.version} does not know. Convert it, or take a newer ffmpeg`);
  const log = ['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'repeat+level+info'];
  const input = ['-threads', '1', ...formats, '-copyts', ...(words.input ?? []), '-i', inputOf(file)];
  const plain = ['-map', `0:${stream.index}`, '-map_metadata', '-1', '-bitexact', '-threads', '1', '-filter_threads', '1'];
  const ended = await runProgram(ffmpeg.ffmpeg, [...log, ...input, ...plain, ...words.output], limits, { folder, onLine });
  expectDiskSpace(ended, folder);
  const unknown = ended.errors.find((error) => /Decoder .*not found|Decoding requested, but no decoder/.test(error));
  if (unknown !== undefined)
    throw new MediaError(`has a codec (${stream.codec}) that ffmpeg ${ffmpeg.version} cannot decode. Convert it, or take a newer ffmpeg`);
  return ended;
}

/** What ffmpeg says of why nothing came. */
export const whyNothing = ({ errors }: EndedProgram): string => errors[0] ?? 'ffmpeg does not say why';

export function expectSuccess({ failed, errors }: EndedProgram): void {
  if (failed) throw new MediaError(`cannot be decoded to its end (${errors.at(-1) ?? 'ffmpeg does not say why'})`);
}

/**
 * Throws MediaError if a stream ends more than a second before it should: by what the file says of it, or by its own packets. `verb` is
 * "lasts" or "has sound for".
 */
export function expectWhole({ end, statedEnd = end }: TimedStream<MediaStream>, lasts: number, verb: string): void {
  const expected = Math.max(end, statedEnd);
  if (lasts < expected - 1)
    throw new MediaError(`${verb} ${inSeconds(lasts)} of ${inSeconds(expected)}: it is cut off or damaged. Fetch it again`);
}

const fewPackets = 0.05; // seconds: one image, or two packets of sound; whole AVIs of ffmpeg's lack none, and a hole of 4 kB 0.05 to 0.08

/** Of an AVI, what follows a packet that is lost is early, as its times are counts; only the header tells. Undefined if none is. */
export function describeLoss(
  { isCounted }: VideoFile,
  what: 'picture' | 'sound',
  { end, statedEnd = end }: TimedStream<MediaStream>,
): string | undefined {
  const lost = statedEnd - end;
  if (!isCounted || lost < fewPackets) return undefined;
  return `${lost.toFixed(2)} s of its ${what} are missing, and what follows them is early by that. Fetch the video again`;
}

export const doubtsOf = (...reasons: readonly (string | undefined)[]): string[] => reasons.filter((reason) => reason !== undefined);

const inSeconds = (value: number): string => `${value.toFixed(1)} s`;

const diskErrors = { ENOSPC: 'No space left on device', EDQUOT: 'Disk quota exceeded', EROFS: 'Read-only file system' };

export function expectDiskSpace({ errors }: EndedProgram, folder: string): void {
  for (const [code, text] of Object.entries(diskErrors)) {
    if (errors.some((error) => error.includes(text))) refuseDisk(code, text, folder);
  }
}

function refuseDisk(code: string, text: string, folder: string): never {
  return onDisk('cannot write frames and sound', folder, (): never => {
    throw Object.assign(new Error(text), { code });
  });
}

/** Older ffmpegs end well when the last bytes of a file do not fit on the disk. */
export function refuseCutOff(file: string, folder: string): never {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < 1e6) refuseDisk('ENOSPC', diskErrors.ENOSPC, folder);
  throw new Error(`${file} was not written to its end`);
}
