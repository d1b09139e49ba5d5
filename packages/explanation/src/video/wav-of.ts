import type { Sound } from '@tass/media';

const LEAST_RATE = 8000; // Hz; Chromium plays 8-bit sounds of no lower one

/** A sound as a wav of 8 bits, at a rate at which it has at most `mostBytes`; undefined if that is too low. */
export function wavOf({ samples, sampleRate }: Sound, mostBytes: number): Buffer | undefined {
  const every = Math.max(1, Math.ceil(samples.length / mostBytes));
  if (sampleRate / every < LEAST_RATE) return undefined;
  const count = Math.floor(samples.length / every);
  const bytes = Buffer.alloc(44 + count);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + count, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20); // PCM
  bytes.writeUInt16LE(1, 22); // mono
  bytes.writeUInt32LE(Math.round(sampleRate / every), 24);
  bytes.writeUInt32LE(Math.round(sampleRate / every), 28);
  bytes.writeUInt16LE(1, 32);
  bytes.writeUInt16LE(8, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(count, 40);
  for (let at = 0; at < count; at++) {
    let sum = 0;
    for (let part = 0; part < every; part++) sum += samples[at * every + part];
    bytes[44 + at] = Math.max(0, Math.min(255, Math.round(128 + (127 * sum) / every)));
  }
  return bytes;
}
