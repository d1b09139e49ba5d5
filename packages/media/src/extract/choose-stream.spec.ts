import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { ffmpegHere, makeVideo, needsFfmpeg, whenFfmpeg } from '../fixtures/videos';
import { readWav } from '../wav';
import { extractMedia } from './extract-media';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'streams-'));
  mkdirSync(join(root, 'videos'));
});
afterEach(() => rmSync(root, { recursive: true }));
const video = (name: string) => join(root, 'videos', name);

const picture = (size: string, seconds = 2) => ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=25:d=${seconds}`];
const sound = (level: number, channels: number) => [
  '-f',
  'lavfi',
  '-i',
  `aevalsrc='${new Array(channels).fill(level).join('|')}':d=2:s=16000`,
];
const codecs = ['-c:v', 'mpeg4', '-c:a', 'pcm_s16le'];

async function extract(id: string) {
  const remarks: string[] = [];
  const { faults } = await extractMedia({ datasetRoot: root, videos: [id], ffmpeg: ffmpegHere, onRemark: (line) => remarks.push(line) });
  expect(faults).toEqual([]);
  const { width } = await sharp(join(root, 'frames', id, '000001.jpg')).metadata();
  const level = readWav(join(root, 'audio', `${id}.wav`)).samples[16000];
  return { remarks, width, level: Number(level.toFixed(2)) };
}

whenFfmpeg(`of several streams${needsFfmpeg}`, () => {
  const maps = ['-map', '0', '-map', '1', '-map', '2', '-map', '3'];
  const inputs = [...picture('32x24'), ...picture('128x96'), ...sound(0.25, 1), ...sound(0.5, 2)];

  it('the largest picture and the sound of most channels are taken, and that is said', async () => {
    makeVideo(...inputs, ...maps, ...codecs, video('a.avi'));
    expect(await extract('a')).toEqual({
      remarks: [
        'videos/a.avi has 2 pictures: stream 1 (128 x 96) is taken, not stream 0 (32 x 24)',
        'videos/a.avi has 2 sounds: stream 3 (2 channels) is taken, not stream 2 (1 channels)',
      ],
      ...{ width: 128, level: 0.5 },
    });
  });

  it('those that are marked as default come first, as ffmpeg has it', async () => {
    const marks = ['-disposition:v:0', 'default', '-disposition:v:1', '0', '-disposition:a:0', 'default', '-disposition:a:1', '0'];
    makeVideo(...inputs, ...maps, ...codecs, ...marks, video('a.mkv'));
    expect(await extract('a')).toMatchObject({ width: 32, level: 0.25 });
  });

  it('a single image is no picture where there is one that moves', async () => {
    makeVideo(
      ...picture('320x240', 0.04),
      ...picture('128x96'),
      ...sound(0.25, 1),
      '-map',
      '0',
      '-map',
      '1',
      '-map',
      '2',
      ...codecs,
      video('a.mkv'),
    );
    expect(await extract('a')).toMatchObject({
      remarks: [expect.stringContaining('stream 1 (128 x 96) is taken, not stream 0')],
      width: 128,
    });
  });
});
