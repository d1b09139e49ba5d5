import { greatestDifference } from '@tass/testing';
import { LogMel, type LogMelConfig } from './log-mel';

const config: LogMelConfig = {
  sampleRate: 1000,
  windowLength: 20,
  hopLength: 7,
  fftLength: 32,
  melBins: 5,
  minHertz: 30,
  maxHertz: 450,
  logOffset: 0.01,
};

/** The definition, sum by sum. */
function byHand(samples: Float32Array, frame: number, mel: number): number {
  const { sampleRate, windowLength, hopLength, fftLength, melBins, minHertz, maxHertz, logOffset } = config;
  const toMel = (hertz: number) => 1127 * Math.log(1 + hertz / 700);
  const peak = (index: number) => toMel(minHertz) + ((toMel(maxHertz) - toMel(minHertz)) * index) / (melBins + 1);
  let energy = 0;
  for (let bin = 0; bin <= fftLength / 2; bin++) {
    let [real, imaginary] = [0, 0];
    for (let i = 0; i < windowLength; i++) {
      const value = (samples[frame * hopLength + i] ?? 0) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (windowLength - 1)));
      real += value * Math.cos((2 * Math.PI * bin * i) / fftLength);
      imaginary -= value * Math.sin((2 * Math.PI * bin * i) / fftLength);
    }
    const at = toMel((bin * sampleRate) / fftLength);
    const rising = (at - peak(mel)) / (peak(mel + 1) - peak(mel));
    const falling = (peak(mel + 2) - at) / (peak(mel + 2) - peak(mel + 1));
    energy += Math.max(0, Math.min(rising, falling)) * Math.hypot(real, imaginary);
  }
  return Math.log(energy + logOffset);
}

it('equals its definition, with silence beyond the end', () => {
  const samples = Float32Array.from({ length: 40 }, (_, i) => Math.sin(i * i * 0.1));
  const frames = 5; // the last one starts at sample 28 and ends at 48
  const expected = Array.from({ length: frames * 5 }, (_, i) => byHand(samples, Math.floor(i / 5), i % 5));
  expect(greatestDifference(new LogMel(config).compute(samples, frames), expected)).toBeLessThan(1e-6);
});

it('puts a tone into the band that holds it', () => {
  const logMel = new LogMel({
    ...config,
    sampleRate: 16000,
    windowLength: 400,
    hopLength: 320,
    fftLength: 512,
    melBins: 64,
    minHertz: 60,
    maxHertz: 7500,
  });
  const loudest = (hertz: number) => {
    const [...bands] = logMel.compute(
      Float32Array.from({ length: 400 }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / 16000)),
      1,
    );
    return bands.indexOf(Math.max(...bands));
  };
  expect([loudest(440), loudest(880), loudest(3520)]).toEqual([10, 19, 46]); // (mel(hertz) - mel(60)) / 41.24 - 1, rounded
});

it('refuses a transform shorter than its window', () => {
  expect(() => new LogMel({ ...config, fftLength: 16 })).toThrow(
    'LogMel: fftLength is 16, expected a power of two of at least windowLength 20',
  );
  expect(() => new LogMel({ ...config, fftLength: 48 })).toThrow('expected a power of two');
});
