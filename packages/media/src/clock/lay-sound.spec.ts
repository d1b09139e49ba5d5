import { generator } from '../fixtures/scenes';
import { type Block, earliness, laySound } from './lay-sound';

const rate = 16000;
const perBlock = 372; // as 1024 of 44100

/** Blocks of `seconds` of sound; `timeOf` gives the time that the file says of what is heard at a second. */
function blocksOf(seconds: number, timeOf: (heard: number) => number, samples = perBlock): Block[] {
  return Array.from({ length: Math.floor((seconds * rate) / samples) }, (_, index) => ({
    time: timeOf((index * samples) / rate),
    samples,
    run: 0,
  }));
}

const jitter = (most: number, seed = 1) => {
  const random = generator(seed);
  return () => most * (2 * random() - 1);
};

it('takes exact times as they are, whatever the start', () => {
  const [piece, ...others] = laySound(blocksOf(10, (heard) => heard - 0.023), rate); // prettier-ignore
  expect(others).toEqual([]);
  expect(piece).toEqual({ from: 0, samples: 430 * perBlock, time: -0.023, speed: 1 });
});

it.each([0.015, 0.04])('cuts nothing where times jitter by %d s, in 60 s of sound by 20 seeds', (most) => {
  for (let seed = 0; seed < 20; seed++) {
    const off = jitter(most, seed);
    const pieces = laySound(blocksOf(60, (heard) => 1 + heard + off()), rate); // prettier-ignore
    expect(pieces).toHaveLength(1);
    expect(pieces[0].speed).toBe(1);
    expect(Math.abs(pieces[0].time - 1)).toBeLessThan(0.005);
  }
});

it.each([5, 16])(
  'cuts nothing where %d blocks share a time that jitters by 40 ms, as in transport streams, and keeps a gap',
  (together) => {
    for (let seed = 0; seed < 20; seed++) {
      const random = jitter(0.04, seed);
      const off = Array.from({ length: 860 }, random);
      const offOf = (heard: number) => off[Math.floor(Math.round((heard * rate) / perBlock) / together)];
      expect(laySound(blocksOf(20, (heard) => heard + offOf(heard)), rate)).toHaveLength(1); // prettier-ignore
      const pieces = laySound(blocksOf(20, (heard) => (heard < 8 ? heard : heard + 3) + offOf(heard)), rate); // prettier-ignore
      expect(pieces.length).toBeGreaterThan(1);
      expect(pieces.at(-1)!.time + pieces.at(-1)!.samples / rate).toBeCloseTo((860 * perBlock) / rate + 3, 1);
    }
  },
);

it.each([0.05, 0.3, 3])('keeps a gap of %d s', (gap) => {
  const pieces = laySound(blocksOf(10, (heard) => (heard < 4 ? heard : heard + gap)), rate); // prettier-ignore
  expect(pieces.map(({ samples }) => samples)).toEqual([173 * perBlock, 257 * perBlock]);
  expect(pieces[1].time).toBeCloseTo((173 * perBlock) / rate + gap, 6);
});

it('keeps a gap of 3 s to 20 ms where times jitter by 40 ms, by 20 seeds', () => {
  for (let seed = 0; seed < 20; seed++) {
    const off = jitter(0.04, seed);
    const pieces = laySound(blocksOf(20, (heard) => (heard < 8 ? heard : heard + 3) + off()), rate); // prettier-ignore
    expect(pieces.map(({ samples }) => samples)).toEqual([345 * perBlock, 515 * perBlock]);
    const gap = pieces[1].time - pieces[0].time - pieces[0].samples / rate;
    expect(Math.abs(gap - 3)).toBeLessThan(0.02);
  }
});

it.each([0.01, -0.01])('follows a clock that drifts by %d without a cut, with jitter too', (drift) => {
  for (const most of [0, 0.04]) {
    const off = jitter(most);
    const pieces = laySound(blocksOf(60, (heard) => heard * (1 + drift) + off()), rate); // prettier-ignore
    expect(pieces).toHaveLength(1);
    expect(pieces[0].speed).toBeCloseTo(1 + drift, 3);
    expect(Math.abs(pieces[0].time)).toBeLessThan(0.02);
  }
});

it('tells gaps from drift: 20 ms missing each second', () => {
  const pieces = laySound(blocksOf(10.2, (heard) => heard + 0.02 * Math.floor(heard)), rate); // prettier-ignore
  expect(pieces).toHaveLength(11);
  expect(pieces.every(({ speed }) => speed === 1)).toBe(true);
});

it('cuts nothing where blocks are long and few', () => {
  const off = jitter(0.04);
  expect(laySound(blocksOf(8, (heard) => heard + off(), 8000), rate)).toHaveLength(1); // prettier-ignore
});

it('begins a piece with each run of the clock', () => {
  const blocks = [...blocksOf(1, (heard) => heard), ...blocksOf(1, (heard) => heard + 2).map((block) => ({ ...block, run: 1 }))];
  expect(laySound(blocks, rate).map(({ from, time }) => [from, time])).toEqual([[0, 0], [43 * perBlock, 2]]); // prettier-ignore
});

describe('the first packet of a sound', () => {
  const packets = Array.from({ length: 86 }, (_, index) => index * 0.02322);
  const durations = packets.map(() => 0.023); // rounded

  it('is as early as it says where times are exact, or packets are missing after it', () => {
    expect(earliness(packets, durations)).toBe(0);
    expect(earliness(packets.map((time) => time + (time > 1.2 ? 0.05 : 0)), durations)).toBe(0); // prettier-ignore
    expect(earliness([], [])).toBe(0);
  });

  it('is too early where the others say so, by 20 seeds', () => {
    for (let seed = 0; seed < 20; seed++) {
      const off = jitter(0.02, seed);
      const times = packets.map((time, index) => time + (index === 0 ? -0.02 : off()));
      expect(Math.abs(earliness(times, durations) - 0.02)).toBeLessThan(0.01);
    }
  });
});
