import { readdirSync, statfsSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { onDisk } from '@tass/files';
import type { Ffmpeg } from '../ffmpeg/find-ffmpeg';
import { formats, inputOf, type Probe, type PictureStream, type SoundStream } from '../ffmpeg/probe';
import { type EndedProgram, type ProgramLimits, runProgram } from '../ffmpeg/run-program';
import { MediaError } from '../media-error';

/** A video file that is decoded. */
export interface DecodedVideo {
  readonly file: string; // absolute path
  readonly probe: Probe;
  readonly ffmpeg: Ffmpeg;
  readonly limits: ProgramLimits;
}

/**
 * Time 0 of frames and sound: 0 of the file's clock, or the start of its first stream where that is later (files that were cut from a
 * stream begin anywhere). What lies before it, as an encoder's run-in, is cut.
 */
const timeZero = ({ start }: Probe): number => Math.max(0, start);

/**
 * For transport streams ffmpeg takes a shift by exactly the file's start to mean the start of each stream that it decodes, which would
 * take sound and picture apart: hence a millionth of a second less.
 */
const shiftOf = (probe: Probe): string => (timeZero(probe) > 0 ? (1e-6 - timeZero(probe)).toFixed(6) : '0');

const seconds = (value: number): string => `${value.toFixed(1)} s`;

/**
 * Writes 000001.jpg and on into `folder`: image n+1 is the last one whose time is not after second n, up to the end of the last image.
 * Before a picture that begins later than the sound stands its first image. Throws MediaError, DiskError.
 */
export async function decodeFrames(video: DecodedVideo, picture: PictureStream, folder: string, frameSize?: number): Promise<void> {
  let images = 0;
  let last = 0;
  const filters = ['showinfo=checksum=0', 'fps=fps=1:start_time=0:round=up', scaling(frameSize), 'setsar=1'].join(',');
  const format = ['-pix_fmt', 'yuvj420p', '-c:v', 'mjpeg', '-q:v', '2', '-f', 'image2', '%06d.jpg'];
  const ended = await decode(video, picture, ['-vf', filters, ...format], folder, (line) => {
    const time = /^\[Parsed_showinfo_0 @ [^\]]*\] \[info\] n: *\d+ pts: *\S+ pts_time:(\S+)/.exec(line)?.[1];
    if (time === undefined) return;
    images++;
    last = Math.max(last, Number(time));
  });
  const { probe } = video;
  if (images === 0) throw new MediaError(`has a picture of which nothing can be decoded (${ended.errors[0] ?? 'ffmpeg does not say why'})`);
  if (images === 1) throw new MediaError(`has one single image, not a moving picture`);
  const lasts = Math.max(last + 1 / (picture.framesPerSecond ?? 25), readdirSync(folder).length - 1); // the last image may stay for long
  const end = endOf(probe, picture);
  if (end !== undefined && lasts < end - 1)
    throw new MediaError(`lasts ${seconds(lasts)} of ${seconds(end)}: it is cut off or damaged. Fetch it again`);
  expectSuccess(ended);
  await expectWholeImages(folder);
}

/** Writes 16-bit mono PCM: sample 0 is time 0, gaps are silent. Throws MediaError, DiskError. */
export async function decodeSound(
  video: DecodedVideo,
  sound: SoundStream,
  folder: string,
  name: string,
  sampleRate: number,
): Promise<void> {
  const filters = `aresample=${sampleRate}:async=1:first_pts=0:min_hard_comp=0.01,aformat=sample_fmts=s16:channel_layouts=mono`;
  const format = ['-c:a', 'pcm_s16le', '-f', 'wav', name];
  const ended = await decode(video, sound, ['-af', filters, ...format], folder);
  const file = await open(join(folder, name), 'r+').catch(() => undefined);
  try {
    await file?.sync();
    const lasts = file ? ((await file.stat()).size - wavHeader) / 2 / sampleRate : 0;
    if (lasts <= 0) throw new MediaError(`has a sound of which nothing can be decoded (${ended.errors[0] ?? 'ffmpeg does not say why'})`);
    const end = endOf(video.probe, sound);
    if (end !== undefined && lasts < end - 1)
      throw new MediaError(`has sound for ${seconds(lasts)} of ${seconds(end)}: it is cut off or damaged. Fetch it again`);
    expectSuccess(ended);
  } finally {
    await file?.close();
  }
}

