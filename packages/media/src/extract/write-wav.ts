import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { onDisk } from '@tass/files';

/** Samples of 16 bits, mono, in a file without a header, and their place in a wav. */
export interface Source {
  readonly file: string;
  readonly from: number; // samples
  readonly samples: number;
  readonly place: number; // samples after the first one of the wav; those below 0 are cut
}

export const bytesPerSample = 2;
const headerBytes = 44;
/** Samples that the header takes the place of: where, in a file that `writeWav` wrote, the first one lies. */
export const wavBeginning = headerBytes / bytesPerSample;
const bufferSamples = 32768;

/**
 * Puts each source at its place, with silence between them, and up to `least` samples; where two overlap, the later one is heard. Throws DiskError.
 */
export function writeWav(path: string, sources: readonly Source[], sampleRate: number, least = 0): void {
  onDisk('cannot write frames and sound', dirname(path), () => {
    const wav = openSync(path, 'w');
    try {
      const cut = sources.map((source, index) => {
        const free = (sources[index + 1]?.place ?? Infinity) - source.place;
        return { ...source, samples: Math.max(0, Math.min(source.samples, free)) };
      });
      const end = cut.reduce((latest, { place, samples }) => Math.max(latest, place + samples), least);
      writeSync(wav, wavHeader(end, sampleRate));
      let written = 0;
      for (const source of cut) {
        written += writeSilence(wav, source.place - written);
        written += copySamples(wav, source, written - source.place);
      }
      writeSilence(wav, end - written);
      fsyncSync(wav);
    } finally {
      closeSync(wav);
    }
  });
}

function writeSilence(wav: number, samples: number): number {
  const silence = Buffer.alloc(bufferSamples * bytesPerSample);
  for (let left = samples; left > 0; left -= bufferSamples) writeSync(wav, silence, 0, Math.min(left, bufferSamples) * bytesPerSample);
  return Math.max(0, samples);
}

/** Without the first `skipped` samples. */
function copySamples(wav: number, { file, from, samples }: Source, skipped: number): number {
  const input = openSync(file, 'r');
  const buffer = Buffer.alloc(bufferSamples * bytesPerSample);
  let copied = 0;
  try {
    for (let at = skipped; at < samples;) {
      const bytes = readSync(input, buffer, 0, Math.min(samples - at, bufferSamples) * bytesPerSample, (from + at) * bytesPerSample);
      if (bytes === 0) throw new Error(`${file} has fewer samples than ffmpeg said`);
      writeSync(wav, buffer, 0, bytes);
      at += bytes / bytesPerSample;
      copied += bytes / bytesPerSample;
    }
  } finally {
    closeSync(input);
  }
  return copied;
}

/** Decibels of full scale, over all samples of a file. */
export function levelOf(file: string): number {
  const input = openSync(file, 'r');
  const buffer = Buffer.alloc(bufferSamples * bytesPerSample);
  let [energy, count] = [0, 0];
  try {
    for (let bytes; (bytes = readSync(input, buffer)) > 0; count += bytes / bytesPerSample)
      for (let at = 0; at + 1 < bytes; at += bytesPerSample) energy += (buffer.readInt16LE(at) / 32768) ** 2;
  } finally {
    closeSync(input);
  }
  return count === 0 ? -Infinity : 10 * Math.log10(energy / count);
}

function wavHeader(samples: number, sampleRate: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples * bytesPerSample, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // mono
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * bytesPerSample, 28);
  header.writeUInt16LE(bytesPerSample, 32);
  header.writeUInt16LE(8 * bytesPerSample, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples * bytesPerSample, 40);
  return header;
}
