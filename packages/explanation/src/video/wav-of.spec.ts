import { wavOf } from './wav-of';

const second = { samples: new Float32Array(24_000).fill(0.5), sampleRate: 24_000 };

it('has as many samples as fit, and none at a rate that browsers refuse', () => {
  const wav = wavOf(second, 8000)!; // every third
  expect([wav.length, wav.readUInt32LE(24), wav[44]]).toEqual([44 + 8000, 8000, 192]); // 128 + 127 / 2, rounded
  expect(wavOf(second, 6000)).toBeUndefined();
});
