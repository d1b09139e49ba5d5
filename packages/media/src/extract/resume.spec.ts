import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { filesIn, runProgram, until } from '@tass/testing';
import { identityOf, toName } from '@tass/files';
import { clicking, ffmpegHere, makeVideo, needsFfmpeg, numbered, whenFfmpeg } from '../fixtures/videos';
import { extractMedia, type ExtractMediaOptions } from './extract-media';

let made: string; // the videos that all specs here take copies of
let root: string;
let uninterrupted: Record<string, string>; // what one run alone makes of them
const ids = ['a', 'b', 'c', 'd'];
beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), 'videos-'));
  if (!ffmpegHere) return;
  for (const [index, id] of ids.entries()) make(join(made, `${id}.mp4`), index + 1);
  newRoot();
  take(...ids);
  await extract({ workers: 1 });
  uninterrupted = outputs();
  rmSync(root, { recursive: true });
});
afterAll(() => rmSync(made, { recursive: true }));
beforeEach(newRoot);
afterEach(() => rmSync(root, { recursive: true }));

function newRoot(): void {
  root = mkdtempSync(join(tmpdir(), 'resume-'));
  mkdirSync(join(root, 'videos'));
}

const make = (file: string, seconds: number) =>
  makeVideo(...numbered(seconds, seconds > 10 ? '2' : '25'), ...clicking(seconds, [0.5]), '-c:v', 'mpeg4', '-c:a', 'aac', file);
function take(...videos: string[]): void {
  for (const id of videos) {
    copyFileSync(join(made, `${id}.mp4`), join(root, 'videos', `${id}.mp4`));
    utimesSync(join(root, 'videos', `${id}.mp4`), 1e9, 1e9); // it stands in the records
  }
}
const extract = (options: Partial<ExtractMediaOptions> = {}) => extractMedia({ datasetRoot: root, ffmpeg: ffmpegHere, ...options });
const outputs = () => Object.fromEntries(Object.entries(filesIn(root)).filter(([name]) => /^(frames|audio)/.test(name)));
const framesOf = (id: string) => readdirSync(join(root, 'frames', id));

whenFfmpeg(`extraction${needsFfmpeg}`, () => {
  it('makes all of a folder, then keeps it', async () => {
    take('a', 'c');
    const seen: string[] = [];
    const onProgress: ExtractMediaOptions['onProgress'] = ({ done, kept, total }) => seen.push(`${done}/${total}, ${kept} kept`);
    const first = await extract({ onProgress });
    expect(first).toEqual({ extracted: ['a', 'c'], kept: [], faults: [] });
    expect(seen.splice(0)).toEqual(['1/2, 0 kept', '2/2, 0 kept']);
    expect(framesOf('c')).toEqual(['000001.jpg', '000002.jpg', '000003.jpg']);
    const before = outputs();
    expect(await extract({ onProgress })).toEqual({ extracted: [], kept: ['a', 'c'], faults: [] });
    expect(seen).toEqual(['1/2, 1 kept', '2/2, 2 kept']);
    expect(outputs()).toEqual(before);
  });

  it('gives the same bytes from the same videos, however many work at once', async () => {
    take(...ids);
    await extract({ workers: 4 });
    expect(outputs()).toEqual(uninterrupted);
  });

  it.each([1, 2])('killed after %d videos, leaves nothing half, and goes on', async (atLeast) => {
    take(...ids);
    const { signal } = await runProgram(join(__dirname, '../fixtures/extract.ts'), [root], {
      folder: root,
      onOutput: (text, program) => text.split('\n').length > atLeast && program.kill('SIGKILL'),
    });
    expect(signal).toBe('SIGKILL');
    for (const [name, bytes] of Object.entries(outputs())) if (!name.includes('.making-')) expect(uninterrupted[name]).toEqual(bytes);
    const { extracted, kept, faults } = await extract();
    expect(faults).toEqual([]);
    expect(kept.length).toBeGreaterThanOrEqual(atLeast);
    expect([...extracted, ...kept].sort()).toEqual(ids);
    expect(outputs()).toEqual(uninterrupted);
  });

  it('two runs at once do not disturb each other', async () => {
    take(...ids);
    const ends = await Promise.all([extract(), extract()]);
    expect(ends.flatMap(({ faults }) => faults)).toEqual([]);
    expect(outputs()).toEqual(uninterrupted);
  });

  it('clears away what dead runs left, not what living ones are making', async () => {
    take('a');
    const { pid, host } = identityOf();
    const older = Buffer.from(JSON.stringify({ pid, host, started: 'before this one' })).toString('base64url'); // as it was named once
    const dead = [toName({ ...identityOf(), pid: 2 ** 22 + 1 }), older].map((owner) => `.making-${owner}.0`); // above the largest process id
    const living = `.making-${toName(identityOf(process.ppid))}.0`;
    for (const folder of [...dead, living]) mkdirSync(join(root, 'frames', folder, '3'), { recursive: true });
    await extract();
    expect(readdirSync(join(root, 'frames')).sort()).toEqual([living, '.sources', 'a'].sort());
  });

  it('ends when it is told to, and goes on', async () => {
    take(...ids);
    const stop = new AbortController();
    const stopped = extract({ workers: 1, signal: stop.signal, onProgress: ({ done }) => done === 2 && stop.abort(new Error('enough')) });
    await expect(stopped).rejects.toThrow('enough');
    expect(readdirSync(join(root, 'frames')).sort()).toEqual(['.sources', 'a', 'b']);
    expect(await extract()).toEqual({ extracted: ['c', 'd'], kept: ['a', 'b'], faults: [] });
  });

  it('ends a running ffmpeg when it is told to', async () => {
    take('a');
    const begun = join(root, 'begun');
    writeFileSync(join(root, 'slow'), `#!/bin/sh\ntouch ${begun}\nexec sleep 3600\n`, { mode: 0o755 });
    const stop = new AbortController();
    void until(() => existsSync(begun)).then(() => stop.abort(new Error('enough')));
    const stopped = extract({ signal: stop.signal, ffmpeg: { ...ffmpegHere!, ffmpeg: join(root, 'slow') } });
    await expect(stopped).rejects.toThrow('enough');
  });

  it('opens few files at once, however long a video is', async () => {
    make(join(root, 'videos/long.mp4'), 150);
    const program = join(__dirname, '../fixtures/extract.ts');
    const typescript = join(dirname(require.resolve('@tass/testing')), 'typescript.cjs');
    const words = [process.execPath, '--conditions=@tass/source', '--require', typescript, program, root];
    execFileSync('sh', ['-c', 'ulimit -n 100 && exec "$@"', 'sh', ...words]);
    expect(framesOf('long')).toHaveLength(150);
  });

  it('makes what is missing of a video', async () => {
    take('a', 'b');
    await extract();
    unlinkSync(join(root, 'audio/a.wav'));
    rmSync(join(root, 'frames/b'), { recursive: true });
    mkdirSync(join(root, 'frames/b')); // an empty folder is no frames
    expect(await extract()).toEqual({ extracted: ['a', 'b'], kept: [], faults: [] });
    expect(framesOf('b')).toHaveLength(2);
  });
});

