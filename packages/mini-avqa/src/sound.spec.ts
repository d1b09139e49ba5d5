import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kinds } from './kinds';
import { drawScene, levels, sceneSeed, seconds, type Scene, type Source } from './scene';
import { renderSound, sampleRate, toInt16, unitLoudness } from './sound';
import { generatorVersion } from './version';

const quartet = JSON.parse(readFileSync(join(__dirname, '../fixtures/quartet.json'), 'utf8')) as Scene;
const roomNoise = 0.0015;

function loudness(samples: Float32Array, second: number): number {
  const part = samples.subarray(second * sampleRate, (second + 1) * sampleRate);
  return Math.sqrt(energy(part) / part.length);
}

function energy(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return sum;
}

/** One hidden source that plays in second 8. */
function alone(source: Partial<Source>): Scene {
  const active = Array.from({ length: seconds }, (_, second) => second === 8);
  return { ...quartet, instruments: [], hidden: [{ ...quartet.hidden[0], active, ...source }] };
}

describe('renderSound', () => {
  const samples = renderSound(quartet);

  it('has ten seconds at 16 kHz', () => {
    expect(samples).toBeInstanceOf(Float32Array);
    expect(samples).toHaveLength(160000);
  });

  it('is silent but for the room when nothing plays', () => {
    expect(loudness(samples, 3)).toBeCloseTo(roomNoise, 4); // second 3: the drum has ended, only the decoy moves
  });

  it('plays what plays, seen or hidden, and no decoy', () => {
    const expected = (...sounding: number[]) => Math.hypot(roomNoise, ...sounding.map((level) => level * unitLoudness));
    expect(loudness(samples, 0) / expected(levels.loud)).toBeCloseTo(1, 2); // drum; the second violin only moves
    expect(loudness(samples, 5) / expected(levels.quiet)).toBeCloseTo(1, 2); // violin
    expect(loudness(samples, 8) / expected(levels.quiet, levels.loud)).toBeCloseTo(1, 1); // violin and the hidden flute
  });

  it.each(kinds.map(({ name }, kind) => [name, kind]))('gives a %s of level 0.75 that loudness at every note rate', (_, kind) => {
    for (const rate of [1, 2, 4]) {
      const [quiet, loud] = [levels.quiet, levels.loud].map((level) => renderSound(alone({ kind: Number(kind), rate, level })));
      const ratio = (loudness(loud, 8) ** 2 - roomNoise ** 2) / (loudness(quiet, 8) ** 2 - roomNoise ** 2);
      expect(Math.sqrt(ratio)).toBeGreaterThan(3.75 * 0.97); // 0.75 / 0.2; cut peaks and chance in the room's noise take up to 3 %
      expect(Math.sqrt(ratio)).toBeLessThan(3.75 * 1.03);
      expect(loudness(quiet, 8)).toBeCloseTo(levels.quiet * unitLoudness, 3);
    }
  });

  it('tells kinds apart: a cello has more of its energy below 300 Hz than a flute', () => {
    const low = (samples: Float32Array) => {
      let state = 0;
      const part = samples.subarray(8 * sampleRate, 9 * sampleRate);
      return energy(part.map((sample) => (state += 0.1 * (sample - state)))) / energy(part); // low-pass at about 270 Hz
    };
    const share = (name: string) => low(renderSound(alone({ kind: kinds.findIndex((kind) => kind.name === name) })));
    expect(share('cello')).toBeGreaterThan(2 * share('flute'));
  });

  it('plays as many notes a second as its rate', () => {
    const energyOfQuarters = (rate: number) => {
      const part = renderSound(alone({ kind: kinds.findIndex(({ name }) => name === 'drum'), rate })).subarray(
        8 * sampleRate,
        9 * sampleRate,
      );
      const quarters = [0, 1, 2, 3].map((quarter) => energy(part.subarray(quarter * 4000, (quarter + 1) * 4000)));
      return quarters.map((quarter) => quarter / Math.max(...quarters) > 0.3);
    };
    expect(energyOfQuarters(1)).toEqual([true, false, false, false]);
    expect(energyOfQuarters(2)).toEqual([true, false, true, false]);
    expect(energyOfQuarters(4)).toEqual([true, true, true, true]);
  });

  it('gives, sample for sample, the sounds of this version of the generator', () => {
    const hash = createHash('sha256');
    for (let index = 0; index < 30; index++) hash.update(toInt16(renderSound(drawScene(sceneSeed('train', 3, index)))));
    expect([generatorVersion, hash.digest('hex').slice(0, 16)]).toEqual([3, '3f17a17d3b0f4cfb']);
  });

  it('gives the same samples for the same seed and others for another', () => {
    expect(renderSound(drawScene(9))).toEqual(renderSound(drawScene(9)));
    expect(renderSound({ ...quartet, seed: 2 })).not.toEqual(samples);
  });
});

it('toInt16 maps -1 .. 1 to the whole range', () => {
  expect([...toInt16(Float32Array.of(-1, -0.5, 0, 1))]).toEqual([-32767, -16383, 0, 32767]);
});
