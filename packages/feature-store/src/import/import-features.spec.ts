import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fromSources } from '@tass/testing';
import { identityOf } from '@tass/files';
import { checkStore } from '../check';
import { classAndPatches, importFolder, videos } from './fixtures/import-folder';
import { importFeatures, type ImportOptions } from './import-features';

let root: string;
let from: string;
let options: ImportOptions;
let write: ReturnType<typeof importFolder>['write'];
let imported: ReturnType<typeof importFolder>['imported'];
beforeEach(() => ({ root, from, options, write, imported } = importFolder()));
afterEach(() => rmSync(root, { recursive: true }));

const filesOf = (folder = join(root, 'store', 'clip-npy')): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString('base64')]));

describe('the seconds of a segment', () => {
  it('are rows 0 and 3 of a file with a row a second', async () => {
    write('a', [6, 2]);
    const { store, read, layout } = await imported({ videos: ['a'] });
    expect(layout).toBe('vectors');
    expect(read('frame', 'a')).toEqual([0, 1, 6, 7]);
    expect(store.describe('frame')).toEqual({ key: 'video', axes: ['time', 'joint'], shape: [2, 2] });
    expect(store.fields).toEqual(['frame']);
  });

  it('are rows 0 and 1 of a file with a row a segment', async () => {
    write('a', [2, 2]);
    expect((await imported({ videos: ['a'] })).read('frame', 'a')).toEqual([0, 1, 2, 3]);
  });

  it('are, of a video that is too short by up to a sixth, its last row for the missing ones', async () => {
    for (const time of [60, 57, 52, 50, 49]) write(`lasts${time}`, [time, 2]);
    write('whole', [60, 2]);
    const videos = ['whole', ...[60, 57, 52, 50, 49].map((time) => `lasts${time}`)];
    const { store, read, faults, short } = await imported({ videos, segments: 10, segmentSeconds: 6 });
    expect(read('frame', 'lasts52').slice(-4)).toEqual([96, 97, 102, 103]); // rows 48 and 51
    expect(read('frame', 'lasts57').slice(-2)).toEqual([108, 109]); // row 54
    expect([short, store.shortVideos('frame', videos)]).toEqual([
      2,
      [
        { key: 'lasts52', seconds: 52 },
        { key: 'lasts50', seconds: 50 },
      ],
    ]);
    expect(faults.map(({ key }) => key)).toEqual(['lasts49']);
    write('turned', [50, 60, 2]); // 50 tokens of 60 seconds, or a video of 50 seconds
    await expect(imported({ videos: ['turned'], segments: 10, segmentSeconds: 6, layout: 'patches', name: 'turned' })).rejects.toThrow(
      'has 50 rows, expected 60 (one a second: 10 segments of 6 s; at least 50) or 10 (one a segment). Set features.segments and features.segmentSeconds as they were made. Or is axis 1 of [50, 60, 2] the time?',
    );
  });

  it('are rows of files that may differ in length, where that is said, by less than a segment', async () => {
    const lengths = { a: 6, b: 4, c: 8, d: 2, e: 6, short: 3, long: 9 };
    for (const [id, time] of Object.entries(lengths)) write(id, [time, 2]);
    const all = { videos: Object.keys(lengths) };
    const tooFew =
      '(one a second: 2 segments of 3 s; at least 4) or 2 (one a segment). Set features.segments and features.segmentSeconds as they were made';
    const axis = (time: number) =>
      `. Or is axis 1 of [${time}, 2] the time? Then save numpy.ascontiguousarray(numpy.moveaxis(array, 1, 0))`;
    const shortAndLong = [
      { key: 'short', reason: `theirs/short.npy: has 3 rows, expected 6 ${tooFew}${axis(3)}` },
      { key: 'long', reason: `theirs/long.npy: has 9 rows, expected 6 ${tooFew}${axis(9)}` },
    ];
    const { faults } = await imported(all);
    expect(faults).toContainEqual({
      key: 'b',
      reason: 'theirs/b.npy: has 4 rows, expected 6 as the others. If videos may differ in length: --lengths=any',
    });
    expect(faults.map(({ key }) => key)).toEqual(['b', 'c', 'd', 'short', 'long']);
    const { read, ...any } = await imported({ ...all, lengths: 'any' });
    const unclear = 'theirs/d.npy: has 2 rows, others 6: seconds of a short video, or one row a segment? Save all videos the same way';
    expect(any).toMatchObject({ kept: 2, imported: 2, faults: [{ key: 'd', reason: unclear }, ...shortAndLong] });
    expect(read('frame', 'b')).toEqual([0, 1, 6, 7]);
  });
});

