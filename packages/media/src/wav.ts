import { basename, dirname, extname } from 'node:path';
import { mostBytes, describeAbsence, namesHolding, readBytes, type FileError } from '@tass/files';
import { decibels, describeCancelling } from './cancelling';
import { rateOfSoundFile } from './frames';
import { MediaError } from './media-error';

export interface Sound {
  readonly sampleRate: number; // samples a second
  readonly samples: Float32Array; // -1 to 1; the mean of the channels
  readonly doubt?: string; // why it can hardly be right
}

/**
 * Reads a wav file of PCM (8, 16, 24 or 32 bits) or floating-point numbers, also one that was written to a pipe (ffmpeg, SoX) or is an RF64.
 * Throws MediaError with the file's name when it is not there, not of this form, empty, or shorter than its header says.
 */
export function readWav(file: string): Sound {
  let bytes: Buffer;
  try {
    bytes = readBytes(file, mostBytes.sound);
  } catch (cause) {
    const { code, reason } = cause as FileError;
    throw new MediaError(`sound ${file} ${code === 'ENOENT' ? describeNoSound(file) : reason}`, { cause });
  }
  return parseWav(bytes, file);
}

function describeNoSound(file: string): string {
  const other = namesHolding(dirname(file), basename(file, extname(file))).find((name) => name !== basename(file));
  if (other === undefined) return describeAbsence(file);
  const advice = /\.wav$/i.test(other)
    ? 'Rename it'
    : `Make a wav of it, e.g. ffmpeg -i ${other} -ac 1 -ar ${rateOfSoundFile(file)} ${basename(file)}`;
  return `is not there, but ${other} is. ${advice}`;
}

type Refuse = (what: string) => never;

export function parseWav(bytes: Buffer, file: string): Sound {
  const refuse: Refuse = (what) => {
    throw new MediaError(
      `sound ${file} ${what}. Make it again, e.g. ffmpeg -i <video> -ac 1 -ar ${rateOfSoundFile(file)} -sample_fmt s16 ${file}`,
    );
  };
  if (bytes.length === 0) return refuse('is empty');
  const [begin, kind] = [bytes.toString('latin1', 0, 4), bytes.toString('latin1', 8, 12)];
  if (begin === 'RIFX') return refuse('is a big-endian wav file (RIFX), expected RIFF');
  if (kind !== 'WAVE' || !['RIFF', 'RF64'].includes(begin))
    return refuse(`is not a wav file: it begins with ${JSON.stringify(begin)}, expected RIFF and WAVE`);
  let format: Format | undefined;
  let longLength: number | undefined; // of the data of an RF64, whose other lengths have too few bits
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = bytes.toString('latin1', at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    const start = at + 8;
    if (name === 'ds64' && start + 16 <= bytes.length) longLength = Number(bytes.readBigUInt64LE(start + 8));
    if (name === 'fmt ') format = parseFormat(bytes, start, length, refuse);
    if (name === 'data') {
      if (!format) return refuse('has its data before its format');
      return mixDown(dataOf(bytes, start, longLength ?? length, refuse), format, refuse);
    }
    at = start + length + (length & 1);
  }
  return refuse('is cut off or broken: it has no data');
}

const unknownLength = 0x7fff0000; // and more: SoX writes 0x7ffff000, ffmpeg 0xffffffff, where they write to a pipe

/** The bytes of the samples: as many as the header says, or all that follow where the writer did not know. */
function dataOf(bytes: Buffer, start: number, length: number, refuse: Refuse): Buffer {
  const there = bytes.length - start;
  const total = bytes.readUInt32LE(4) + 8;
  const isPiped = length > there && length >= unknownLength;
  const isUnfinished = length === 0 && (total <= start || total > unknownLength); // the header was never brought up to date
  if (isPiped || isUnfinished) return bytes.subarray(start);
  if (length > there) return refuse(`is cut off: its data should have ${length} bytes and has ${there}`);
  const end = start + length + (length & 1);
  if (bytes.toString('latin1', end, end + 4) === 'RIFF') return refuse('holds several wav files, one after the other');
  return bytes.subarray(start, start + length);
}

interface Format {
  readonly channels: number;
  readonly sampleRate: number;
  readonly bytesPerSample: number;
  readonly sample: SampleFormat;
}

interface SampleFormat {
  readonly read: (bytes: DataView, at: number) => number; // a view is read many times as fast as a Buffer
  readonly scale: number; // to -1 .. 1
}

