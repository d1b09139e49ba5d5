import { open } from 'node:fs/promises';
import { MediaError } from '../media-error';
import type { Ffmpeg } from './find-ffmpeg';
import { type ProgramLimits, runProgram } from './run-program';

/** What a video file says of itself. Seconds are on the file's own clock. */
export interface Probe {
  readonly start: number; // of the stream that starts first
  readonly duration?: number; // of the whole file; undefined: it does not say
  readonly picture?: PictureStream; // the first one; a cover of an album is none
  readonly sound?: SoundStream; // the one marked as default, else the first
}

export interface SoundStream {
  readonly index: number; // among the file's streams
  readonly codec?: string; // undefined: ffmpeg knows none by its tag
  readonly tag: string; // what the file calls the codec
  readonly start: number;
  readonly duration?: number; // undefined: the file says none of its own for this stream
}

export interface PictureStream extends SoundStream {
  readonly framesPerSecond?: number; // on average
}

/** What an option of both programs says of a file: its absolute path, whatever characters it has. */
export const inputOf = (file: string): string => `file:${file}`;

/** Videos only: of a text, which may be a playlist, ffmpeg opens nothing. */
export const formats = ['-format_whitelist', 'mov,matroska,webm,avi,flv,mpeg,mpegts,mpegvideo,asf,ogg'];

/**
 * Asks ffprobe what the video at `file`, an absolute path, holds.
 * Throws MediaError, saying in a user's words what is wrong, for what is no video.
 */
export async function probe(file: string, { ffprobe }: Ffmpeg, limits: ProgramLimits = { timeLimitSeconds: 120 }): Promise<Probe> {
  const words = ['-loglevel', 'repeat+level+error', ...formats, '-of', 'json', '-show_format', '-show_streams', inputOf(file)];
  const { failed, output, errors } = await runProgram(ffprobe, words, limits);
  if (failed) throw new MediaError(await refusal(file, errors));
  return parseProbe(output);
}

async function refusal(file: string, errors: readonly string[]): Promise<string> {
  if (errors.some((error) => error.includes('moov atom not found')) && (await beginsAsMp4(file)))
    return 'has no index (moov atom): its end is missing. Fetch it again';
  return `is no video that ffmpeg can read (${(errors.at(-1) ?? 'it does not say why').replace(inputOf(file), '').replace(/^: /, '')})`;
}

async function beginsAsMp4(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0);
    return ['ftyp', 'mdat', 'wide', 'free', 'skip'].includes(buffer.toString('latin1', 4, 8));
  } finally {
    await file.close();
  }
}

interface ProbedStream {
  readonly index: number;
  readonly codec_type?: string;
  readonly codec_name?: string;
  readonly codec_tag_string?: string;
  readonly nb_frames?: string;
  readonly avg_frame_rate?: string;
  readonly start_time?: string;
  readonly duration?: string;
  readonly disposition?: { readonly default?: number; readonly attached_pic?: number };
  readonly tags?: Readonly<Record<string, string>>;
}

interface ProbedFile {
  readonly streams?: readonly ProbedStream[];
  readonly format?: { readonly format_name?: string; readonly start_time?: string; readonly duration?: string };
}

function parseProbe(output: string): Probe {
  const { streams = [], format = {} } = JSON.parse(output) as ProbedFile;
  const pictures = streams.filter((stream) => stream.codec_type === 'video' && stream.disposition?.attached_pic !== 1);
  const sounds = streams.filter((stream) => stream.codec_type === 'audio');
  const sound = sounds.find((stream) => stream.disposition?.default === 1) ?? sounds[0];
  const start = number(format.start_time) ?? 0;
  const duration = number(format.duration);
  return {
    start,
    duration: duration !== undefined && format.format_name?.includes('matroska') ? duration - start : duration, // as below
    picture: pictures[0] && pictureOf(pictures[0], { start, avi: format.format_name === 'avi' }),
    sound: sound && streamOf(sound, start),
  };
}

function streamOf(stream: ProbedStream, fileStart: number): SoundStream {
  const start = number(stream.start_time) ?? fileStart;
  const end = clockTime(stream.tags?.DURATION); // Matroska's durations are times of the clock, that of the end
  return {
    index: stream.index,
    codec: stream.codec_name === 'unknown' ? undefined : stream.codec_name,
    tag: stream.codec_tag_string ?? 'unknown',
    start,
    duration: number(stream.duration) ?? (end === undefined ? undefined : end - start),
  };
}

function pictureOf(stream: ProbedStream, { start, avi }: { readonly start: number; readonly avi: boolean }): PictureStream {
  const [frames, seconds] = (stream.avg_frame_rate ?? '').split('/').map(Number);
  const framesPerSecond = frames > 0 && seconds > 0 ? frames / seconds : undefined;
  const images = number(stream.nb_frames);
  const common = streamOf(stream, start);
  return {
    ...common,
    // of an AVI that is cut off ffprobe tells the duration of what is left; the number of images is what it should have
    duration: avi && images !== undefined && framesPerSecond !== undefined ? images / framesPerSecond : common.duration,
    framesPerSecond,
  };
}

function number(text: string | undefined): number | undefined {
  const value = Number(text ?? NaN);
  return Number.isFinite(value) ? value : undefined;
}

/** Matroska's way to say how long a stream is: 00:00:59.960000000. */
function clockTime(text: string | undefined): number | undefined {
  const [, hours, minutes, seconds] = /^(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(text ?? '') ?? [];
  return seconds === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