describe('a folder becomes a store:', () => {
  it('sound', async () => {
    for (const id of options.videos) write(id, [6, 4]);
    const { read, description, store } = await imported({ as: 'audio', name: 'vggish' });
    expect(read('audio', 'b')).toEqual([0, 1, 2, 3, 12, 13, 14, 15]);
    expect(store.describe('audio').axes).toEqual(['time', 'audioDim']);
    expect(description.encoder).toEqual({
      ...{ name: 'vggish', digest: expect.stringMatching(/^[0-9a-f]{64}$/), readOuts: { layout: 'vectors' } },
      preprocessing: { files: '[time, 4]' },
    });
    expect(description.sampling).toEqual({ choice: 'every', segments: 2, segmentSeconds: 3 });
  });

  it('class and patches', async () => {
    for (const id of options.videos) write(id, [6, 5, 2]);
    const { read, description, store, layout } = await imported({ ...classAndPatches, space: 'clip:clip-vit-base-patch32' });
    expect(layout).toBe('class-and-patches');
    expect(read('frame', 'a')).toEqual([0, 1, 30, 31]);
    expect(read('patch', 'a')).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 32, 33, 34, 35, 36, 37, 38, 39]);
    expect(store.describe('patch')).toEqual({ key: 'video', axes: ['time', 'regions', 'joint'], shape: [2, 4, 2] });
    expect(description.encoder).toMatchObject({
      ...{ readOuts: { layout: 'class-and-patches', frame: 'class token' }, preprocessing: { files: '[time, 5, 2]' } },
      space: 'clip:clip-vit-base-patch32',
    });
    expect(checkStore(store.folder)).toEqual([]);
  });

  it('maps with channels first, in a space of their own', async () => {
    for (const id of options.videos) write(id, [6, 3, 2, 2]);
    const { read, description } = await imported({ layout: 'channels-first' });
    const segment = [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11];
    expect(read('patch', 'a')).toEqual([...segment, ...segment.map((value) => value + 36)]);
    expect(read('frame', 'a')).toEqual([1.5, 5.5, 9.5, 37.5, 41.5, 45.5]);
    expect(description.encoder).toMatchObject({ readOuts: { layout: 'channels-first', frame: 'mean over regions' }, space: 'own' });
  });

  it('patches, with frames from files of their own', async () => {
    const frames = join(root, 'frames');
    mkdirSync(frames);
    for (const id of options.videos) write(id, [6, 4, 2]);
    for (const id of options.videos) write(id, [6, 2], (i) => i, frames);
    const { read, description } = await imported({ frames, layout: 'patches' });
    expect(read('frame', 'a')).toEqual([0, 8, 48, 56]);
    expect(read('patch', 'a').slice(0, 3)).toEqual([0, 1, 2]);
    expect(description.encoder).toMatchObject({
      ...{ readOuts: { frame: 'files of their own' }, preprocessing: { files: '[time, 4, 2]', frames: '[time, 2]' } },
    });
    rmSync(join(frames, 'b.npy'));
    const { faults } = await imported({ frames, layout: 'patches', name: 'other' });
    expect(faults).toEqual([{ key: 'b', reason: 'frames/b.npy: is not there' }]);
  });
});

