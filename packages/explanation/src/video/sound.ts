import { encodeMp3, MediaError, readWav, type Sound as Samples } from '@tass/media';
import { mostBytes, readBytes } from '@tass/files';
import type { Sound } from '@tass/question-page';
import { melSpectrogram } from './mel';
import { wavOf } from './wav-of';
import { withoutFolder } from './without-folder';

/** Most bytes of a page's sound. */
const MOST_BYTES = 1_000_000;
const PEAKS = 600;

export interface ShownSound {
  readonly sound?: Sound;
  readonly seconds?: number;
  readonly reason?: string; // why it is missing
}

/** A wav file in the form for a page. A long one becomes an MP3 if ffmpeg can make one, else a coarser wav. */
export async function readSound(file: string, signal?: AbortSignal): Promise<ShownSound> {
  let samples: Samples;
  try {
    samples = readWav(file);
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    return { reason: `The sound of this video cannot be played: ${withoutFolder(error.message)}` };
  }
  const seconds = samples.samples.length / samples.sampleRate;
  const played = await playable(file, samples, seconds, signal);
  if (!played) return { seconds, reason: `The sound of this video, ${Math.round(seconds)} s, is too long for a page.` };
  return { seconds, sound: { ...played, peaks: peaksOf(samples.samples), mel: melSpectrogram(samples) } };
}

async function playable(
  file: string,
  samples: Samples,
  seconds: number,
  signal: AbortSignal | undefined,
): Promise<Pick<Sound, 'mediaType' | 'bytes'> | undefined> {
  const as = (mediaType: string, bytes: Buffer) => ({ mediaType, bytes: bytes.toString('base64') });
  const bytes = readBytes(file, mostBytes.sound);
  if (bytes.length <= MOST_BYTES / 2) return as('audio/wav', bytes);
  const kilobits = Math.min(64, Math.floor((8 * MOST_BYTES) / 1000 / seconds));
  try {
    if (kilobits >= 16) return as('audio/mpeg', await encodeMp3(file, kilobits, signal));
  } catch {
    signal?.throwIfAborted(); // there is no ffmpeg, or it makes no MP3
  }
  const wav = wavOf(samples, MOST_BYTES);
  return wav && as('audio/wav', wav);
}

const { abs, max } = Math; // as in wav.ts

/** The largest absolute amplitude of each of equal stretches. */
function peaksOf(samples: Float32Array): number[] {
  const count = Math.min(PEAKS, samples.length);
  return Array.from({ length: count }, (_, stretch) => {
    const [from, to] = [stretch, stretch + 1].map((edge) => Math.floor((edge * samples.length) / count));
    let peak = 0;
    for (let at = from; at < to; at++) peak = max(peak, abs(samples[at]));
    return Number(Math.min(1, peak).toFixed(3));
  });
}