whenFfmpeg(`what was there before${needsFfmpeg}`, () => {
  it('frames and sound that were brought stay as they are, with a video and without', async () => {
    take('a');
    for (const id of ['a', 'brought']) {
      mkdirSync(join(root, 'frames', id), { recursive: true });
      writeFileSync(join(root, 'frames', id, '1.jpg'), 'mine');
      mkdirSync(join(root, 'audio'), { recursive: true });
      writeFileSync(join(root, 'audio', `${id}.wav`), 'mine');
    }
    expect(await extract({ videos: ['a', 'brought'], refresh: true })).toEqual({ extracted: [], kept: ['a', 'brought'], faults: [] });
    expect(readFileSync(join(root, 'frames/a/1.jpg'), 'utf8')).toBe('mine');
  });

  it('what was extracted from another version of a video is told, and made again with refresh', async () => {
    take('a', 'b');
    await extract();
    copyFileSync(join(made, 'c.mp4'), join(root, 'videos/a.mp4')); // another size
    copyFileSync(join(made, 'd.mp4'), join(root, 'videos/b.mp4'));
    const { extracted, kept, faults } = await extract();
    expect([extracted, kept]).toEqual([[], []]);
    expect(faults).toEqual(
      ['a', 'b'].map((videoId) => ({
        videoId,
        reason: `videos/${videoId}.mp4 has changed since its frames and sound were extracted. Extract them again: features:prepare --refresh`,
      })),
    );
    expect(framesOf('a')).toHaveLength(1);
    expect(await extract({ refresh: true })).toEqual({ extracted: ['a', 'b'], kept: [], faults: [] });
    expect(framesOf('a')).toHaveLength(3);
    unlinkSync(join(root, 'videos/a.mp4')); // videos may be deleted once they are extracted
    expect(await extract({ videos: ['a', 'b'], refresh: true })).toEqual({ extracted: [], kept: ['a', 'b'], faults: [] });
  });

  it('reports frames of another size, and makes them again with refresh', async () => {
    take('a');
    await extract({ sound: false });
    expect((await extract({ sound: false, frameSize: 24 })).faults.map(({ reason }) => reason)).toEqual([
      'videos/a.mp4 has frames made with the settings {"frameSize":"as in the video"}, expected {"frameSize":24}. Extract them again: features:prepare --refresh',
    ]);
    expect(await extract({ sound: false, frameSize: 24, refresh: true })).toMatchObject({ extracted: ['a'], faults: [] });
    expect(existsSync(join(root, 'audio'))).toBe(false);
  });
});
