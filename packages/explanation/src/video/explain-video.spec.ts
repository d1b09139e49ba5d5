import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasFfmpeg, wavBytes } from '@tass/testing';
import sharp from 'sharp';
import { explainVideo } from './explain-video';
import type { SegmentTimes } from './segment-times';

const root = mkdtempSync(join(tmpdir(), 'tass-explain-video-'));
afterAll(() => rmSync(root, { recursive: true }));

const every = (segments: number, seconds: number): SegmentTimes[] =>
  Array.from({ length: segments }, (_, at) => ({ atSeconds: at * seconds, startSeconds: at * seconds, endSeconds: at * seconds + 1 }));
const needsFfmpeg = hasFfmpeg() ? it : it.skip;
const decoded = (base64: string): Buffer => Buffer.from(base64, 'base64');
const isMp3 = (bytes: Buffer): boolean => bytes.toString('latin1', 0, 3) === 'ID3' || (bytes[0] === 0xff && bytes[1] >= 0xe0);

/** A frame that is red left of its centre square, blue in it, and green right of it. */
async function frameAt(file: string, width: number, height: number): Promise<void> {
  const side = (width - height) / 2;
  const band = (left: number, of: number, background: string) => ({ input: { create: { width: of, height, channels: 3 as const, background } }, left, top: 0 }); // prettier-ignore
  await sharp({ create: { width, height, channels: 3, background: 'blue' } })
    .composite([band(0, side, 'red'), band(width - side, side, 'green')])
    .jpeg()
    .toFile(file);
}

describe('frames and sound that are there', () => {
  const folder = join(root, 'ready');
  beforeAll(async () => {
    mkdirSync(join(folder, 'frames/v'), { recursive: true });
    mkdirSync(join(folder, 'audio'));
    for (let second = 0; second < 3; second++) await frameAt(join(folder, `frames/v/00000${second + 1}.jpg`), 800, 500);
    // 0.5 s of quiet, 2.5 s of a sine of 1 kHz at half of full scale
    const samples = Array.from({ length: 48000 }, (_, at) =>
      at < 8000 ? 0 : Math.round(16384 * Math.sin((2 * Math.PI * 1000 * at) / 16000)),
    );
    writeFileSync(join(folder, 'audio/v.wav'), wavBytes(samples));
  });

  it('shows the centre square of the frames at the seconds of the segments, the last one where a video ends early', async () => {
    const { segments, seconds, absent } = await explainVideo('v', every(4, 1), { datasetRoot: folder });
    expect([seconds, absent]).toEqual([4, {}]);
    for (const { frame } of segments) {
      const { data, info } = await sharp(decoded(frame!.jpeg)).raw().toBuffer({ resolveWithObject: true });
      expect([info.width, info.height]).toEqual([336, 336]);
      for (const corner of [0, 335]) expect(data[3 * corner + 2]).toBeGreaterThan(200); // blue up to both edges
    }
  });

  it('plays and draws the sound', async () => {
    const { sound } = await explainVideo('v', every(3, 1), { datasetRoot: folder, sampleRate: 48000 }); // that of 16 kHz, where there is no other
    expect(sound!.mediaType).toBe('audio/wav');
    expect(sound!.peaks).toHaveLength(600);
    expect([sound!.peaks[50], sound!.peaks[300]]).toEqual([0, 0.5]);
    const { bands, columns, values, lowDecibels, highDecibels } = sound!.mel!;
    const column = (at: number): Buffer =>
      decoded(values).subarray(Math.floor(at * columns) * bands, (Math.floor(at * columns) + 1) * bands);
    expect(Math.max(...column(0.05))).toBe(0);
    const loudest = column(0.6).indexOf(Math.max(...column(0.6)));
    // Of 64 bands from 50 to 7600 Hz, equally distant in mel, 1000 Hz is in the 22nd.
    expect(loudest).toBe(21);
    expect(highDecibels - lowDecibels).toBe(70);
    expect(highDecibels).toBeGreaterThan(-10); // half of full scale is -6 dB; a band holds a little more than its middle
    expect(highDecibels).toBeLessThan(2);
  });

  it('names a frame that is broken, and a sound that is cut off, and no folder of this machine', async () => {
    const broken = join(root, 'broken');
    cpSync(folder, broken, { recursive: true });
    writeFileSync(join(broken, 'frames/v/000002.jpg'), 'no image');
    writeFileSync(join(broken, 'audio/v.wav'), wavBytes([1, 2, 3]).subarray(0, 46));
    const { segments, sound, absent } = await explainVideo('v', every(3, 1), { datasetRoot: broken });
    expect([sound, segments[0].frame]).toEqual([null, null]);
    expect(absent.frames).toMatch(/^The frames of this video cannot be shown: frame v\/000002\.jpg cannot be read/);
    expect(absent.sound).toMatch(/^The sound of this video cannot be played: sound audio\/v\.wav is cut off/);
    expect(JSON.stringify(absent)).not.toContain(root);
  });
});