const wavHeader = 44; // bytes

/** When a stream should be over, as the file says. */
function endOf(probe: Probe, { start, duration }: SoundStream): number | undefined {
  if (duration !== undefined) return start + duration - timeZero(probe);
  return probe.duration === undefined ? undefined : probe.start + probe.duration - timeZero(probe);
}

/** JPEG's colours are those of BT.601 in full range, square pixels. */
function scaling(frameSize?: number): string {
  const [width, height] = ['iw*sar', 'ih'];
  const share = frameSize === undefined ? '1' : `min(1,${frameSize}/min(${width},${height}))`;
  const size = (edge: string) => `'max(1,round(${edge}*${share}))'`;
  const flags = 'bicubic+accurate_rnd+full_chroma_int+bitexact';
  return `scale=w=${size(width)}:h=${size(height)}:flags=${flags}:out_color_matrix=bt601:out_range=pc`;
}

/** Both streams are decoded by runs of their own, so that one that is broken leaves the other; copyts keeps them on one clock. */
async function decode(
  { file, probe, ffmpeg, limits }: DecodedVideo,
  stream: SoundStream,
  words: readonly string[],
  folder: string,
  onLine?: (line: string) => void,
): Promise<EndedProgram> {
  if (stream.codec === undefined)
    throw new MediaError(`has a codec (${stream.tag}) that ffmpeg ${ffmpeg.version} does not know. Convert it, or take a newer ffmpeg`);
  const log = ['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'repeat+level+info'];
  const input = ['-threads', '1', ...formats, '-copyts', '-itsoffset', shiftOf(probe), '-i', inputOf(file)];
  const plain = ['-map', `0:${stream.index}`, '-map_metadata', '-1', '-bitexact', '-threads', '1', '-filter_threads', '1'];
  const ended = await runProgram(ffmpeg.ffmpeg, [...log, ...input, ...plain, ...words], limits, { folder, onLine });
  expectDiskSpace(ended, folder);
  const unknown = ended.errors.find((error) => /Decoder .*not found|Decoding requested, but no decoder/.test(error));
  if (unknown !== undefined)
    throw new MediaError(`has a codec (${stream.codec}) that ffmpeg ${ffmpeg.version} cannot decode. Convert it, or take a newer ffmpeg`);
  return ended;
}

function expectSuccess({ failed, errors }: EndedProgram): void {
  if (failed) throw new MediaError(`cannot be decoded to its end (${errors.at(-1) ?? 'ffmpeg does not say why'})`);
}

const diskErrors = { ENOSPC: 'No space left on device', EDQUOT: 'Disk quota exceeded', EROFS: 'Read-only file system' };

function expectDiskSpace({ errors }: EndedProgram, folder: string): void {
  for (const [code, text] of Object.entries(diskErrors)) {
    if (errors.some((error) => error.includes(text))) refuseDisk(code, text, folder);
  }
}

function refuseDisk(code: string, text: string, folder: string): never {
  return onDisk('media: cannot write frames and sound', folder, (): never => {
    throw Object.assign(new Error(text), { code });
  });
}

/** Older ffmpegs end well when the last bytes of an image do not fit on the disk. */
function refuseCutOff(file: string, folder: string): never {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < 1e6) refuseDisk('ENOSPC', diskErrors.ENOSPC, folder);
  throw new Error(`media: ${file} was not written to its end`);
}

/** Brings the images to the disk. Throws DiskError where one is cut off because it is full. */
async function expectWholeImages(folder: string): Promise<void> {
  await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const file = await open(join(folder, name), 'r+');
      try {
        const { size } = await file.stat();
        const { buffer } = await file.read(Buffer.alloc(2), 0, 2, Math.max(0, size - 2));
        if (buffer.readUInt16BE() !== 0xffd9) refuseCutOff(join(folder, name), folder);
        await file.sync();
      } finally {
        await file.close();
      }
    }),
  );
}
