import { mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { wavBytes } from '@tass/testing';
import sharp from 'sharp';
import { frameFile, soundFile } from '../frames';
import { chooseSeconds } from './choose-seconds';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'choose-'))));
afterEach(() => rmSync(root, { recursive: true }));

type Colour = readonly [number, number, number];
const [red, green, blue]: Colour[] = [[200, 0, 0], [0, 200, 0], [0, 0, 200]]; // prettier-ignore

/** One colour for each second, and where given one tone, in Hz, 0 is silence. */
async function write(colours: readonly Colour[], tones?: readonly number[], lastSeconds = 1): Promise<void> {
  for (const [second, [r, g, b]] of colours.entries()) {
    const file = frameFile(root, 'a', second);
    mkdirSync(dirname(file), { recursive: true });
    await sharp({ create: { width: 64, height: 48, channels: 3, background: { r, g, b } } })
      .jpeg()
      .toFile(file);
  }
  if (!tones) return;
  mkdirSync(join(root, 'audio'), { recursive: true });
  const rate = 16000;
  const samples = tones.flatMap((tone, second) =>
    Array.from({ length: rate * (second === tones.length - 1 ? lastSeconds : 1) }, (_, at) =>
      Math.round(9000 * Math.sin((2 * Math.PI * tone * at) / rate)),
    ),
  );
  writeFileSync(soundFile(root, 'a'), wavBytes(samples));
}

const choose = (segments: number, segmentSeconds: number) =>
  chooseSeconds({ datasetRoot: root, videoId: 'a', sampling: 'content', segments, segmentSeconds });
const times = <Value>(count: number, value: Value): Value[] => new Array(count).fill(value);

it('every: one second each segmentSeconds, whatever the video holds', async () => {
  const options = { datasetRoot: root, videoId: 'none', sampling: 'every', segments: 3, segmentSeconds: 6 } as const;
  expect(await chooseSeconds(options)).toEqual([0, 6, 12]);
  await expect(chooseSeconds({ ...options, segments: 0 })).rejects.toThrow('segments is 0, expected a whole number above 0');
  await expect(chooseSeconds({ ...options, segmentSeconds: 1.5 })).rejects.toThrow('segmentSeconds is 1.5, expected a whole');
});

it('content: each scene has its second, though one is short', async () => {
  await write([...times(2, red), ...times(7, green), ...times(3, blue)]);
  expect(await choose(3, 4)).toEqual([0, 2, 9]);
});

it('content: hears a change that cannot be seen', async () => {
  await write(times(9, red), [...times(5, 300), ...times(4, 3000)]);
  expect(await choose(2, 5)).toEqual([0, 5]);
});

it('content: looks and sounds count the same', async () => {
  await write([...times(3, red), ...times(9, blue)], [...times(8, 300), ...times(4, 3000)]);
  expect(await choose(3, 4)).toEqual([0, 3, 8]);
});

it('content: chooses as every does where nothing changes, with and without sound', async () => {
  await write(times(12, red));
  expect(await choose(4, 3)).toEqual([0, 3, 6, 9]);
  await write([], times(12, 440));
  expect(await choose(4, 3)).toEqual([0, 3, 6, 9]);
});

it('content: leaves out what lies behind the last segment, and takes all of a shorter video', async () => {
  await write([...times(3, red), ...times(3, green), ...times(3, blue)]);
  expect(await choose(2, 3)).toEqual([0, 3]);
  expect(await choose(3, 20)).toEqual([0, 3, 6]);
});

it('content: takes all of a video that segments do not divide', async () => {
  await write([...times(9, red), ...times(2, blue)]);
  expect(await choose(2, 5.5)).toEqual([0, 9]);
  await expect(choose(2, 0.5)).rejects.toThrow('segmentSeconds is 0.5, expected at least 1');
});

it('content: does not choose a last second whose sound is only begun', async () => {
  await write([...times(4, red), blue], times(5, 440), 0.5);
  expect(await choose(2, 5)).toEqual([0, 2]);
  await write([...times(4, red), blue], times(5, 440), 0.95);
  expect(await choose(2, 5)).toEqual([0, 4]);
});

it('content: a sound that ends early is silent from there on', async () => {
  await write(times(8, red), times(4, 440));
  expect(await choose(2, 4)).toEqual([0, 4]);
});

describe('an error', () => {
  it('names a video with fewer seconds than segments', async () => {
    await write(times(3, red));
    await expect(choose(4, 6)).rejects.toThrow('video a has 3 seconds of frames, expected at least 4, one for each segment');
    rmSync(join(root, 'frames'), { recursive: true });
    await expect(choose(4, 6)).rejects.toThrow(`frame ${frameFile(root, 'a', 0)} is not there`);
  });

  it('names a second without a frame', async () => {
    await write(times(5, red));
    unlinkSync(frameFile(root, 'a', 2));
    await expect(choose(2, 3)).rejects.toThrow('video a has no frame of second 2. Extract its frames again');
  });

  it('names a frame or a sound that cannot be read', async () => {
    await write(times(5, red));
    writeFileSync(frameFile(root, 'a', 3), 'no picture');
    await expect(choose(2, 3)).rejects.toThrow(`frame ${frameFile(root, 'a', 3)} cannot be read`);
    await write(times(5, red), times(5, 440));
    writeFileSync(soundFile(root, 'a'), 'no sound');
    await expect(choose(2, 3)).rejects.toThrow(`sound ${soundFile(root, 'a')} is not a wav file`);
  });
});
