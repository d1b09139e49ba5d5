import FFT from 'fft.js';

export interface LogMelConfig {
  readonly sampleRate: number; // samples a second
  readonly windowLength: number; // samples
  readonly hopLength: number; // samples
  readonly fftLength: number; // samples, a power of two
  readonly melBins: number;
  readonly minHertz: number;
  readonly maxHertz: number;
  readonly logOffset: number; // added before the logarithm
  readonly periodicWindow?: boolean; // Hann's window of period windowLength, as VGGish; default: zero at both ends
}

/**
 * Log-mel spectrogram: log(mel filters x |FFT of the windowed samples| + offset), with Hann's window. Frame i starts at sample
 * i * hopLength; beyond the last sample there is silence. With VGGish's figures and its periodic window it is VGGish's front end
 * (AudioSet's code: 25 ms windows every 10 ms at 16 kHz, 64 bands from 125 to 7500 Hz, offset 0.01).
 */
export class LogMel {
  private readonly fft: FFT;
  private readonly window: Float64Array;
  private readonly filters: readonly MelFilter[];

  constructor(readonly config: LogMelConfig) {
    const { fftLength, windowLength, periodicWindow = false } = config;
    const period = periodicWindow ? windowLength : windowLength - 1;
    if (fftLength < windowLength || (fftLength & (fftLength - 1)) !== 0) {
      throw new Error(`LogMel: fftLength is ${fftLength}, expected a power of two of at least windowLength ${windowLength}`);
    }
    this.fft = new FFT(fftLength);
    this.window = Float64Array.from({ length: windowLength }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / period));
    this.filters = melFilters(config);
  }

  /** The first `frames` frames of `samples`: [frames, melBins]. */
  compute(samples: Float32Array, frames: number): Float32Array {
    const { hopLength, fftLength, melBins, logOffset } = this.config;
    const result = new Float32Array(frames * melBins);
    const windowed = new Float64Array(fftLength);
    const spectrum = new Float64Array(2 * fftLength);
    const magnitude = new Float64Array(fftLength / 2 + 1);
    for (let frame = 0; frame < frames; frame++) {
      const start = frame * hopLength;
      for (let i = 0; i < this.window.length; i++) windowed[i] = this.window[i] * (samples[start + i] ?? 0);
      this.fft.realTransform(spectrum as unknown as number[], windowed as unknown as number[]);
      for (let bin = 0; bin < magnitude.length; bin++) magnitude[bin] = Math.sqrt(spectrum[2 * bin] ** 2 + spectrum[2 * bin + 1] ** 2);
      this.filters.forEach(({ first, weights }, mel) => {
        let energy = 0;
        for (let i = 0; i < weights.length; i++) energy += weights[i] * magnitude[first + i];
        result[frame * melBins + mel] = Math.log(energy + logOffset);
      });
    }
    return result;
  }
}

interface MelFilter {
  readonly first: number; // bin of the first weight
  readonly weights: Float64Array;
}

/** mel = 1127 log(1 + hertz / 700) (HTK). */
const toMel = (hertz: number): number => 1127 * Math.log1p(hertz / 700);

/** Triangles that rise and fall linearly in mel, each from the peak of the one before to that of the one after. */
function melFilters({ sampleRate, fftLength, melBins, minHertz, maxHertz }: LogMelConfig): MelFilter[] {
  const lowest = toMel(minHertz);
  const step = (toMel(maxHertz) - lowest) / (melBins + 1);
  const places = Array.from({ length: fftLength / 2 + 1 }, (_, bin) => (toMel((bin * sampleRate) / fftLength) - lowest) / step); // in filters
  return Array.from({ length: melBins }, (_, mel) => {
    const weights = places.map((place) => Math.max(0, 1 - Math.abs(place - (mel + 1))));
    const first = Math.max(
      0,
      weights.findIndex((weight) => weight > 0),
    );
    const last = weights.findLastIndex((weight) => weight > 0);
    return { first, weights: Float64Array.from(weights.slice(first, last + 1)) };
  });
}
