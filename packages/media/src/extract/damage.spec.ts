import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generator } from '../fixtures/scenes';
import { ffmpegHere, makeVideo, needsFfmpeg, whenFfmpeg } from '../fixtures/videos';
import { readMediaDoubts } from './doubts-folder';
import { extractMedia } from './extract-media';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'damage-'));
  mkdirSync(join(root, 'videos'));
  if (!ffmpegHere) return;
  const inputs = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25:d=12', '-f', 'lavfi', '-i', 'sine=d=12'];
  makeVideo(...inputs, '-c:v', 'libx264', '-g', '50', '-b:v', '500k', '-pix_fmt', 'yuv420p', '-c:a', 'aac', join(root, 'whole.mp4'));
});
afterAll(() => rmSync(root, { recursive: true }));
const video = (name: string) => join(root, 'videos', name);

async function doubtsOf(id: string) {
  const { faults } = await extractMedia({ datasetRoot: root, videos: [id], ffmpeg: ffmpegHere });
  expect(faults).toEqual([]);
  return readMediaDoubts(root, id);
}

whenFfmpeg(`damage that ffmpeg conceals${needsFfmpeg}`, () => {
  it.each(['mp4', 'mkv', 'ts'])('a hole of zeros is a doubt of the seconds concerned (%s)', async (extension) => {
    const id = `hole-${extension}`;
    makeVideo('-i', join(root, 'whole.mp4'), '-c', 'copy', video(`${id}.${extension}`));
    const bytes = readFileSync(video(`${id}.${extension}`));
    bytes.fill(0, bytes.length >> 1, (bytes.length >> 1) + 40_000);
    writeFileSync(video(`${id}.${extension}`), bytes);
    const { frames = [] } = await doubtsOf(id);
    expect(frames).toHaveLength(1);
    const [, errors, from, to] =
      /^ffmpeg reports (\d+) errors? in its picture, at (\d+) to (\d+) s, the first: .*\. Fetch the video again$/.exec(frames[0])!;
    expect(Number(errors)).toBeGreaterThan(0);
    expect([4, 5, 6, 7]).toContain(Number(from));
    expect(Number(to)).toBeLessThanOrEqual(9);
  });

  it.each([
    ['at the start of an FLV, which ffmpeg meets before it decodes', 'flv', 0.02, 40_000, 'Packet mismatch'],
    ['in an AVI, which ffmpeg skips without a word', 'avi', 0.5, 40_000, 's of its picture are missing'],
    ['of a few packets in an AVI', 'avi', 0.5, 4_000, 's of its picture are missing'],
    ['at the start of a transport stream', 'ts', 0.02, 4_000, 'in its picture, at 0 to '],
    ['in a transport stream, behind which ffmpeg reads nothing', 'ts', 0.5, 400_000, 'max resync size reached'],
  ])('a hole of zeros %s is a doubt (%s, at %d, %d bytes)', async (_, extension, share, size, reason) => {
    const id = `${extension}-${size}-${share * 100}`;
    const codecs = extension === 'ts' ? ['-c', 'copy'] : ['-c:v', 'mpeg4', '-b:v', '500k', '-c:a', 'libmp3lame'];
    const words = extension === 'flv' ? ['-c:v', 'flv', '-b:v', '500k', '-c:a', 'libmp3lame'] : codecs;
    const whole = join(root, `before.${extension}`);
    makeVideo('-stream_loop', '1', '-i', join(root, 'whole.mp4'), ...words, whole);
    const bytes = readFileSync(whole);
    writeFileSync(video(`whole-${id}.${extension}`), bytes);
    expect(await doubtsOf(`whole-${id}`)).toEqual({});
    const at = Math.floor(bytes.length * share);
    writeFileSync(video(`${id}.${extension}`), bytes.fill(0, at, at + size));
    expect((await doubtsOf(id)).frames).toContainEqual(expect.stringContaining(reason));
  });

  it('flipped bytes are a doubt of picture and sound, until the video is mended', async () => {
    const bytes = readFileSync(join(root, 'whole.mp4'));
    const random = generator(1);
    const end = bytes.indexOf('moov') - 4;
    for (let at = bytes.indexOf('mdat') + 4; at < end; at++) if (random() < 0.002) bytes[at] ^= 1 + Math.floor(random() * 255);
    writeFileSync(video('flipped.mp4'), bytes);
    expect(await doubtsOf('flipped')).toEqual({
      frames: [expect.stringMatching(/^ffmpeg reports \d{2,} errors in its picture, at \d+ to \d+ s/)],
      sound: [expect.stringMatching(/^ffmpeg reports \d{2,} errors in its sound, at \d+ to \d+ s/)],
    });
    expect(await doubtsOf('flipped')).toHaveProperty('frames'); // kept with what is kept
    writeFileSync(video('flipped.mp4'), readFileSync(join(root, 'whole.mp4')));
    utimesSync(video('flipped.mp4'), 1e9, 1e9);
    await extractMedia({ datasetRoot: root, videos: ['flipped'], refresh: true, ffmpeg: ffmpegHere });
    expect(readMediaDoubts(root, 'flipped')).toEqual({});
    expect(readdirSync(join(root, 'media-doubts'))).not.toContain('flipped.json');
  });

  it.each([
    ['a recording that begins and ends between two key frames', 'cut.ts', ['-c', 'copy', '-f', 'mpegts']],
    ['mpeg-4 in an AVI with B-frames', 'bframes.avi', ['-c:v', 'mpeg4', '-bf', '2', '-c:a', 'libmp3lame']],
    ['VP8 and Vorbis', 'vp8.webm', ['-c:v', 'libvpx', '-b:v', '500k', '-c:a', 'libvorbis']],
    ['VP9 and Opus', 'vp9.webm', ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '500k', '-c:a', 'libopus']],
    ['MPEG-2 and MP2 in a program stream', 'program.mpg', ['-c:v', 'mpeg2video', '-bf', '2', '-c:a', 'mp2', '-f', 'vob']],
    ['an edit list that begins between two key frames', 'edited.mp4', ['-ss', '3.3', '-c', 'copy']],
  ])('%s has none', async (_, name, words) => {
    const [id] = name.split('.');
    makeVideo('-i', join(root, 'whole.mp4'), '-t', '6', ...words, video(name));
    if (id === 'cut') {
      const bytes = readFileSync(video(name));
      const packets = (share: number) => 188 * Math.floor((bytes.length * share) / 188);
      writeFileSync(video(name), bytes.subarray(packets(0.1), packets(0.97)));
    }
    expect(await doubtsOf(id)).toEqual({});
  });
});

whenFfmpeg(`stereo${needsFfmpeg}`, () => {
  const stereo = (right: string, name: string) =>
    makeVideo('-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=10:d=2', '-f', 'lavfi', '-i', `aevalsrc='0.5*sin(2600*t)|${right}':d=2`, '-c:v', 'mpeg4', '-c:a', 'aac', video(name)); // prettier-ignore

  it('whose channels cancel each other out is a doubt', async () => {
    stereo('-0.5*sin(2600*t)', 'opposite.mp4');
    expect(await doubtsOf('opposite')).toEqual({
      sound: [expect.stringMatching(/^its channels cancel each other out: the loudest has -9 dB, their mean -\S+ dB\. Keep one channel/)],
    });
  });

  it.each([
    ['silent in one channel', '0'],
    ['different in both', '0.5*sin(3000*t)'],
  ])('%s is none', async (name, right) => {
    const id = name.replaceAll(' ', '-');
    stereo(right, `${id}.mp4`);
    expect(await doubtsOf(id)).toEqual({});
  });
});
