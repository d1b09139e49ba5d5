import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clicking, clicksIn, ffmpegHere, makeVideo, needsFfmpeg, numbered, numbersIn, whenFfmpeg } from '../fixtures/videos';
import { readWav } from '../wav';
import { extractMedia } from './extract-media';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'timing-'));
  mkdirSync(join(root, 'videos'));
});
afterAll(() => rmSync(root, { recursive: true }));
const video = (name: string) => join(root, 'videos', name);
const frames = (id: string) => numbersIn(join(root, 'frames', id));
const clicks = (id: string) => clicksIn(join(root, 'audio', `${id}.wav`));

async function extract(...videos: string[]) {
  const { faults } = await extractMedia({ datasetRoot: root, videos, ffmpeg: ffmpegHere });
  expect(faults).toEqual([]);
}

whenFfmpeg(`frames and sound on one clock${needsFfmpeg}`, () => {
  it.each([
    ['mp4', ['-c:v', 'mpeg4', '-c:a', 'aac']],
    ['mov', ['-c:v', 'mjpeg', '-c:a', 'pcm_s16le']],
    ['mkv', ['-c:v', 'mpeg4', '-c:a', 'pcm_s16le']],
    ['avi', ['-c:v', 'mpeg4', '-c:a', 'pcm_s16le']],
    ['flv', ['-c:v', 'flv', '-c:a', 'pcm_s16le']],
  ])('in %s: image n+1 is that of second n, a click is heard at its second', async (extension, codecs) => {
    makeVideo(...numbered(4), ...clicking(4, [1, 2.5]), ...codecs, '-q:v', '2', '-shortest', video(`in-${extension}.${extension}`));
    await extract(`in-${extension}`);
    expect(await frames(`in-${extension}`)).toEqual([0, 25, 50, 75]);
    const heard = clicks(`in-${extension}`);
    expect(heard).toHaveLength(2);
    expect(Math.abs(heard[0] - 1)).toBeLessThan(0.02);
    expect(Math.abs(heard[1] - 2.5)).toBeLessThan(0.02);
  });

  const codecs = ['-c:v', 'mpeg4', '-q:v', '2', '-c:a', 'pcm_s16le'];

  it('at 29.97 images a second: the last image whose time is not after the second', async () => {
    makeVideo(...numbered(4.1, '30000/1001'), ...clicking(4.1, [3]), ...codecs, video('ntsc.mov'));
    await extract('ntsc');
    // image 30 is at 1.001 s, so second 1 still shows 29; image 119 is at 3.97 s, and the last one, 122, at 4.07 s
    expect(await frames('ntsc')).toEqual([0, 29, 59, 89, 119]);
  });

  it.each(['mp4', 'mkv', 'avi'])('at one image in two seconds (%s)', async (extension) => {
    const id = `slow-${extension}`;
    makeVideo(
      ...numbered(8, '0.5'),
      ...clicking(8, [3]),
      ...codecs,
      ...(extension === 'mp4' ? ['-c:a', 'aac'] : []),
      video(`${id}.${extension}`),
    );
    await extract(id);
    expect(await frames(id)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
    expect(near(clicks(id), [3])).toBe(true);
  });

  it('at nine images in ten seconds that are reordered, in Matroska, whose first ones have no decode time', async () => {
    makeVideo(
      ...numbered(10, '0.9'),
      ...clicking(10, [3]),
      '-c:v',
      'libx264',
      '-pix_fmt',
      'yuv420p',
      '-c:a',
      'pcm_s16le',
      video('nine.mkv'),
    );
    await extract('nine');
    expect(await frames('nine')).toEqual([0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(near(clicks('nine'), [3])).toBe(true);
  });

  it('where images that stay for half a minute are reordered', async () => {
    const still = ['-vf', "select='eq(n,0)+eq(n,30)+eq(n,31)+eq(n,62)'", '-fps_mode', 'vfr'];
    makeVideo(
      ...numbered(63, '1'),
      ...clicking(63, [3]),
      ...still,
      '-c:v',
      'libx264',
      '-pix_fmt',
      'yuv420p',
      '-c:a',
      'aac',
      video('far.mp4'),
    );
    await extract('far');
    const shown = await frames('far');
    expect([29, 30, 31, 61, 62].map((second) => shown[second])).toEqual([0, 30, 31, 31, 62]);
  });

  it.each(['mp4', 'mkv'])('where images come at uneven times (%s)', async (extension) => {
    // images 0 to 10 at 25 a second, then only 40 (1.6 s), 75 (3 s), 76 and 101 (4.04 s) to 110
    const uneven = "select='lte(n,10)+eq(n,40)+eq(n,75)+eq(n,76)+gte(n,101)'";
    makeVideo(...numbered(4.44), '-vf', uneven, '-fps_mode', 'vfr', '-c:v', 'mpeg4', '-q:v', '2', video(`uneven.${extension}`));
    await extractMedia({ datasetRoot: root, videos: ['uneven'], sound: false, ffmpeg: ffmpegHere });
    expect(await frames('uneven')).toEqual([0, 10, 40, 75, 76]);
    rmSync(join(root, 'frames/uneven'), { recursive: true });
    rmSync(video(`uneven.${extension}`));
  });

  it.each(['mov', 'mkv'])(
    'where the picture begins 0.7 s after the sound: its first image stands for the time before (%s)',
    async (extension) => {
      const id = `late-picture-${extension}`;
      makeVideo('-itsoffset', '0.7', ...numbered(3.24), ...clicking(4, [1, 2.5]), ...codecs, video(`${id}.${extension}`));
      await extract(id);
      expect(await frames(id)).toEqual([0, 7, 32, 57]); // image 7 at 0.7 + 7/25 = 0.98 s, image 32 at 1.98 s
      expect(near(clicks(id), [1, 2.5])).toBe(true);
    },
  );

  it.each(['mov', 'mkv'])('where the sound begins 0.7 s after the picture: silence stands before (%s)', async (extension) => {
    const id = `late-sound-${extension}`;
    makeVideo(...numbered(4), '-itsoffset', '0.7', ...clicking(3, [0.3, 1.8]), ...codecs, video(`${id}.${extension}`));
    await extract(id);
    expect(await frames(id)).toEqual([0, 25, 50, 75]);
    expect(near(clicks(id), [1, 2.5])).toBe(true);
    expect(readWav(join(root, 'audio', `${id}.wav`)).samples.length / 16000).toBeCloseTo(3.7, 2);
  });

  it('where the sound begins 0.5 s before time 0: that is cut', async () => {
    makeVideo(
      ...numbered(4),
      '-itsoffset',
      '-0.5',
      ...clicking(4, [0.2, 1.5]),
      ...codecs,
      '-avoid_negative_ts',
      'disabled',
      video('early.mov'),
    );
    await extract('early');
    expect(await frames('early')).toEqual([0, 25, 50, 75]);
    expect(near(clicks('early'), [1])).toBe(true);
  });

  it('where the file begins at 10 s, as what is cut from a stream does: that is time 0', async () => {
    makeVideo(...numbered(3), ...clicking(3, [2]), ...codecs, '-output_ts_offset', '10', video('stream.mkv'));
    await extract('stream');
    expect(await frames('stream')).toEqual([0, 25, 50]);
    expect(near(clicks('stream'), [2])).toBe(true);
  });

  it.each([0.05, 1])('where %p s of sound are missing in the middle: they are silent', async (gap) => {
    const id = `gap-${gap}`;
    const without = `aselect='lt(t,1.2)+gte(t,${1.2 + gap})'`;
    makeVideo(...numbered(4), ...clicking(4, [1, 2.5]), '-af', without, ...codecs, video(`${id}.mkv`));
    await extract(id);
    expect(near(clicks(id), [1, 2.5])).toBe(true);
  });

  it('in a transport stream, which begins anywhere, though each stream does so at another time', async () => {
    const late = [
      '-itsoffset',
      '0.68',
      ...numbered(3.24),
      ...clicking(4, [1, 2.5]),
      '-fps_mode',
      'passthrough',
      '-g',
      '1',
      '-q:v',
      '2',
      '-c:a',
      'mp2',
    ];
    makeVideo(...late, '-c:v', 'mpeg2video', '-f', 'mpegts', video('transport.mp4')); // as some recorders name it
    makeVideo(...late, '-c:v', 'mpeg1video', video('program.mpg'));
    await extract('transport', 'program');
    for (const id of ['transport', 'program']) {
      expect(await frames(id)).toEqual([0, 7, 32, 57]); // image 7 at 0.68 + 7/25 + 0.011 s, image 8 after 1 s
      expect(near(clicks(id), [1.011, 2.511])).toBe(true); // mp2 runs in for 481 samples, the picture is 11 ms later too
    }
  });

  it('shows a flash in the very second in which the click is heard', async () => {
    const flash = "drawbox=c=white:t=fill:enable='eq(n,75)'";
    const dark = ['-f', 'lavfi', '-i', 'color=black:s=64x48:r=25:d=5'];
    makeVideo(...dark, ...clicking(5, [3]), '-vf', flash, '-c:v', 'mpeg4', '-q:v', '2', '-c:a', 'aac', video('flash.mp4'));
    await extract('flash');
    const brightest = (await frames('flash')).map((bits) => bits === 0xffff);
    expect(brightest).toEqual([false, false, false, true, false]); // 40 ms of white, at second 3 to 3.04
    expect(near(clicks('flash'), [3])).toBe(true);
  });
});

const near = (heard: readonly number[], expected: readonly number[]): boolean => {
  if (heard.length === expected.length && heard.every((second, index) => Math.abs(second - expected[index]) < 0.02)) return true;
  throw new Error(`clicks at ${heard.join(', ')} s, expected within 20 ms of ${expected.join(', ')} s`);
};
