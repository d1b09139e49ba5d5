import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { clicking, clicksIn, ffmpegHere, makeVideo, needsFfmpeg, numbered, numbersIn, whenFfmpeg } from '../fixtures/videos';
import { readWav } from '../wav';
import { extractMedia } from './extract-media';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'clocks-'));
  mkdirSync(join(root, 'videos'));
});
afterAll(() => rmSync(root, { recursive: true }));
const video = (name: string) => join(root, 'videos', name);
const frames = (id: string) => numbersIn(join(root, 'frames', id));
const clicks = (id: string) => clicksIn(join(root, 'audio', `${id}.wav`));
const lengthOf = (id: string) => readWav(join(root, 'audio', `${id}.wav`)).samples.length / 16000;

async function extract(id: string) {
  const { faults } = await extractMedia({ datasetRoot: root, videos: [id], ffmpeg: ffmpegHere });
  expect(faults).toEqual([]);
}

/** A piece of a broadcast as a file of its own: its images, its click, and what its clock says at its start. */
function piece(seconds: number, click: number, clock: number, { format = 'mpegts', channels = 1, size = '64x48', first = 0 } = {}): Buffer {
  const file = join(root, 'piece');
  const shown = `select='gte(n,${first})',setpts=PTS-STARTPTS,scale=${size}:flags=neighbor`;
  const output = ['-vf', shown, '-c:v', 'mpeg2video', '-q:v', '2', '-g', '1', '-c:a', 'mp2', '-ac', `${channels}`];
  makeVideo(
    ...numbered(seconds + first / 25),
    ...clicking(seconds, [click]),
    ...output,
    '-output_ts_offset',
    `${clock}`,
    '-f',
    format,
    file,
  );
  return readFileSync(file);
}

const secondsOf = (count: number, late = 0) => Array.from({ length: count }, (_, second) => Math.max(0, second * 25 - late));

const expectNear = (heard: readonly number[], expected: readonly number[], within: number) => {
  expect(heard).toHaveLength(expected.length);
  heard.forEach((second, index) => expect(Math.abs(second - expected[index])).toBeLessThan(within));
};

whenFfmpeg(`where a stream's format changes${needsFfmpeg}`, () => {
  it('sound: mono and stereo: all that follows is heard at its second', async () => {
    writeFileSync(video('sound.mp4'), Buffer.concat([piece(1, 0.5, 0), piece(8, 1, 1, { channels: 2, first: 25 })]));
    await extract('sound');
    expect(Math.abs(lengthOf('sound') - 9)).toBeLessThan(0.05);
    expectNear(clicks('sound'), [0.5, 2], 0.06); // an encoder of mpegts starts a piece up to an image early
    expect(await frames('sound')).toHaveLength(9);
  });

  it('picture: every second has its image, in the size of the first', async () => {
    const change = piece(6, 1, 2, { size: '128x96', first: 50 });
    writeFileSync(video('picture.mp4'), Buffer.concat([piece(2, 0.5, 0), change]));
    await extract('picture');
    const shown = await frames('picture');
    expect(shown).toHaveLength(8);
    shown.forEach((image, second) => expect(Math.abs(image - 25 * second)).toBeLessThanOrEqual(1));
    const last = await sharp(join(root, 'frames/picture/000008.jpg')).metadata();
    expect([last.width, last.height]).toEqual([64, 48]);
  });
});