describe('goes on', () => {
  beforeEach(() => {
    videos.forEach((id, index) => write(id, [6, 5, 2], (i) => (i + index) / 8));
    rmSync(join(from, 'video3.npy'));
    truncateSync(join(from, 'video40.npy'), 200);
    options = { ...options, ...classAndPatches, videos };
  });

  it('after a kill, and ends with the same bytes', async () => {
    const { folder, faults } = await importFeatures(options);
    expect(faults.map(({ key }) => key)).toEqual(['video3', 'video40']);
    const uninterrupted = filesOf();
    rmSync(folder, { recursive: true });
    const child = spawnSync(process.execPath, [...fromSources, join(__dirname, 'fixtures', 'import.cjs'), JSON.stringify(options), '32']);
    expect([child.signal, String(child.stderr)]).toEqual(['SIGKILL', '']);
    expect(Object.keys(filesOf()).sort()).toEqual([
      'frame-00000.bin',
      'manifest.json',
      'patch-00000.bin',
      'prepare.lock',
      'video-00000.json',
    ]);
    expect(await importFeatures(options)).toMatchObject({ imported: 37, kept: 31, faults: [{ key: 'video40' }, { key: 'video3' }] });
    expect(filesOf()).toEqual(uninterrupted);
  });

  it('after it was stopped, within a shard too', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const onProgress = ({ stage, done, total }: { stage: string; done: number; total: number }) => {
      seen.push(`${stage} ${done}/${total}`);
      if (done === 32) setTimeout(() => stop.abort(new Error('enough')));
    };
    await expect(importFeatures({ ...options, onProgress, signal: stop.signal })).rejects.toThrow('enough');
    expect(Object.keys(filesOf()).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(seen).toEqual(['checked 0/70', 'checked 70/70', 'imported 0/70', 'imported 32/70']);
    await expect(importFeatures({ ...options, signal: AbortSignal.abort(new Error('at once')) })).rejects.toThrow('at once');
    expect(await importFeatures(options)).toMatchObject({ imported: 37, kept: 31 });
  });

  it('with further videos, without touching those that are there', async () => {
    await importFeatures({ ...options, videos: videos.slice(0, 40) });
    const before = filesOf();
    expect(await importFeatures({ ...options, videos: videos.slice(0, 40) })).toMatchObject({ imported: 0, kept: 39 });
    expect(filesOf()).toEqual(before);
    expect(await importFeatures(options)).toMatchObject({ imported: 29, kept: 39 });
    expect(filesOf()).toMatchObject(before);
  });

  it('only with the same files', async () => {
    await importFeatures({ ...options, videos: videos.slice(0, 2) });
    write('video0', [6, 5, 2], (i) => i / 8 + (i === 39 ? 1 : 0));
    const folder = join(root, 'store', 'clip-npy');
    const message = `the feature store ${folder} holds another patch of video video0 than ${from}. Remove the store, or choose another name`;
    await expect(importFeatures(options)).rejects.toThrow(message);
    write('video0', [6, 5, 2], () => NaN);
    await expect(importFeatures(options)).rejects.toThrow(`${from} (theirs/video0.npy: row 0 holds NaN at value 0`);
    rmSync(join(from, 'video0.npy')); // then the next one of the shard is compared
    expect(await importFeatures(options)).toMatchObject({ kept: 2 });
  });
});

