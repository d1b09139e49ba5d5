import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { classAndPatches, importFolder, videos } from './fixtures/import-folder';
import { importFeatures, type ImportOptions } from './import-features';
import { npyBytes } from './npy-bytes';

let root: string;
let from: string;
let options: ImportOptions;
let write: ReturnType<typeof importFolder>['write'];
let imported: ReturnType<typeof importFolder>['imported'];
beforeEach(() => ({ root, from, options, write, imported } = importFolder()));
afterEach(() => rmSync(root, { recursive: true }));

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
          'theirs/pooled.npy: all 4 patches are equal: this is the pooled vector repeated, not patch features. --constant=keep takes it all the same',
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

  it('of patches too small for float16, next to a class token that is not', async () => {
    for (const id of ['a', 'b']) write(id, [6, 5, 2], (i) => (id === 'b' || i % 10 < 2 ? i + 1 : (i + 1) * 1e-9));
    const { faults } = await imported({ ...classAndPatches });
    expect(faults).toEqual([
      {
        key: 'a',
        reason: expect.stringMatching(
          /^theirs\/a\.npy: its patches are too small for float16, .* of 16 become 0, .* Bring class token and patches to one scale/,
        ),
      },
    ]);
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
    mkdirSync(join(from, 'j'));
    execFileSync('mkfifo', [join(from, 'k.npy')]); // which a reader would wait for
    const { imported: taken, faults } = await imported({ videos: [...ids, 'i', 'j', 'k'] });
    expect(taken).toBe(2); // a and h
    expect(faults.map(({ reason }) => reason)).toEqual([
      'theirs/b.npy: is not there, but b.mp4.npy is. If that is its file, rename it to b.npy',
      'theirs/c.npy: is not there, but vggish_c.npy is. If that is its file, rename it to c.npy',
      'theirs/d.npy: is not there, but d-clip.NPY is. If that is its file, rename it to d.npy',
      'theirs/e.npy: is not there, but e.pt is. If it holds its features, save them as e.npy with numpy.save',
      'theirs/f.npy: is not there, but F.npy is. If that is its file, rename it to f.npy',
      'theirs/g.npy: is not there, but g.x.npy and x_g.npy are. Name the right one g.npy',
      'theirs/i.npy: is a link to /nowhere/a.npy, which is not there',
      'theirs/j.npy: is not there, but the folder j is. Each video needs one file, j.npy',
      'theirs/k.npy: is not a file, expected a .npy file',
    ]);
  });

  it('not the file of another video whose id holds its own', async () => {
    for (const id of ['b', 'a_b']) write(id, [6, 2]);
    rmSync(join(from, 'b.npy'));
    expect(await imported({ videos: ['b', 'a_b'], absent: 'leave out' })).toMatchObject({ imported: 1, absent: 1, faults: [] });
    await expect(imported({ videos: ['b'] })).rejects.toThrow('but a_b.npy is');
  });

  it('a folder without any of the files is an error that says what it holds', async () => {
    mkdirSync(join(from, 'vggish'));
    await expect(imported()).rejects.toThrow(`none of 2 files can be read; ${join(from, 'a.npy')}: is not there; the folder holds vggish`);
    await expect(imported({ absent: 'leave out' })).rejects.toThrow(
      `of none of the 2 videos there is a file in ${from} (the folder holds vggish)`,
    );
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

  it('is a float16 file whose values have lost their digits already', async () => {
    const bytes = npyBytes(
      [6, 2],
      Float32Array.from({ length: 12 }, (_, i) => (i + 1) * 1e-7),
      'float16',
    );
    writeFileSync(join(from, 'a.npy'), bytes);
    const { faults, doubts } = await imported({ videos: ['a'] });
    expect(faults).toEqual([]);
    expect(doubts.map(({ reason }) => reason)).toEqual([
      'its values are all below 6e-5, where float16 keeps few digits; they may have lost theirs before',
    ]);
  });

  it('is a video of zeros, once', async () => {
    write('a', [6, 2], () => 0);
    write('b', [6, 2]);
    expect((await imported()).doubts).toEqual([{ key: 'a', field: 'frame', reason: 'all its values are 0' }]);
  });
});
