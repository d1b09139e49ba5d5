import { open } from 'node:fs/promises';
import { MediaError } from '../media-error';
import type { Ffmpeg } from './find-ffmpeg';
import { type ProgramLimits, runProgram } from './run-program';

/** What a video file says of itself. Seconds are on the file's own clock. */
export interface Probe {
  readonly start: number; // of the stream that starts first
  readonly end?: number; // of the stream that ends last, where the file states it; what ffprobe estimates from its last packets is left out
  readonly isBroadcast: boolean; // transport and program streams: their clocks begin anywhere and may begin again
  readonly isCounted: boolean; // AVI: times are numbers of packets, and ffmpeg skips what it cannot read without a word
  readonly pictures: readonly PictureStream[]; // without covers of albums
  readonly sounds: readonly SoundStream[];
}

export interface MediaStream {
  readonly index: number; // among the file's streams
  readonly codec?: string; // undefined: ffmpeg knows none by its tag
  readonly tag: string; // what the file calls the codec
  readonly isDefault: boolean;
  readonly end?: number; // where the file states one for this very stream
}

export interface PictureStream extends MediaStream {
  readonly framesPerSecond?: number; // on average
  readonly width: number; // as coded, in pixels
  readonly height: number;
}

export interface SoundStream extends MediaStream {
  readonly channels: number;
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
  return `is not a video that ffmpeg can read (${(errors.at(-1) ?? 'it does not say why').replace(inputOf(file), '').replace(/^: /, '')})`;
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
  readonly time_base?: string;
  readonly start_time?: string;
  readonly duration?: string;
  readonly width?: number;
  readonly height?: number;
  readonly channels?: number;
  readonly disposition?: { readonly default?: number; readonly attached_pic?: number };
  readonly tags?: Readonly<Record<string, string>>;
}

interface ProbedFile {
  readonly streams?: readonly ProbedStream[];
  readonly format?: { readonly format_name?: string; readonly start_time?: string; readonly duration?: string };
}

function parseProbe(output: string): Probe {
  const { streams = [], format = {} } = JSON.parse(output) as ProbedFile;
  const name = format.format_name ?? '';
  const pictures = streams.filter((stream) => stream.codec_type === 'video' && stream.disposition?.attached_pic !== 1);
  const sounds = streams.filter((stream) => stream.codec_type === 'audio');
  return {
    start: number(format.start_time) ?? 0,
    end: /matroska|flv|asf/.test(name) ? number(format.duration) : undefined,
    isBroadcast: /^mpegts$|^mpeg$/.test(name),
    isCounted: name === 'avi',
    pictures: pictures.map((stream) => ({
      ...streamOf(stream, name),
      framesPerSecond: ratio(stream.avg_frame_rate),
      width: stream.width ?? 0,
      height: stream.height ?? 0,
    })),
    sounds: sounds.map((stream) => ({ ...streamOf(stream, name), channels: stream.channels ?? 0 })),
  };
}

function streamOf(stream: ProbedStream, format: string): MediaStream {
  return {
    index: stream.index,
    codec: stream.codec_name === 'unknown' ? undefined : stream.codec_name,
    tag: stream.codec_tag_string ?? 'unknown',
    isDefault: stream.disposition?.default === 1,
    end: statedEnd(stream, format),
  };
}

/** Only formats that state the length of each stream: what ffprobe calls a duration elsewhere is that of the file, or of what is there. */
function statedEnd(stream: ProbedStream, format: string): number | undefined {
  const start = number(stream.start_time) ?? 0;
  const plus = (duration: number | undefined) => (duration === undefined ? undefined : start + duration);
  if (format.includes('mov')) return plus(number(stream.duration));
  if (format.includes('matroska')) return clockTime(stream.tags?.DURATION); // a time of the clock, not a duration
  if (format !== 'avi') return undefined;
  const [units, unit] = [number(stream.nb_frames), ratio(stream.time_base)]; // from its header; ffprobe's duration is that of what is left of a file
  return units === undefined || unit === undefined ? undefined : plus(units * unit);
}

function ratio(text = ''): number | undefined {
  const [above, below] = text.split('/').map(Number);
  return above > 0 && below > 0 ? above / below : undefined;
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
