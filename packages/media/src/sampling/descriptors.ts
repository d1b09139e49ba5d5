import { readImage } from '../rgb-image';
import type { Sound } from '../wav';
import { type Descriptors, meanOf, squaredDistance } from './stretches';

const edge = 8; // pixels of a thumbnail
const octaves = 7; // at 16 kHz: 4-8 kHz, 2-4 kHz, ... 62-125 Hz
const quiet = 1e-7; // -70 dB of full scale: what is quieter counts as silence

/** How a frame looks, coarsely: its colours on 8 x 8 pixels, [8 * 8 * 3]. */
export async function describeFrame(file: string): Promise<Float64Array> {
  return readImage(file, async (image) =>
    Float64Array.from(await image.resize(edge, edge, { fit: 'fill', kernel: 'linear' }).raw().toBuffer()),
  );
}

/**
 * How a second sounds, coarsely: the logarithm of its energy in each of seven octaves from the highest downwards, [7]. The octaves are
 * those of Haar's wavelets: differences of neighbours, then the same of their sums. Where the sound is over, it is silent.
 */
export function describeSecond({ samples, sampleRate }: Sound, second: number): Float64Array {
  let level: Float64Array = Float64Array.from(samples.subarray(second * sampleRate, (second + 1) * sampleRate));
  return Float64Array.from({ length: octaves }, () => {
    const half = new Float64Array(level.length >> 1);
    let energy = 0;
    for (let at = 0; at < half.length; at++) {
      energy += (level[2 * at] - level[2 * at + 1]) ** 2 / 2;
      half[at] = (level[2 * at] + level[2 * at + 1]) / Math.SQRT2;
    }
    level = half;
    return Math.log10(energy / sampleRate + quiet);
  });
}

/** A kind of descriptors, and the distance from the mean that counts as noise in it: what changes less than that counts less. */
interface Kind {
  readonly points: Descriptors;
  readonly noise: number;
}

export const looksOf = (points: Descriptors): Kind => ({ points, noise: Math.sqrt(edge * edge * 3) }); // one of 255 levels everywhere
export const soundsOf = (points: Descriptors): Kind => ({ points, noise: 0.05 * Math.sqrt(octaves) }); // half a decibel in each octave

/** Puts looks and sounds side by side, each divided by its spread over all seconds, so that both count the same; what never changes is 0. */
export function joinDescriptors(...kinds: readonly Kind[]): Descriptors {
  const scaled = kinds.map(({ points, noise }) => {
    const mean = meanOf(points);
    const variance = points.reduce((sum, point) => sum + squaredDistance(point, mean), 0) / points.length;
    const spread = Math.max(noise, Math.sqrt(variance));
    return points.map((point) => point.map((value, axis) => (value - mean[axis]) / spread));
  });
  return scaled[0].map((_, second) => Float64Array.from(scaled.flatMap((points) => [...points[second]])));
}
