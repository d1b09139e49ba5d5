import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clicking, ffmpegHere, makeVideo, needsFfmpeg, numbered, whenFfmpeg } from '../fixtures/videos';
import { extractMedia, type ExtractMediaOptions } from './extract-media';
import { readMediaFaults } from './faults-folder';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'faults-'));
  chmodSync(root, 0o755);
  mkdirSync(join(root, 'videos'));
  if (ffmpegHere) makeVideo(...numbered(4), ...clicking(4, [1]), ...codecs, '-movflags', '+faststart', video('whole.mp4'));
});
afterAll(() => rmSync(root, { recursive: true }));
const codecs = ['-c:v', 'mpeg4', '-c:a', 'aac'];
const video = (name: string) => join(root, 'videos', name);
const bytesOf = (name: string) => readFileSync(video(name));

/** What is wrong with these videos, and what was made of them. */
async function extract(videos: readonly string[], options: Partial<ExtractMediaOptions> = {}) {
  const { faults } = await extractMedia({ datasetRoot: root, videos, ffmpeg: ffmpegHere, ...options });
  const made = (folder: string) =>
    videos.flatMap((id) => readdirSync(join(root, folder)).filter((name) => name === id || name === `${id}.wav`));
  return { reasons: faults.map(({ reason }) => reason), frames: made('frames'), sounds: made('audio') };
}

