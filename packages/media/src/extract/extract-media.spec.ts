import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { DiskError } from '@tass/files';
import { clicking, ffmpegHere, makeVideo, needsFfmpeg, numbered, whenFfmpeg } from '../fixtures/videos';
import { readFrames, secondsOfFrames, soundFile } from '../frames';
import { readWav } from '../wav';
import { extractMedia, type ExtractMediaOptions } from './extract-media';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'extract-'));
  mkdirSync(join(root, 'videos'));
});
afterEach(() => rmSync(root, { recursive: true }));

const video = (name: string) => join(root, 'videos', name);
const extract = (options: Partial<ExtractMediaOptions> = {}) => extractMedia({ datasetRoot: root, ffmpeg: ffmpegHere, ...options });
const plain = ['-c:v', 'mpeg4', '-q:v', '2', '-c:a', 'pcm_s16le'];
const tone = (expression: string, seconds = 1) => ['-f', 'lavfi', '-i', `aevalsrc='${expression}':s=44100:d=${seconds}`];
const picture = (source: string) => ['-f', 'lavfi', '-i', source];

whenFfmpeg(`frames${needsFfmpeg}`, () => {
  it('are as large as the video, or as asked for by their shortest edge, never larger', async () => {
    makeVideo(...picture('color=red:s=65x48:r=5:d=1,format=gbrp'), '-c:v', 'ffv1', video('wide.mkv'));
    makeVideo(...picture('color=red:s=48x64:r=5:d=1,format=gbrp'), '-c:v', 'ffv1', video('tall.mkv'));
    const sizes = async (frameSize?: number) => {
      rmSync(join(root, 'frames'), { recursive: true, force: true });
      await extract({ sound: false, frameSize });
      const frames = await Promise.all(['wide', 'tall'].map((id) => readFrames(root, id, [0])));
      return frames.map(({ width, height }) => [width, height]);
    };
    expect(await sizes()).toEqual([[65, 48], [48, 64]]); // prettier-ignore
    expect(await sizes(24)).toEqual([[33, 24], [24, 32]]); // prettier-ignore
    expect(await sizes(100)).toEqual([[65, 48], [48, 64]]); // prettier-ignore
  });

  it('are as wide as they are shown where pixels are not square', async () => {
    makeVideo(...picture('testsrc2=s=48x48:r=5:d=1,setsar=4/3'), '-c:v', 'mpeg4', video('a.mkv'));
    await extract({ sound: false });
    expect(await sharp(join(root, 'frames/a/000001.jpg')).metadata()).toMatchObject({ width: 64, height: 48 });
  });

  it.each(['bt709', 'smpte170m'])('have the colours of the video, which is %s', async (space) => {
    const red = `color=red:s=64x48:r=5:d=1,format=gbrp,scale=out_color_matrix=${space}:out_range=tv,format=yuv420p`;
    makeVideo(...picture(red), '-c:v', 'ffv1', '-colorspace', space, '-color_range', 'tv', video('a.mkv'));
    await extract({ sound: false });
    const { pixels } = await readFrames(root, 'a', [0]);
    for (const [channel, value] of [255, 0, 0].entries()) expect(Math.abs(pixels[channel] - value)).toBeLessThan(4);
  });

  it('carry no words of the video', async () => {
    makeVideo(...numbered(1), '-c:v', 'mpeg4', '-metadata', 'title=secret', '-metadata', 'comment=secret', video('a.mkv'));
    await extract({ sound: false });
    const bytes = readFileSync(join(root, 'frames/a/000001.jpg'), 'latin1');
    expect(bytes).not.toMatch(/secret|Lav[cf]/);
  });
});

whenFfmpeg(`sound${needsFfmpeg}`, () => {
  it('is the mean of its channels, at 16 kHz, or at another rate in another folder', async () => {
    makeVideo(...numbered(1), ...tone('0.5*gte(t,0.5)|0.25*gte(t,0.5)'), ...plain, video('a.mov'));
    await extract({ frames: false });
    await extract({ frames: false, sampleRate: 48000 });
    for (const sampleRate of [16000, 48000]) {
      const sound = readWav(soundFile(root, 'a', sampleRate));
      expect(sound.sampleRate).toBe(sampleRate);
      expect(sound.samples).toHaveLength(sampleRate);
      expect(sound.samples[0.75 * sampleRate]).toBeCloseTo(0.375, 2);
    }
    expect(readdirSync(root).sort()).toEqual(['audio', 'audio-48000', 'videos']);
  });

  it('carries no words of the video', async () => {
    makeVideo(...numbered(1), ...tone('sin(t)'), ...plain, '-metadata', 'title=secret', video('a.mkv'));
    await extract({ frames: false });
    expect(readFileSync(soundFile(root, 'a')).length).toBe(44 + 2 * 16000);
  });
});