const [pcm, float] = [1, 3];
const extensible = 0xfffe; // the coding proper comes later
const codings: Readonly<Record<number, string>> = {
  [pcm]: 'PCM',
  2: 'ADPCM',
  [float]: 'float',
  6: 'A-law',
  7: 'mu-law',
  17: 'ADPCM',
  85: 'MP3',
};

const samples: Readonly<Record<string, SampleFormat>> = {
  '1, 8': { read: (bytes, at) => bytes.getUint8(at) - 128, scale: 2 ** -7 },
  '1, 16': { read: (bytes, at) => bytes.getInt16(at, true), scale: 2 ** -15 },
  '1, 24': { read: (bytes, at) => bytes.getUint16(at, true) + bytes.getInt8(at + 2) * 2 ** 16, scale: 2 ** -23 },
  '1, 32': { read: (bytes, at) => bytes.getInt32(at, true), scale: 2 ** -31 },
  '3, 32': { read: (bytes, at) => bytes.getFloat32(at, true), scale: 1 },
  '3, 64': { read: (bytes, at) => bytes.getFloat64(at, true), scale: 1 },
};

function parseFormat(bytes: Buffer, start: number, length: number, refuse: Refuse): Format {
  if (length < 16 || start + length > bytes.length) return refuse('is cut off within its format');
  const tag = bytes.readUInt16LE(start);
  const coding = tag === extensible && length >= 26 ? bytes.readUInt16LE(start + 24) : tag;
  const [channels, sampleRate, block, bits] = [
    bytes.readUInt16LE(start + 2),
    bytes.readUInt32LE(start + 4),
    bytes.readUInt16LE(start + 12),
    bytes.readUInt16LE(start + 14),
  ];
  const sample = samples[`${coding}, ${bits}`];
  const given = `format ${coding}${coding in codings ? ` (${codings[coding]})` : ''} with ${bits} bits, ${channels} channels`;
  if (sample === undefined || channels === 0 || sampleRate === 0 || (block !== 0 && block !== (channels * bits) / 8)) {
    return refuse(
      `has ${given}, ${sampleRate} Hz and blocks of ${block} bytes, expected PCM of 8, 16, 24 or 32 bits, or float of 32 or 64`,
    );
  }
  return { channels, sampleRate, bytesPerSample: bits / 8, sample };
}

const loudest = 10; // of full scale: floating-point numbers beyond are on another scale

function mixDown(data: Buffer, format: Format, refuse: Refuse): Sound {
  const { channels, sampleRate, bytesPerSample } = format;
  const length = Math.floor(data.length / bytesPerSample / channels);
  if (length === 0) return refuse('holds no sample');
  const sums = new Float64Array(length);
  const energies = Array.from({ length: channels }, (_, channel) => addChannel(sums, data, channel, format));
  const samples = meansOf(sums, channels);
  const wrong = firstBeyond(loudest, samples);
  if (wrong >= 0) return refuse(`holds ${samples[wrong]} as sample ${wrong}, expected numbers from -1 to 1`);
  const doubt = describeCancelling(decibels(Math.max(...energies) / length), decibels(energyOf(samples) / length));
  return { sampleRate, samples, ...(doubt === undefined ? {} : { doubt }) };
}

const { abs } = Math; // in the sandbox of a spec each look-up of a global takes longer than the rest of the loop

// A function for each loop, with nothing behind it: V8 then runs all of its calls compiled, of loops amid other code only parts.

/** Adds the samples of one channel to `sums`, which has one for each. Returns the sum of their squares. */
function addChannel(sums: Float64Array, data: Buffer, channel: number, { channels, bytesPerSample, sample }: Format): number {
  const { read, scale } = sample;
  const { length } = sums;
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const step = channels * bytesPerSample;
  let energy = 0;
  for (let i = 0, at = channel * bytesPerSample; i < length; i++, at += step) {
    const value = read(view, at) * scale;
    sums[i] += value;
    energy += value * value;
  }
  return energy;
}

function meansOf(sums: Float64Array, count: number): Float32Array {
  const { length } = sums;
  const means = new Float32Array(length);
  for (let i = 0; i < length; i++) means[i] = sums[i] / count;
  return means;
}

function energyOf(samples: Float32Array): number {
  const { length } = samples;
  let energy = 0;
  for (let i = 0; i < length; i++) energy += samples[i] * samples[i];
  return energy;
}

/** The index of the first sample that is NaN or exceeds a magnitude; -1 if all are fine. */
function firstBeyond(magnitude: number, samples: Float32Array): number {
  const { length } = samples;
  let i = 0;
  while (i < length && abs(samples[i]) <= magnitude) i++;
  return i < length ? i : -1;
}
