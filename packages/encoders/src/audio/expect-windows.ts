import { MediaError, type Sound } from '@tass/media';

const tolerance = 0.1; // seconds that may be missing at a sound's end, and are silence then

/**
 * Throws MediaError, naming `file`, for a sound of another sample rate, and for one that ends more than a tenth of a second before what is
 * needed of the last segment: its window, or its first second of a longer one.
 */
export function expectWindows(
  { samples, sampleRate }: Sound,
  segmentStarts: readonly number[],
  wanted: { readonly sampleRate: number; readonly windowSeconds: number },
  file: string,
): void {
  if (sampleRate !== wanted.sampleRate) {
    throw new MediaError(
      `sound ${file} has ${sampleRate} samples a second, the encoder takes ${wanted.sampleRate}. Resample it, e.g. ffmpeg -i ${file} -ar ${wanted.sampleRate} <new file>`,
    );
  }
  const least = Math.max(...segmentStarts) + Math.min(1, wanted.windowSeconds);
  if (samples.length >= (least - tolerance) * sampleRate) return;
  throw new MediaError(`sound ${file} lasts ${(samples.length / sampleRate).toFixed(2)} s, expected ${least} s. Extract it again`);
}