whenFfmpeg(`where the clock of a file is not one line${needsFfmpeg}`, () => {
  it.each([
    ['begins again', 0, 'mpegts', 'mp4'],
    ['begins again', 0, 'vob', 'mpg'],
    ['leaps by an hour', 3604, 'mpegts', 'mp4'],
    ['goes back by an hour', -3600, 'mpegts', 'mp4'],
    ['wraps between two parts', 4, 'mpegts', 'mp4'],
  ])('because it %s (%d s, %s): all is there, in order, at its second', async (name, later, format, extension) => {
    const start = later < 0 ? 3600 : name.startsWith('wraps') ? 95440 : 0;
    const id = `${format}-${later}`;
    const parts = [piece(4, 1, start, { format }), piece(5, 2, start + later, { format, first: 100 })];
    writeFileSync(video(`${id}.${extension}`), Buffer.concat(parts));
    await extract(id);
    const shown = await frames(id);
    expect(shown.length).toBeGreaterThanOrEqual(9);
    expect(shown.length).toBeLessThanOrEqual(10); // a last image that is only begun
    shown.slice(0, 9).forEach((image, second) => expect(Math.abs(image - 25 * second)).toBeLessThanOrEqual(2));
    expectNear(clicks(id), [1, 6], 0.06);
    expect(Math.abs(lengthOf(id) - 9)).toBeLessThan(0.1);
  });

  it('because it wraps in the middle of a part', async () => {
    writeFileSync(video('wrap.mp4'), piece(6, 4, 95440));
    await extract('wrap');
    expect((await frames('wrap')).slice(0, 6)).toEqual(secondsOf(6, 1));
    expectNear(clicks('wrap'), [4], 0.03);
  });

  /** Times in thousandths, as Matroska has them. */
  const leap = 'setts=ts=TS+gte(TS\\,4000)*3600000';
  it.each([
    ['of both', ['-bsf:v', leap, '-bsf:a', leap]],
    ['of the picture alone', ['-bsf:v', leap]],
    ['of the sound alone', ['-bsf:a', leap]],
  ])('because the times %s leap: picture and sound stay together', async (name, filters) => {
    const id = name.replaceAll(' ', '-');
    if (readdirSync(root).every((file) => file !== 'plain.mkv'))
      makeVideo(...numbered(8), ...clicking(8, [1, 6]), '-c:v', 'mpeg4', '-q:v', '2', '-c:a', 'pcm_s16le', join(root, 'plain.mkv'));
    makeVideo('-i', join(root, 'plain.mkv'), '-c', 'copy', ...filters, video(`${id}.mkv`));
    await extract(id);
    const shown = await frames(id);
    expect(shown).toHaveLength(8);
    shown.forEach((image, second) => expect(Math.abs(image - 25 * second)).toBeLessThanOrEqual(1));
    expectNear(clicks(id), [1, 6], 0.03);
  });

  it('an image that stays for long while the sound goes on is no leap', async () => {
    const stills = ['-vf', "select='eq(n,0)+eq(n,1)+eq(n,70)'", '-fps_mode', 'vfr', '-c:v', 'mpeg4', '-q:v', '2'];
    makeVideo(...numbered(71, '1'), ...clicking(71, [1, 69]), ...stills, '-c:a', 'pcm_s16le', video('still.mkv'));
    await extract('still');
    const shown = await frames('still');
    expect([shown.length, shown[0], shown[1], shown[69], shown[70]]).toEqual([71, 0, 1, 1, 70]);
    expectNear(clicks('still'), [1, 69], 0.02);
  });
});

whenFfmpeg(`where the times of a sound are not exact${needsFfmpeg}`, () => {
  const tone = ['-f', 'lavfi', '-i', "aevalsrc='0.3*sin(2*PI*440*t)':d=12:s=44100"];
  beforeAll(() => {
    if (!ffmpegHere) return;
    makeVideo('-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=10:d=12', ...tone, '-c:v', 'mpeg4', '-c:a', 'aac', video('clean.mkv'));
  });

  /** Seconds of silence of more than 10 ms within a tone, and where they begin. */
  function silences(id: string): { readonly at: number; readonly seconds: number }[] {
    const { samples, sampleRate } = readWav(join(root, 'audio', `${id}.wav`));
    const found: { at: number; seconds: number }[] = [];
    let last = -1;
    samples.forEach((sample, at) => {
      if (Math.abs(sample) < 1e-3) return;
      if (at - last > sampleRate * 0.01) found.push({ at: last / sampleRate, seconds: (at - last) / sampleRate });
      last = at;
    });
    return found;
  }

  /** The greatest difference of the loudness of 10 ms, of 1. */
  function flatness(id: string): number {
    const { samples } = readWav(join(root, 'audio', `${id}.wav`));
    const levels: number[] = [];
    for (let at = 1600; at + 1760 < samples.length; at += 160)
      levels.push(Math.sqrt(samples.subarray(at, at + 160).reduce((sum, sample) => sum + sample * sample, 0) / 160));
    return Math.max(...levels) / Math.min(...levels) - 1;
  }

  it.each([
    ['jitter by 15 ms', 'setts=pts=PTS+15*sin(N*2.3):dts=DTS', 12.02],
    ['jitter by 40 ms at random', 'setts=pts=PTS+40*(2*random(1)-1):dts=DTS', 12.02],
    ['drift by 1 %', 'setts=ts=TS*1.01', 12.14],
    ['drift by -1 %', 'setts=ts=TS*0.99', 11.9],
  ])('they %s: a tone has no cut, and lasts as long as its clock says', async (name, filter, lasts) => {
    const id = name.replaceAll(/[^\w-]/g, '-');
    makeVideo('-i', video('clean.mkv'), '-c', 'copy', '-bsf:a', filter, video(`${id}.mkv`));
    await extract(id);
    expect(silences(id)).toEqual([]);
    expect(flatness(id)).toBeLessThan(0.2);
    expect(Math.abs(lengthOf(id) - lasts)).toBeLessThan(0.03);
  });

  it.each([0, 10])('packets of 3 s are missing while times jitter by %d ms: 3 s are silent', async (jitter) => {
    makeVideo('-i', video('clean.mkv'), '-c', 'copy', '-bsf:a', `setts=ts=TS+gte(N\\,173)*3000+${jitter}*sin(N*2.3)`, video('gap.mkv'));
    await extract('gap');
    const [gap, ...others] = silences('gap');
    expect(others).toEqual([]);
    expect(Math.abs(gap.seconds - 3)).toBeLessThan(0.02);
    expect(Math.abs(gap.at - 173 * (1024 / 44100))).toBeLessThan(0.03);
    for (const name of ['frames/gap', 'audio/gap.wav', 'videos/gap.mkv']) rmSync(join(root, name), { recursive: true });
  });
});
