import { readFileSync } from 'node:fs';
import { MediaError } from './media-error';

export interface Sound {
  readonly sampleRate: number; // samples a second
  readonly samples: Float32Array; // -1 to 1; the mean of the channels
}

/**
 * Reads a wav file of 16-bit PCM.
 * Throws with the file's name when it is not there, not of this form, or shorter than its header says.
 */
export function readWav(file: string): Sound {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new MediaError(`encoders: sound ${file} ${code === 'ENOENT' ? 'is not there' : `cannot be read (${message})`}`, { cause });
  }
  return parseWav(bytes, file);
}

export function parseWav(bytes: Buffer, file: string): Sound {
  const refuse = (what: string): never => {
    throw new MediaError(`encoders: sound ${file} ${what}. Make it again, e.g. ffmpeg -i <video> -ac 1 -ar 16000 -sample_fmt s16 ${file}`);
  };
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') {
    return refuse('is not a wav file (no RIFF and WAVE at its start)');
  }
  let format: { channels: number; sampleRate: number } | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = bytes.toString('latin1', at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    const start = at + 8;
    if (name === 'fmt ') format = parseFormat(bytes, start, length, refuse);
    if (name === 'data') {
      if (!format) return refuse('has its data before its format');
      const isPiped = length === unknownLength;
      if (isPiped) return { sampleRate: format.sampleRate, samples: mixDown(bytes, start, bytes.length - start, format.channels) };
      if (start + length > bytes.length) return refuse(`is cut off: its data should have ${length} bytes and has ${bytes.length - start}`);
      return { sampleRate: format.sampleRate, samples: mixDown(bytes, start, length, format.channels) };
    }
    at = start + length + (length & 1);
  }
  return refuse('is cut off: it has no data');
}

const pcm = 1;
const unknownLength = 0xffffffff; // of a file that ffmpeg wrote to a pipe: all that follows is data
const extensible = 0xfffe; // the format proper stands further on

function parseFormat(bytes: Buffer, start: number, length: number, refuse: (what: string) => never) {
  if (length < 16 || start + length > bytes.length) return refuse('is cut off within its format');
  const tag = bytes.readUInt16LE(start);
  const coding = tag === extensible && length >= 26 ? bytes.readUInt16LE(start + 24) : tag;
  const channels = bytes.readUInt16LE(start + 2);
  const bits = bytes.readUInt16LE(start + 14);
  if (coding !== pcm || bits !== 16 || channels === 0) {
    return refuse(`has format ${coding} with ${bits} bits and ${channels} channels, expected 16-bit PCM (format 1)`);
  }
  return { channels, sampleRate: bytes.readUInt32LE(start + 4) };
}

function mixDown(bytes: Buffer, start: number, length: number, channels: number): Float32Array {
  const samples = new Float32Array(Math.floor(length / 2 / channels));
  for (let i = 0, at = start; i < samples.length; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++, at += 2) sum += bytes.readInt16LE(at);
    samples[i] = sum / channels / 32768;
  }
  return samples;
}
