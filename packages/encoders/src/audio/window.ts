import type { Sound } from '@tass/media';

/**
 * Which sound stands for a segment of second s.
 * - `segment`: from s on, as long as the encoder says.
 * - `around`: the ten seconds around s + 0.5, moved to lie within the sound; for encoders that were trained on ten seconds.
 */
export type AudioWindow = 'segment' | 'around';

export const longestWindow = 10; // seconds: of AudioSet's clips

/** A window by its length in seconds. */
export interface Window {
  readonly windowSeconds: number;
  readonly around: boolean;
}

/** The samples of the window of a second, fewer where the sound ends. */
export function samplesOf({ samples, sampleRate }: Sound, second: number, { windowSeconds, around }: Window): Float32Array {
  const length = windowSeconds * sampleRate;
  const start = around ? Math.round(second * sampleRate - (length - sampleRate) / 2) : second * sampleRate;
  const first = around ? Math.max(0, Math.min(start, samples.length - length)) : start;
  return samples.subarray(first, first + length);
}
