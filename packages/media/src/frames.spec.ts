import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expectCovered, frameFile, readFrames, secondsOfFrames } from './frames';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'frames-'))));
afterEach(() => rmSync(root, { recursive: true }));

const folder = () => join(root, 'frames/a');

/** An image of one grey for each name, 10, 20, 30 ... */
async function write(...names: readonly string[]): Promise<void> {
  mkdirSync(folder(), { recursive: true });
  for (const [index, name] of names.entries()) {
    const grey = 10 * (index + 1);
    const image = sharp({ create: { width: 4, height: 3, channels: 3, background: { r: grey, g: grey, b: grey } } });
    await image.toFormat(name.endsWith('webp') ? 'webp' : name.endsWith('png') ? 'png' : 'jpeg').toFile(join(folder(), name));
  }
}

const greys = async (...seconds: number[]) => {
  const { pixels, count, height, width } = await readFrames(root, 'a', seconds);
  expect([count, height, width]).toEqual([seconds.length, 3, 4]);
  return seconds.map((_, index) => pixels[index * 36]);
};

it.each([
  ['000001.jpg', '000002.jpg', '000003.jpg'],
  ['1.jpg', '2.jpg', '3.jpg'],
  ['0001.jpeg', '0002.jpeg', '0003.jpeg'],
  ['0.png', '1.png', '2.png'],
  ['000000.JPG', '000001.JPG', '000002.JPG'],
  ['1.webp', '2.webp', '3.webp'],
])('frames named %s, %s, %s are seconds 0, 1 and 2', async (...names) => {
  await write(...names);
  expect(await secondsOfFrames(root, 'a')).toBe(3);
  expect(await greys(0, 2, 1)).toEqual([10, 30, 20]);
});

it('goes by numbers, not by names, and passes over other files', async () => {
  await write('9.jpg', '10.jpg', '1.jpg', '8.jpg');
  for (const name of ['11.txt', 'x1.jpg', '.DS_Store']) writeFileSync(join(folder(), name), '');
  expect(await secondsOfFrames(root, 'a')).toBe(10);
  expect(await greys(8, 9, 0)).toEqual([10, 20, 30]);
});

it.each([
  ['grey', { channels: 1 as const }, 'jpeg' as const],
  ['transparent', { channels: 4 as const }, 'png' as const],
])('reads a %s image as RGB', async (_, { channels }, format) => {
  mkdirSync(folder(), { recursive: true });
  const raw = { width: 4, height: 3, channels };
  await sharp(Buffer.alloc(12 * channels, 100), { raw })
    .toFormat(format)
    .toFile(join(folder(), format === 'png' ? '1.png' : '1.jpg'));
  expect([...(await readFrames(root, 'a', [0])).pixels]).toEqual(new Array(36).fill(100));
});

it('there are no frames of a video without a folder', async () => {
  expect(await secondsOfFrames(root, 'none')).toBe(0);
  await expect(readFrames(root, 'none', [0])).rejects.toThrow(`frame ${frameFile(root, 'none', 0)} is not there`);
});

it.each([
  [['frame_000001.jpg', 'frame_000002.jpg'], 'frame_000001.jpg and 1 more are'],
  [['img-0001.png'], 'img-0001.png is'],
  [['00000001_000001.jpg'], '00000001_000001.jpg is'],
  [['000001.bmp', '000002.bmp', '000003.bmp'], '000001.bmp and 2 more are'],
])('names frames that are called %j', async (names, said) => {
  mkdirSync(folder(), { recursive: true });
  for (const name of names) writeFileSync(join(folder(), name), '');
  await expect(readFrames(root, 'a', [0])).rejects.toThrow(
    `frame ${frameFile(root, 'a', 0)} is not there, but ${said}. Name frames by their number alone: 000001.jpg, 000002.jpg, ... (or .jpeg, .png, .webp), one a second`,
  );
});

it('names a folder that is called otherwise, is empty, or is a link that leads nowhere', async () => {
  const missing = (id: string) => `frame ${frameFile(root, id, 0)} is not there`;
  mkdirSync(join(root, 'frames/00000007.mp4'), { recursive: true });
  mkdirSync(join(root, 'frames/empty'));
  symlinkSync('/nowhere', join(root, 'frames/link'));
  await expect(readFrames(root, '00000007', [0])).rejects.toThrow(
    `${missing('00000007')}, but ${join(root, 'frames/00000007.mp4')} is. If it holds the frames, rename it to 00000007`,
  );
  await expect(readFrames(root, 'empty', [0])).rejects.toThrow(`${missing('empty')}: ${join(root, 'frames/empty')} is empty`);
  await expect(readFrames(root, 'link', [0])).rejects.toThrow(
    `${missing('link')}: ${join(root, 'frames/link')} is a link to /nowhere, which is not there`,
  );
});

describe('an error', () => {
  it('names a first frame that is missing, for the others would be shifted', async () => {
    await write('000002.jpg', '000003.jpg');
    await expect(readFrames(root, 'a', [0])).rejects.toThrow(`the frames in ${folder()} begin with 000002.jpg, expected number 1 or 0`);
  });

  it('names two frames of one second', async () => {
    await write('1.jpg', '000001.jpg');
    await expect(secondsOfFrames(root, 'a')).rejects.toThrow(`${folder()} has two frames of one number, 000001.jpg and 1.jpg. Delete one`);
  });

  it('names a frame that is missing, broken or of another size', async () => {
    await write('1.jpg', '2.jpg');
    await expect(readFrames(root, 'a', [0, 2])).rejects.toThrow(`frame ${frameFile(root, 'a', 2)} is not there`);
    await sharp({ create: { width: 5, height: 3, channels: 3, background: 'red' } }).toFile(join(folder(), '3.jpg'));
    await expect(readFrames(root, 'a', [0, 2])).rejects.toThrow(`frame ${join(folder(), '3.jpg')} has 5 x 3 pixels, the first has 4 x 3`);
    writeFileSync(join(folder(), '2.jpg'), 'no picture');
    await expect(readFrames(root, 'a', [0, 1])).rejects.toThrow(`frame ${join(folder(), '2.jpg')} cannot be read (`);
  });

  it('names a video that goes on for more than a second behind its segments, and the setting', () => {
    expect(() => expectCovered('a', 'sound', 61, 10, 6)).not.toThrow();
    expect(() => expectCovered('a', 'sound', 61.5, 10, 6)).toThrow(
      'the sound of video a lasts 61.5 s, expected at most 60 s: 10 segments of 6 s. Set features.segmentSeconds=7, or cut the video',
    );
  });
});
