import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { identityOf } from '@tass/files';
import { checkStore } from '../check';
import { StoreFolder } from '../store-folder';
import { importFeatures, type ImportOptions } from './import-features';
import { npyBytes } from './npy-bytes';

const classAndPatches = { layout: 'class-and-patches' } as const; // which shapes as small as these do not show
const videos = Array.from({ length: 70 }, (_, i) => `video${i}`); // three shards

let root: string;
let from: string;
let options: ImportOptions;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'import-'));
  from = join(root, 'theirs');
  mkdirSync(from);
  options = {
    ...{ from, layout: 'auto', as: 'visual', name: 'clip-npy', dataset: { name: 'media', digest: '' }, storeRoot: join(root, 'store') },
    ...{ segments: 2, segmentSeconds: 3, videos: ['a', 'b'] },
  };
});
afterEach(() => rmSync(root, { recursive: true }));

/** A file of 0, 1/8, 2/8, ... or of other values. */
function write(id: string, shape: number[], value = (i: number) => i / 8, folder = from): void {
  const values = Float32Array.from({ length: shape.reduce((product, length) => product * length) }, (_, i) => value(i));
  writeFileSync(join(folder, `${id}.npy`), npyBytes(shape, values, 'float32'));
}

async function imported(more: Partial<ImportOptions> = {}) {
  const result = await importFeatures({ ...options, ...more });
  const store = StoreFolder.open(result.folder);
  const read = (field: string, id: string) => [...store.read(field, [id])].map((value) => value * 8);
  return { ...result, store, read };
}

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

  it('are rows of files that may differ in length, where that is said, by less than a segment', async () => {
    const lengths = { a: 6, b: 4, c: 8, d: 2, e: 6, short: 3, long: 9 };
    for (const [id, time] of Object.entries(lengths)) write(id, [time, 2]);
    const all = { videos: Object.keys(lengths) };
    const tooFew = '(one a second: 2 segments of 3 s; at least 4) or 2 (one a segment). Set segments and segmentSeconds as they were made';
    const axis = (time: number) =>
      `. Or is axis 1 of [${time}, 2] the time? Then save numpy.ascontiguousarray(numpy.moveaxis(array, 1, 0))`;
    const shortAndLong = [
      { key: 'short', reason: `theirs/short.npy: has 3 rows, expected 6 ${tooFew}${axis(3)}` },
      { key: 'long', reason: `theirs/long.npy: has 9 rows, expected 6 ${tooFew}${axis(9)}` },
    ];
    const { faults } = await imported(all);
    expect(faults).toContainEqual({
      key: 'b',
      reason: 'theirs/b.npy: has 4 rows, expected 6 as the others. If videos may differ in length: lengths=any',
    });
    expect(faults.map(({ key }) => key)).toEqual(['b', 'c', 'd', 'short', 'long']);
    const { read, ...any } = await imported({ ...all, lengths: 'any' });
    expect(any).toMatchObject({ kept: 2, imported: 3, faults: shortAndLong });
    expect([read('frame', 'b'), read('frame', 'd')]).toEqual([[0, 1, 6, 7], [0, 1, 2, 3]]); // prettier-ignore
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

describe('a file that cannot be used is a fault with its reason:', () => {
  it('all of them are listed, and imported once they can be', async () => {
    const bad = ['none', 'cut', 'other', 'archive', 'infinite', 'large', 'pooled'];
    for (const id of ['a', 'b', ...bad]) write(id, [6, 5, 2]);
    rmSync(join(from, 'none.npy'));
    truncateSync(join(from, 'cut.npy'), 300);
    write('other', [6, 4, 2]);
    rmSync(join(from, 'archive.npy'));
    writeFileSync(join(from, 'archive.npz'), 'PK');
    write('infinite', [6, 5, 2], (i) => (i === 34 ? NaN : i));
    write('large', [6, 5, 2], (i) => (i === 2 ? -70000 : i));
    write('pooled', [6, 5, 2], (i) => Math.floor(i / 10) + (i % 2)); // each second one vector, five times
    const { store, ...first } = await imported({ ...classAndPatches, videos: ['none', ...bad, 'a', 'b'] });
    expect(first).toMatchObject({ imported: 2, kept: 0 });
    expect(first.faults).toEqual([
      { key: 'none', reason: 'theirs/none.npy: is not there' },
      { key: 'cut', reason: 'theirs/cut.npy: is cut off: 300 bytes, expected 368 for [6, 5, 2] of float32. Fetch or make it again' },
      { key: 'other', reason: 'theirs/other.npy: has shape [6, 4, 2], expected [time, 5, 2] as the others' },
      { key: 'archive', reason: 'theirs/archive.npy: is not there, but archive.npz is. Save each of its arrays with numpy.save' },
      { key: 'infinite', reason: 'theirs/infinite.npy: row 3 holds NaN at value 4, expected finite numbers: 1 of 20 are not' },
      {
        key: 'large',
        reason:
          'theirs/large.npy: row 0 holds -70000 at value 2, too large for float16, in which features are stored: 1 of 20 values are, the greatest ' +
          'magnitude is 7.0e+4. Multiply the files of all videos by one and the same number, such as 1e-4',
      },
      {
        key: 'pooled',
        reason:
          'theirs/pooled.npy: all 4 patches are equal: this is the pooled vector repeated, not patch features. constant=keep takes it all the same',
      },
    ]);
    expect(store.whyMissing('patch', 'cut')).toBe(first.faults[1].reason);
    write('cut', [6, 5, 2]);
    const second = await imported({ videos: ['none', ...bad, 'a', 'b'], constant: 'keep' });
    expect(second).toMatchObject({ imported: 2, kept: 2 });
    expect(second.read('patch', 'pooled')).toEqual([...[0, 8, 0, 8, 0, 8, 0, 8], ...[24, 32, 24, 32, 24, 32, 24, 32]]);
    expect(second.store.doubts('patch', bad)).toEqual([
      { key: 'pooled', field: 'patch', reason: 'all 4 patches of each segment are equal' },
    ]);
  });

  it('of values too small for float16, with the factor that helps', async () => {
    const small = (i: number) => (i + 1) * 1e-8; // of rows 0 and 3: 1e-8 and 2e-8 become 0, up to 8e-8
    for (const id of ['a', 'c']) write(id, [6, 2], small);
    write('b', [6, 2]);
    const reason =
      'theirs/a.npy: its values are too small for float16, in which they are stored: 2 of 4 become 0, the greatest magnitude is 8.0e-8. ' +
      'Multiply the files of all videos by one and the same number, such as 1e8';
    expect((await imported()).faults).toEqual([{ key: 'a', reason }]);
    write('a', [6, 2], (i) => small(i) * 1e8);
    expect(await imported()).toMatchObject({ imported: 1, kept: 1, faults: [], zeroed: 0 });
    await expect(importFeatures({ ...options, videos: ['c'], name: 'tiny' })).rejects.toThrow(
      'c.npy: its values are too small for float16',
    );
  });

  it('not of some small values among greater ones, which are counted', async () => {
    write('a', [6, 4], (i) => (i % 4 === 0 ? 1e-9 : i));
    expect(await imported({ videos: ['a'] })).toMatchObject({ imported: 1, faults: [], zeroed: 2 });
  });

  it('of float64 values that float32 cannot hold', async () => {
    const bytes = npyBytes([6, 2], new Float32Array(12), 'float32');
    const header = Buffer.from(bytes.subarray(0, 128)).toString('latin1').replace('<f4', '<f8');
    const write64 = (id: string, value: number) =>
      writeFileSync(
        join(from, `${id}.npy`),
        Buffer.concat([Buffer.from(header, 'latin1'), Buffer.from(new Float64Array(12).fill(value).buffer)]),
      );
    write64('tiny', 1e-60);
    write64('huge', 1e60);
    write('a', [6, 2]);
    const { faults } = await imported({ videos: ['a', 'tiny', 'huge'] });
    expect(faults).toEqual([
      { key: 'tiny', reason: expect.stringMatching(/4 of 4 become 0, the greatest magnitude is 1.0e-60.*such as 1e60/) },
      { key: 'huge', reason: expect.stringMatching(/row 0 holds 1e\+60 at value 0, too large for float16.*such as 1e-60/) },
    ]);
  });

  it('a file of another name is named', async () => {
    const rename = (id: string, name: string) => renameSync(join(from, `${id}.npy`), join(from, name));
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    for (const id of ids) write(id, [6, 2]);
    rename('b', 'b.mp4.npy');
    rename('c', 'vggish_c.npy');
    rename('d', 'd-clip.NPY');
    rename('e', 'e.pt');
    rename('f', 'F.npy'); // another id
    write('x_g', [6, 2]);
    rename('g', 'g.x.npy');
    rename('h', 'h.NPY');
    symlinkSync('/nowhere/a.npy', join(from, 'i.npy'));
    const { imported: taken, faults } = await imported({ videos: [...ids, 'i'] });
    expect(taken).toBe(2); // a and h
    expect(faults.map(({ reason }) => reason)).toEqual([
      'theirs/b.npy: is not there, but b.mp4.npy is. If that is its file, rename it to b.npy',
      'theirs/c.npy: is not there, but vggish_c.npy is. If that is its file, rename it to c.npy',
      'theirs/d.npy: is not there, but d-clip.NPY is. If that is its file, rename it to d.npy',
      'theirs/e.npy: is not there, but e.pt is. Features are read from .npy: save them with numpy.save',
      'theirs/f.npy: is not there',
      'theirs/g.npy: is not there, but g.x.npy and x_g.npy are. Name the right one g.npy',
      'theirs/i.npy: is a link to /nowhere/a.npy, which is not there',
    ]);
  });

  it('a shard of nothing else, once others are there', async () => {
    write('a', [6, 4, 2]);
    await imported({ layout: 'patches', videos: ['a'] });
    write('b', [6, 4, 2], (i) => i % 2);
    expect(await imported()).toMatchObject({ imported: 0, kept: 1, faults: [{ key: 'b' }] });
  });

  it('patches that were kept although all are equal stay', async () => {
    write('a', [6, 4, 2], (i) => i % 2);
    await imported({ layout: 'patches', videos: ['a'], constant: 'keep' });
    expect(await imported({ videos: ['a'] })).toMatchObject({ imported: 0, kept: 1, faults: [] });
  });

  it('a value that is not finite in a second that no segment stands for does not matter', async () => {
    write('a', [6, 2], (i) => (i === 2 ? NaN : i));
    expect(await imported({ videos: ['a'] })).toMatchObject({ imported: 1, faults: [] });
  });

  it('one frame with patches that differ is enough, and one patch alone repeats nothing', async () => {
    write('a', [6, 4, 2], (i) => (i < 24 ? i % 2 : i));
    write('b', [6, 4, 2]);
    expect(await imported({ layout: 'patches' })).toMatchObject({ imported: 2 });
    write('c', [6, 1, 2]);
    expect(await imported({ videos: ['c'], layout: 'patches', name: 'one' })).toMatchObject({ imported: 1 });
  });

  it('the shape of most files is the right one, whichever comes first', async () => {
    write('a', [6, 7]);
    for (const id of ['b', 'c']) write(id, [6, 2]);
    const { faults } = await imported({ videos: ['a', 'b', 'c'] });
    expect(faults).toEqual([{ key: 'a', reason: 'theirs/a.npy: has shape [6, 7], expected [time, 2] as the others' }]);
  });
});

describe('a doubt', () => {
  it('is a video that is the same in every segment', async () => {
    write('a', [6, 2], (i) => 1 + (i % 2));
    write('b', [6, 2]);
    expect(await imported()).toMatchObject({
      imported: 2,
      faults: [],
      doubts: [{ key: 'a', field: 'frame', reason: 'it is the same in all 2 segments' }],
    });
    expect(await imported()).toMatchObject({ kept: 2, doubts: [{ key: 'a' }] }); // is said again
  });

  it('is one and the same vector in every segment of every video', async () => {
    for (const id of videos) write(id, [6, 2], (i) => 1 + (i % 2));
    const { doubts, store } = await imported({ videos, as: 'audio', name: 'vggish' });
    expect(doubts).toHaveLength(70);
    expect(doubts[0]).toEqual({ key: 'video0', field: 'audio', reason: 'it is the same in all 2 segments of all 32 videos of its shard' });
    expect(store.doubts('audio', ['video69'])[0].reason).toBe('it is the same in all 2 segments of all 6 videos of its shard');
  });

  it('is one and the same file for every video, but not what some share', async () => {
    for (const id of ['a', 'b', 'c']) write(id, [6, 2]);
    const reason = 'it is the same in all 3 videos of its shard';
    expect((await imported({ videos: ['a', 'b', 'c'] })).doubts.map((doubt) => doubt.reason)).toEqual([reason, reason, reason]);
    write('c', [6, 2], (i) => i);
    expect(await imported({ videos: ['a', 'b', 'c'], name: 'other' })).toMatchObject({ imported: 3, doubts: [] });
  });

  it('is a video of zeros, once', async () => {
    write('a', [6, 2], () => 0);
    write('b', [6, 2]);
    expect((await imported()).doubts).toEqual([{ key: 'a', field: 'frame', reason: 'all its values are 0' }]);
  });
});

describe('goes on', () => {
  const fromSources = ['--conditions=@tass/source', '--require', join(dirname(require.resolve('@tass/testing')), 'typescript.cjs')];

  beforeEach(() => {
    videos.forEach((id, index) => write(id, [6, 5, 2], (i) => (i + index) / 8));
    rmSync(join(from, 'video3.npy'));
    truncateSync(join(from, 'video40.npy'), 200);
    options = { ...options, ...classAndPatches, videos };
  });

  it('after a kill, and ends with the same bytes', async () => {
    const { folder, faults } = await importFeatures(options);
    expect(faults.map(({ key }) => key)).toEqual(['video3', 'video40']);
    const undisturbed = filesOf();
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
    expect(filesOf()).toEqual(undisturbed);
  });

  it('after it was stopped, within a shard too', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const onProgress = ({ stage, done, total }: { stage: string; done: number; total: number }) => {
      seen.push(`${stage} ${done}/${total}`);
      if (done === 32) setTimeout(() => stop.abort(new Error('enough')));
    };
    await expect(importFeatures({ ...options, onProgress, signal: stop.signal })).rejects.toThrow('enough');
    expect(seen).toEqual(['checked 70/70', 'imported 32/70']);
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
    await refused({ name: '../x' }).toThrow('encoders: name is "../x", expected letters, digits, dots, dashes and underscores');
    await refused({ segments: 0 }).toThrow('encoders: segments is 0, expected a whole number above 0');
    await refused({ segmentSeconds: 1.5 }).toThrow('encoders: segmentSeconds is 1.5, expected a whole number above 0');
    await refused({ space: 'clip' }).toThrow('encoders: space is "clip", expected own or clip:<model\'s name>');
    await refused({ as: 'audio', space: 'own' }).toThrow('encoders: space is "own", but sound lies in no space of pictures');
    await refused({ as: 'audio', frames: 'x' }).toThrow('encoders: frames is x, but as is audio');
    await refused({ as: 'audio', layout: 'patches' }).toThrow('encoders: layout is patches, but sound has no regions');
    await refused({ videos: [] }).toThrow('encoders: no video is to be imported');
    await refused({}).toThrow('encoders: there is no folder nowhere, expected <video id>.npy in it');
  });

  it('of the layout names a file, its shape and what it may be', async () => {
    for (const id of options.videos) write(id, [6, 14, 4]);
    await expect(importFeatures(options)).rejects.toThrow(`encoders: ${from}/a.npy has shape [6, 14, 4], which may be class-and-patches`);
    await expect(importFeatures({ ...options, layout: 'channels-last' })).rejects.toThrow(
      `encoders: ${from}/a.npy has shape [6, 14, 4], expected [time, height, width of the map, width] (layout=channels-last)`,
    );
    expect(readdirSync(root)).toEqual(['theirs']);
    expect(await importFeatures({ ...options, layout: 'class-and-patches' })).toMatchObject({ imported: 2 });
    expect(await importFeatures(options)).toMatchObject({ kept: 2, layout: 'class-and-patches' }); // the store knows it
  });

  it('of all files names the first, and makes no store', async () => {
    await expect(importFeatures(options)).rejects.toThrow(`encoders: none of 2 files can be read; ${from}/a.npy: is not there`);
    for (const id of options.videos) write(id, [20, 2]);
    await expect(importFeatures(options)).rejects.toThrow(
      `encoders: none of 2 files can be imported; ${from}/a.npy has 20 rows, expected 6 (one`,
    );
    expect(readdirSync(root)).toEqual(['theirs']);
    for (const id of options.videos) write(id, [6, 5, 2], () => 0);
    await expect(importFeatures({ ...options, ...classAndPatches })).rejects.toThrow(
      'none of the first 2 videos could be imported; theirs/a.npy: all its values are 0: these are no features',
    );
  });

  it('of sound with regions, and of frames that do not fit the patches', async () => {
    for (const id of options.videos) write(id, [6, 4, 2]);
    await expect(importFeatures({ ...options, as: 'audio' })).rejects.toThrow(
      `${from}/a.npy has shape [6, 4, 2], expected [time, width] (layout=vectors)`,
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