describe('an error', () => {
  it('of a setting comes before any file is looked at', async () => {
    const refused = (more: Partial<ImportOptions>) => expect(importFeatures({ ...options, from: 'nowhere', ...more })).rejects;
    await refused({ name: '../x' }).toThrow('name is "../x", expected letters, digits, dots, dashes and underscores');
    await refused({ segments: 0 }).toThrow('segments is 0, expected a whole number above 0');
    await refused({ segmentSeconds: 1.5 }).toThrow('segmentSeconds is 1.5, expected a whole number above 0');
    await refused({ space: 'clip' }).toThrow('space is "clip", expected own or clip:<model\'s name>');
    await refused({ as: 'audio', space: 'own' }).toThrow('space is "own", but sound lies in no space of pictures');
    await refused({ as: 'audio', frames: 'x' }).toThrow('frames is x, but as is audio');
    await refused({ as: 'audio', layout: 'patches' }).toThrow('layout is patches, but sound has vectors');
    await refused({ patches: 'x' }).toThrow('patches is x, but as is visual. Its patches lie in from: --from=x --frames=FOLDER');
    await refused({ as: 'audio', layout: 'class-and-patches', patches: 'x' }).toThrow('patches is x, but with --layout=class-and-patches');
    await refused({ videos: [] }).toThrow('no video is to be imported');
    await refused({}).toThrow('there is no folder nowhere, expected <video id>.npy in it');
  });

  it('of the layout names a file, its shape and what it may be', async () => {
    for (const id of options.videos) write(id, [6, 14, 4]);
    await expect(importFeatures(options)).rejects.toThrow(`${from}/a.npy has shape [6, 14, 4], which may be class-and-patches`);
    await expect(importFeatures({ ...options, layout: 'channels-last' })).rejects.toThrow(
      `${from}/a.npy has shape [6, 14, 4], expected [time, height, width of the map, width] (--layout=channels-last)`,
    );
    expect(readdirSync(root)).toEqual(['theirs']);
    expect(await importFeatures({ ...options, layout: 'class-and-patches' })).toMatchObject({ imported: 2 });
    expect(await importFeatures(options)).toMatchObject({ kept: 2, layout: 'class-and-patches' }); // the store knows it
  });

  it('of all files names the first, and makes no store', async () => {
    await expect(importFeatures(options)).rejects.toThrow(`none of 2 files can be read; ${from}/a.npy: is not there`);
    for (const id of options.videos) write(id, [20, 2]);
    await expect(importFeatures(options)).rejects.toThrow(`none of 2 files can be imported; ${from}/a.npy has 20 rows, expected 6 (one`);
    expect(readdirSync(root)).toEqual(['theirs']);
    for (const id of options.videos) write(id, [6, 5, 2], () => 0);
    await expect(importFeatures({ ...options, ...classAndPatches })).rejects.toThrow(
      'none of the first 2 videos could be imported; theirs/a.npy: all its values are 0: these are not features',
    );
  });

  it('of sound with regions, and of frames that do not fit the patches', async () => {
    for (const id of options.videos) write(id, [6, 4, 2]);
    await expect(importFeatures({ ...options, as: 'audio' })).rejects.toThrow(
      `${from}/a.npy has shape [6, 4, 2], expected [time, width] (--layout=vectors)`,
    );
    const frames = join(root, 'frames');
    mkdirSync(frames);
    for (const id of options.videos) write(id, [6, 3], (i) => i, frames);
    await expect(importFeatures({ ...options, frames, layout: 'patches' })).rejects.toThrow(
      `the frames of ${frames} have 3 values, the patches of ${from} 2: expected one encoder's`,
    );
    await expect(importFeatures({ ...options, from: frames, frames })).rejects.toThrow('hold one vector a second. Leave out frames');
  });

  it('of a store that holds something else names the first difference', async () => {
    for (const id of options.videos) write(id, [6, 5, 2]);
    await importFeatures({ ...options, ...classAndPatches });
    await expect(importFeatures({ ...options, layout: 'patches' })).rejects.toThrow('holds features of clip-npy with read-outs');
    await expect(importFeatures({ ...options, space: 'clip:x' })).rejects.toThrow('in the space "own", asked for is "clip:x"');
    await expect(importFeatures({ ...options, segments: 1, segmentSeconds: 6 })).rejects.toThrow('holds segments sampled by');
    for (const id of ['c', 'd']) write(id, [6, 17, 2]);
    await expect(importFeatures({ ...options, videos: ['c', 'd'] })).rejects.toThrow(
      'c.npy has shape [6, 17, 2], expected [time, 5, 2] as the others',
    );
    expect(await importFeatures({ ...options, videos: ['a', 'c', 'd'] })).toMatchObject({ kept: 1, faults: [{ key: 'c' }, { key: 'd' }] });
  });

  it('names the process that works at the same store', async () => {
    for (const id of options.videos) write(id, [6, 2]);
    const folder = join(root, 'store', 'clip-npy');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'prepare.lock'), JSON.stringify(identityOf(process.ppid)));
    await expect(importFeatures(options)).rejects.toThrow(`${folder} is in use by process ${process.ppid} on ${hostname()}`);
  });
});