whenFfmpeg(`a video that cannot be used is a fault with its reason${needsFfmpeg}`, () => {
  it.each(['mp4', 'mkv', 'avi'])('cut in half (%s)', async (extension) => {
    const [whole, half] = [`of-${extension}.${extension}`, `half-${extension}`];
    makeVideo(...numbered(8), ...clicking(8, [1]), ...codecs, '-movflags', '+faststart', video(whole));
    writeFileSync(video(`${half}.${extension}`), bytesOf(whole).subarray(0, (bytesOf(whole).indexOf('mdat') + bytesOf(whole).length) / 2)); // half of the media
    const { reasons, frames, sounds } = await extract([half]);
    expect(reasons[0]).toMatch(
      new RegExp(`^videos/${half}\\.${extension} lasts [345]\\.\\d s of 8\\.\\d s: it is cut off or damaged. Fetch it again$`),
    );
    if (extension !== 'avi') expect(reasons[1]).toMatch(/ has sound for [345]\.\d s of 8\.\d s: it is cut off or damaged. Fetch it again$/);
    expect(frames).toEqual([]);
    if (extension !== 'avi') expect(sounds).toEqual([]);
  });

  it.each([
    ['flv', ['-c:v', 'flv', '-c:a', 'libmp3lame']],
    ['avi', ['-c:v', 'mpeg4', '-c:a', 'libmp3lame']],
    ['mkv', codecs],
    ['mp4', codecs],
  ])('but not one whose sound is shorter than its picture by seconds, or the other way round (%s)', async (extension, format) => {
    const [short, long] = [`sound-3.${extension}`, `picture-3.${extension}`];
    makeVideo(...numbered(8), ...clicking(3, [1]), ...format, video(short));
    makeVideo(...numbered(3), ...clicking(8, [1]), ...format, video(long));
    expect((await extract(['sound-3', 'picture-3'])).reasons).toEqual([]);
    for (const id of ['sound-3', 'picture-3'])
      for (const made of [video(`${id}.${extension}`), join(root, 'frames', id), join(root, 'audio', `${id}.wav`)])
        rmSync(made, { recursive: true });
  });

  it('but not one that an edit list cuts', async () => {
    makeVideo('-ss', '1.3', '-i', video('whole.mp4'), '-ss', '2.9', '-i', video('whole.mp4'), '-map', '0:v', '-map', '1:a', '-c', 'copy', video('edited.mp4')); // prettier-ignore
    expect((await extract(['edited'])).reasons).toEqual([]);
    expect(readdirSync(join(root, 'frames/edited'))).toHaveLength(3); // 2.7 s
    expect(readFileSync(join(root, 'audio/edited.wav')).length / 32000).toBeCloseTo(1.1, 1);
  });

  it('without a sound: its frames are made', async () => {
    makeVideo(...numbered(2), '-c:v', 'mpeg4', video('silent.mp4'));
    expect(await extract(['silent'])).toEqual({
      reasons: ['videos/silent.mp4 has no sound (no audio track), so there is no wav of it'],
      frames: ['silent'],
      sounds: [],
    });
    expect((await extract(['silent'])).reasons).toHaveLength(1); // also when its frames are there
    expect(await extract(['silent'], { sound: false })).toMatchObject({ reasons: [] });
  });

  it('without a picture, but for a cover: its sound is made', async () => {
    makeVideo(...clicking(2, [1]), '-c:a', 'aac', video('dark.mp4'));
    makeVideo('-f', 'lavfi', '-i', 'color=red:s=64x48:d=0.04', '-frames:v', '1', join(root, 'cover.png'));
    const cover = ['-i', join(root, 'cover.png'), '-map', '0', '-map', '1', '-c:v', 'png', '-disposition:v', 'attached_pic'];
    makeVideo(...clicking(2, [1]), ...cover, '-c:a', 'aac', video('cover.mp4'));
    const reason = (name: string) => `videos/${name}.mp4 has no picture (no video track), so there are no frames of it`;
    expect(await extract(['dark', 'cover'])).toEqual({
      reasons: [reason('dark'), reason('cover')],
      frames: [],
      sounds: ['dark.wav', 'cover.wav'],
    });
  });

  it('with one single image', async () => {
    makeVideo(...numbered(2), ...clicking(2, [1]), '-vf', "select='eq(n,0)'", ...codecs, video('still.mp4'));
    const reasons = ['videos/still.mp4 has one single image, not a moving picture'];
    expect(await extract(['still'])).toEqual({ reasons, frames: [], sounds: ['still.wav'] });
  });

  it('empty, a text, a folder, without its index, with an unknown codec, missing', async () => {
    writeFileSync(video('empty.mp4'), '');
    writeFileSync(video('text.mp4'), 'This is no video.\n'.repeat(100));
    writeFileSync(video('playlist.mp4'), `ffconcat version 1.0\nfile ${video('whole.mp4')}\n`); // ffmpeg would open what it names
    mkdirSync(video('folder.mp4'));
    makeVideo(...numbered(1), ...clicking(1, [0.5]), ...codecs, video('index-last.mp4')); // ffmpeg writes it at the end
    truncateSync(video('index-last.mp4'), bytesOf('index-last.mp4').indexOf('moov') - 4);
    makeVideo(...numbered(1), ...clicking(1, [0.5]), '-c:v', 'mjpeg', '-c:a', 'aac', video('codec.mov'));
    const other = bytesOf('codec.mov');
    other.write('qqqq', other.indexOf('jpeg', other.indexOf('stsd')));
    writeFileSync(video('codec.mov'), other);
    const videos = ['empty', 'text', 'playlist', 'folder', 'index-last', 'codec', 'missing'];
    expect(await extract(videos)).toEqual({
      reasons: [
        'videos/empty.mp4 is empty (0 bytes). Fetch it again',
        'videos/text.mp4 is not a video that ffmpeg can read (Invalid data found when processing input)',
        expect.stringContaining('videos/playlist.mp4 is not a video that ffmpeg can read ('),
        'videos/folder.mp4 is not a file',
        'videos/index-last.mp4 has no index (moov atom): its end is missing. Fetch it again',
        `videos/codec.mov has a codec (qqqq) that ffmpeg ${ffmpegHere!.version} does not know. Convert it, or take a newer ffmpeg`,
        'videos/missing.mp4 is not there, nor are frames and sound made from it. Fetch it, or take it out of the list',
      ],
      frames: [],
      sounds: ['codec.wav'],
    });
  });

  it('longer than what is read of it: nothing is written, and the setting is named', async () => {
    const datasetRoot = mkdtempSync(join(root, 'long-'));
    const run = (segments: number) =>
      extractMedia({ datasetRoot, videosFolder: join(root, 'videos'), videos: ['whole'], coverage: { segments, segmentSeconds: 1 } });
    const setting = '2 segments of 1 s. Set features.segmentSeconds=2, or cut the video';
    expect((await run(2)).faults.map(({ reason }) => reason.replace(/^.*whole.mp4 /, ''))).toEqual([
      `has frames that last 4 s, expected at most 2 s: ${setting}`,
      expect.stringMatching(/^has a sound that lasts 4\.?\d* s, expected at most 2 s: 2 segments of 1 s\. Set features\.segmentSeconds=2/),
    ]);
    expect([readdirSync(join(datasetRoot, 'frames')), readdirSync(join(datasetRoot, 'audio'))]).toEqual([['.sources'], ['.sources']]);
    expect((await run(3)).faults).toEqual([]);
  });

  it('where the error is unexpected: the other videos are made', async () => {
    const datasetRoot = mkdtempSync(join(root, 'odd-'));
    mkdirSync(join(datasetRoot, 'frames/.sources/odd.json'), { recursive: true }); // a folder in the place of its record
    copyFileSync(video('whole.mp4'), video('odd.mp4'));
    const { extracted, faults } = await extractMedia({ datasetRoot, videosFolder: join(root, 'videos'), videos: ['odd', 'whole'] });
    expect(extracted).toEqual(['whole']); // of odd, nothing says of which version its frames are
    expect(faults).toEqual([
      { videoId: 'odd', reason: expect.stringMatching(/odd\.mp4 cannot be used: .*odd\.json: cannot be read \(EISDIR\)/) },
    ]);
  });

  it('without permission to read it', async () => {
    copyFileSync(video('whole.mp4'), video('closed.mp4'));
    chmodSync(video('closed.mp4'), 0);
    const asRoot = process.geteuid?.() === 0;
    const datasetRoot = mkdtempSync(join(tmpdir(), 'closed-'));
    chmodSync(datasetRoot, 0o777);
    try {
      if (asRoot) process.seteuid?.(65534); // root may read anything
      const { faults } = await extractMedia({ datasetRoot, videosFolder: join(root, 'videos'), videos: ['closed'] });
      expect(faults).toEqual([
        { videoId: 'closed', reason: expect.stringContaining('closed.mp4 cannot be read (EACCES). Change its permissions') },
      ]);
    } finally {
      if (asRoot) process.seteuid?.(0);
      rmSync(datasetRoot, { recursive: true });
    }
  });

  it('at which ffmpeg hangs or dies', async () => {
    const fake = (name: string, work: string) => {
      writeFileSync(join(root, name), `#!/bin/sh\n${work}\n`, { mode: 0o755 });
      return { ...ffmpegHere!, ffmpeg: join(root, name) };
    };
    copyFileSync(video('whole.mp4'), video('hanging.mp4'));
    const options = { sound: false };
    const hangs = { ...options, timeLimitSeconds: 1, ffmpeg: fake('hangs', 'exec sleep 3600') };
    expect((await extract(['hanging'], hangs)).reasons).toEqual([
      'videos/hanging.mp4 kept ffmpeg busy for more than 1 s, so it was stopped. Convert it, or allow more time',
    ]);
    expect((await extract(['hanging'], { ...options, ffmpeg: fake('dies', 'kill -SEGV $$') })).reasons).toEqual([
      'videos/hanging.mp4 made ffmpeg end with SIGSEGV: too little memory, or a fault in ffmpeg',
    ]);
    const interrupted = fake('interrupted', 'echo "[info] Exiting normally, received signal 2." >&2; exit 255'); // Ctrl-C: no fault of the video
    await expect(extract(['hanging'], { ...options, ffmpeg: interrupted })).rejects.toThrow(`${interrupted.ffmpeg} was stopped`);
    await expect(extract(['hanging'], { ...options, ffmpeg: fake('hung-up', 'kill -HUP $$') })).rejects.toThrow('hung-up was stopped');
  });
});