whenFfmpeg(`names${needsFfmpeg}`, () => {
  it('with any characters work', async () => {
    const ids = [
      'with blanks',
      '-i',
      '--help',
      '%06d',
      "it's",
      '"quoted"',
      'two\nlines',
      'a:b',
      'file:x',
      'ünï',
      '50%',
      '[0]{1}*?',
      'a.b',
      '$HOME',
    ];
    makeVideo(...picture('testsrc2=s=32x32:r=2:d=1'), ...tone('0'), ...plain, join(root, 'plain.mov'));
    for (const id of ids) copyFileSync(join(root, 'plain.mov'), video(`${id}.MOV`));
    expect(await extract({ videos: ids })).toEqual({ extracted: ids, kept: [], faults: [] });
    for (const id of ids) {
      expect(await secondsOfFrames(root, id)).toBe(1);
      expect(readWav(soundFile(root, id)).samples).toHaveLength(16000);
    }
    writeFileSync(video('other\nlines.mp4'), '');
    expect((await extract({ videos: ['other\nlines'] })).faults[0].reason).toMatch(/^"videos\/other\\nlines.mp4" is empty/); // one line
  });

  it('of hidden files and of other kinds are not looked at', async () => {
    for (const name of ['.a.mp4', '._b.mp4', 'c.mp4.part', 'd.txt', '.mp4', 'e']) writeFileSync(video(name), 'x');
    expect(await extract()).toEqual({ extracted: [], kept: [], faults: [] });
  });

  it('of several files for one video are its fault, which names them all; the others are extracted', async () => {
    for (const name of ['a.mp4', 'a.webm', 'a.TS']) writeFileSync(video(name), 'x');
    makeVideo(...picture('testsrc2=s=32x32:r=2:d=1'), ...tone('0'), ...plain, video('b.mov'));
    const { extracted, faults } = await extract();
    expect(extracted).toEqual(['b']);
    expect(faults).toEqual([{ videoId: 'a', reason: 'a.TS and a.mp4 and a.webm are files of one video. Keep one of them' }]);
  });

  it.each(['', '.', '..', '../a', 'a/b', 'a\\b', '.hidden'])('as %j are an error', async (id) => {
    await expect(extract({ videos: [id] })).rejects.toThrow(
      `${JSON.stringify(id)} is not a video id, expected a file's name without extension`,
    );
  });
});

describe('settings', () => {
  it.each([{ workers: 0 }, { frameSize: 0 }, { sampleRate: 16000.5 }, { sampleRate: 0 }])('%j is an error', async (settings) => {
    const [[name, value]] = Object.entries(settings);
    await expect(extract(settings)).rejects.toThrow(`${name} is ${value}, expected a whole number from`);
  });

  it('a folder of videos that is a file, or is not there, is an error', async () => {
    await expect(extract({ videosFolder: join(root, 'none') })).rejects.toThrow(
      `the folder of videos ${join(root, 'none')} cannot be read (ENOENT`,
    );
    writeFileSync(join(root, 'file'), '');
    await expect(extract({ videosFolder: join(root, 'file') })).rejects.toThrow(
      `the folder of videos ${join(root, 'file')} cannot be read`,
    );
  });
});

const small = ((): string | undefined => {
  const folder = mkdtempSync(join(tmpdir(), 'tass-small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
})();
afterAll(() => {
  if (small === undefined) return;
  execFileSync('umount', [small]);
  rmSync(small, { recursive: true });
});

(small !== undefined && ffmpegHere ? it : it.skip)(
  'a full disk ends it, in words, with nothing half (needs ffmpeg, permission to mount a tmpfs)',
  async () => {
    makeVideo(...numbered(3), ...clicking(3, [1]), '-c:v', 'mpeg4', '-c:a', 'aac', video('small.mp4'));
    makeVideo(...picture('nullsrc=s=640x480:r=1:d=20,geq=random(1)*255:128:128'), ...tone('0', 20), ...plain, video('large.mov'));
    const run = (videos: string[], options: Partial<ExtractMediaOptions>) =>
      extractMedia({ datasetRoot: small!, videosFolder: join(root, 'videos'), videos, ...options });
    const message = (kind: string) => `no space is left on the disk of ${small}/${kind}`;
    await run(['small'], {});
    for (const [kind, options] of Object.entries({ frames: { sound: false }, audio: { frames: false } })) {
      const error = await run(['large'], options).catch((error) => error);
      expect(error).toBeInstanceOf(DiskError);
      expect(error.message).toContain(message(kind));
    }
    expect(readdirSync(join(small!, 'frames')).sort()).toEqual(['.sources', 'small']);
    expect(readdirSync(join(small!, 'audio')).sort()).toEqual(['.sources', 'small.wav']);
  },
);

const given = process.env.TASS_VIDEO;
const whenGiven = given && ffmpegHere ? it : it.skip;
whenGiven('a real video with sound (skipped without TASS_VIDEO or ffmpeg)', async () => {
  const [id] = basename(given!).split('.');
  const { extracted, faults } = await extract({ videosFolder: join(given!, '..'), videos: [id] });
  expect([extracted, faults]).toEqual([[id], []]);
  const seconds = await secondsOfFrames(root, id);
  const { samples, sampleRate } = readWav(soundFile(root, id));
  expect(seconds).toBeGreaterThan(4);
  expect(Math.abs(samples.length / sampleRate - seconds)).toBeLessThan(1);
  expect(Math.max(...samples.map(Math.abs))).toBeGreaterThan(0.01); // it is heard
  const { pixels } = await readFrames(
    root,
    id,
    Array.from({ length: seconds }, (_, second) => second),
  );
  expect(new Set(pixels).size).toBeGreaterThan(100); // it is no even grey
});
