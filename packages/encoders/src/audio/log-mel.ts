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
      applyWindow(this.window, samples, frame * hopLength, windowed);
      this.fft.realTransform(spectrum as unknown as number[], windowed as unknown as number[]);
      magnitudesOf(spectrum, magnitude);
      for (let mel = 0; mel < melBins; mel++) result[frame * melBins + mel] = Math.log(energyOf(this.filters[mel], magnitude) + logOffset);
    }
    return result;
  }
}

// A function for each loop: V8 then compiles it on its own, and sooner.

/** The samples from `start` on, weighed; zeros behind the last. */
function applyWindow(window: Float64Array, samples: Float32Array, start: number, into: Float64Array): void {
  const { length } = window;
  const there = Math.max(0, Math.min(length, samples.length - start));
  for (let i = 0; i < there; i++) into[i] = window[i] * samples[start + i];
  into.fill(0, there, length);
}

/** Of complex numbers, real part first. */
function magnitudesOf(spectrum: Float64Array, into: Float64Array): void {
  const { length } = into;
  for (let bin = 0; bin < length; bin++) {
    const [real, imaginary] = [spectrum[2 * bin], spectrum[2 * bin + 1]];
    into[bin] = Math.sqrt(real * real + imaginary * imaginary);
  }
}

function energyOf({ first, weights }: MelFilter, magnitude: Float64Array): number {
  const { length } = weights;
  let energy = 0;
  for (let i = 0; i < length; i++) energy += weights[i] * magnitude[first + i];
  return energy;
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