whenFfmpeg(`the faults of a dataset${needsFfmpeg}`, () => {
  it('are kept until an extraction of the same video finds others', async () => {
    const datasetRoot = mkdtempSync(join(root, 'dataset-'));
    const extractFrom = (...videos: string[]) =>
      extractMedia({ datasetRoot, videosFolder: join(root, 'videos'), videos, ffmpeg: ffmpegHere });
    expect(readMediaFaults(datasetRoot)).toEqual([]);
    writeFileSync(video('mended.mp4'), '');
    const { faults } = await extractFrom('mended', 'gone');
    expect(readMediaFaults(datasetRoot)).toEqual([faults[1], faults[0]]); // in order of ids
    copyFileSync(video('whole.mp4'), video('mended.mp4'));
    await extractFrom('mended');
    expect(readMediaFaults(datasetRoot)).toEqual([faults[1]]);
    copyFileSync(video('whole.mp4'), video('gone.mp4'));
    await extractFrom('gone');
    expect(readdirSync(join(datasetRoot, 'media-faults'))).toEqual([]);
  });

  it('are there as soon as they are found, though the run is stopped later', async () => {
    const datasetRoot = mkdtempSync(join(root, 'dataset-'));
    const stop = new AbortController();
    const options = { datasetRoot, videosFolder: join(root, 'videos'), videos: ['none', 'whole'], workers: 1, ffmpeg: ffmpegHere };
    await expect(extractMedia({ ...options, signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) })).rejects.toThrow(
      'enough',
    );
    expect(readMediaFaults(datasetRoot)).toHaveLength(1);
  });

  it.each(['no JSON', '{"reasons": 1}'])('are an error where a file is none of ours: %s', (text) => {
    const datasetRoot = mkdtempSync(join(root, 'dataset-'));
    mkdirSync(join(datasetRoot, 'media-faults'));
    const file = join(datasetRoot, 'media-faults/a.json');
    writeFileSync(file, text);
    expect(() => readMediaFaults(datasetRoot)).toThrow(`${file}: lists no faults of a video, expected {"reasons": [...]}. Delete it`);
  });
});