describe('video files', () => {
  const videos = join(root, 'videos');
  const make = (name: string, ...words: string[]): void => {
    execFileSync('ffmpeg', ['-nostdin', '-loglevel', 'error', ...words, '-shortest', join(videos, name)]);
  };
  const picture = (seconds: number): string[] => ['-f', 'lavfi', '-i', `testsrc=s=640x360:r=5:d=${seconds}`];
  const tone = (seconds: number): string[] => ['-f', 'lavfi', '-i', `sine=440:d=${seconds}:r=44100`];
  beforeAll(() => {
    mkdirSync(videos);
    if (!hasFfmpeg()) return;
    make('long.mp4', ...picture(60), ...tone(60), '-preset', 'ultrafast');
    make('silent.mp4', ...picture(3));
    writeFileSync(join(videos, 'text.mp4'), 'no video');
  });
  const places = { datasetRoot: join(root, 'nothing'), videosFolder: videos };

  needsFfmpeg('are read by ffmpeg: a minute stays small, and plays as MP3', async () => {
    const { segments, sound, seconds, absent } = await explainVideo('long', every(10, 6), places);
    expect(absent).toEqual({});
    expect(seconds).toBeCloseTo(60, 0);
    expect(segments.every(({ frame }) => decoded(frame!.jpeg).length > 1000)).toBe(true);
    expect([sound!.mediaType, isMp3(decoded(sound!.bytes))]).toEqual(['audio/mpeg', true]);
    const bytes = sound!.bytes.length + segments.reduce((sum, { frame }) => sum + frame!.jpeg.length, 0);
    expect(bytes).toBeLessThan(1_500_000);
  });

  needsFfmpeg('of which ffmpeg makes no MP3 play as a coarser wav', async () => {
    const { PATH } = process.env;
    const extracted = join(root, 'minute');
    mkdirSync(join(extracted, 'audio'), { recursive: true });
    writeFileSync(
      join(extracted, 'audio/long.wav'),
      wavBytes(Array.from({ length: 60 * 16000 }, (_, at) => (at % 64 < 32 ? 8000 : -8000))),
    );
    try {
      process.env.PATH = root; // no ffmpeg there
      const { sound } = await explainVideo('long', every(10, 6), { datasetRoot: extracted });
      const bytes = decoded(sound!.bytes);
      expect([sound!.mediaType, bytes.readUInt16LE(34), bytes.readUInt32LE(24)]).toEqual(['audio/wav', 8, 16000]);
      expect([bytes.length, bytes[44], bytes[44 + 40]]).toEqual([44 + 960_000, 159, 97]); // 128 and 31 more or less
    } finally {
      process.env.PATH = PATH;
    }
  });

  needsFfmpeg('without sound, and files that are no video, are named', async () => {
    const silent = await explainVideo('silent', every(3, 1), places);
    expect(silent.segments.every(({ frame }) => frame !== null)).toBe(true);
    expect([silent.sound, Object.keys(silent.absent)]).toEqual([null, ['sound']]);
    expect(silent.absent.sound).toMatch(/^The sound of this video is not here\. The video .*no sound/);
    const text = await explainVideo('text', every(3, 1), places);
    expect(Object.keys(text.absent)).toEqual(['frames', 'sound']);
    expect(text.absent.frames).toMatch(
      /^The frames of this video are not here\. The video videos\/text\.mp4 is not a video that ffmpeg can read/,
    );
    const missing = await explainVideo('missing', every(3, 1), places);
    expect(missing.absent.frames).toMatch(/^The frames of this video are not here\. /);
    expect(JSON.stringify([silent.absent, text.absent, missing.absent])).not.toContain(root);
  });
});
