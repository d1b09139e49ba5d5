import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractMedia, readWav, soundFile } from '@tass/media';
import { hasFfmpeg } from '@tass/testing';
import { type AudioEncoder, loadAudioEncoder } from './audio-encoder';

const isWithFfmpeg = hasFfmpeg();
const seconds = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

let root: string;
let encoder: AudioEncoder;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'inexact-'));
  mkdirSync(join(root, 'videos'));
  encoder = await loadAudioEncoder(join(__dirname, '../../models/tiny-audio'));
});
afterAll(() => rmSync(root, { recursive: true }));

const make = (...words: readonly string[]): void => void execFileSync('ffmpeg', ['-nostdin', '-loglevel', 'error', ...words]);
const video = (id: string): string => join(root, 'videos', `${id}.mkv`);

/** [10, dim] of the sound of a video as extraction makes it. */
async function features(id: string): Promise<Float32Array> {
  const { faults } = await extractMedia({ datasetRoot: root, videos: [id], frames: false });
  expect(faults).toEqual([]);
  return encoder.encode(readWav(soundFile(root, id)), seconds);
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, index) => sum + value * y[index], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

(isWithFfmpeg ? describe : describe.skip)(`features of a sound${isWithFfmpeg ? '' : ' (skipped: ffmpeg is not installed)'}`, () => {
  it('are those of the same sound with exact times, though its times jitter by 15 or 40 ms or drift by 1 %', async () => {
    const tone = "aevalsrc='0.3*sin(2*PI*440*t)+0.1*sin(2*PI*1700*t)':d=11:s=44100";
    make('-f', 'lavfi', '-i', 'testsrc2=s=32x24:r=5:d=11', '-f', 'lavfi', '-i', tone, '-c:v', 'mpeg4', '-c:a', 'aac', video('exact'));
    const exact = await features('exact');
    const times = {
      'jitter-15': 'setts=pts=PTS+15*sin(N*2.3):dts=DTS',
      'jitter-40': 'setts=pts=PTS+40*(2*random(1)-1):dts=DTS',
      slow: 'setts=ts=TS*1.01',
      fast: 'setts=ts=TS*0.99',
    };
    for (const [id, filter] of Object.entries(times)) {
      make('-i', video('exact'), '-c', 'copy', '-bsf:a', filter, video(id));
      const inexact = await features(id);
      const dim = exact.length / seconds.length;
      const part = (all: Float32Array, second: number) => all.subarray(second * dim, (second + 1) * dim);
      const least = Math.min(...seconds.map((second) => cosine(part(exact, second), part(inexact, second))));
      expect(least).toBeGreaterThan(0.999); // measured 0.9996 and more
    }
  });
});
