import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeAbsence, namesHolding } from './absent';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'absent-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it('tells a dangling link from a file that is not there', () => {
  symlinkSync('/nowhere/b.npy', join(folder, 'a.npy'));
  expect(describeAbsence(join(folder, 'a.npy'))).toBe('is a link to /nowhere/b.npy, which is not there');
  expect(describeAbsence(join(folder, 'b.npy'))).toBe('is not there');
});

it('finds an id between separators, not within a longer one', () => {
  const names = [
    '00000012.mp4.npy',
    '00000012.npz',
    'feat_00000012-v2.npy',
    '100000012.npy',
    'sa00000012.npy',
    'video00000012.npy',
    '00000012vggish.npy',
    'mp400000012.npy',
    'my_own-video.NPY',
    'a b.npy',
  ];
  for (const name of names) writeFileSync(join(folder, name), '');
  expect(namesHolding(folder, '00000012')).toEqual([
    ...['00000012.mp4.npy', '00000012.npz', '00000012vggish.npy', 'feat_00000012-v2.npy', 'video00000012.npy'],
  ]);
  expect(namesHolding(folder, '00000012.mp4')).toEqual(['00000012.mp4.npy']);
  expect(namesHolding(folder, 'my_own-video')).toEqual(['my_own-video.NPY']);
  expect(namesHolding(folder, 'a b')).toEqual(['a b.npy']);
  expect(namesHolding(folder, '0000001')).toEqual([]);
  expect(namesHolding(join(folder, 'none'), 'a')).toEqual([]);
});

it('knows the ids of MUSIC-AVQA v2.0, in which a mirrored copy and a piece are videos of their own', () => {
  for (const name of ['x-1_flip.npy', 'x-1_#04.npy', 'x-1_#04_flip.npy', 'vggish_x-1_#05.npy', 'y_flipped.npy'])
    writeFileSync(join(folder, name), '');
  expect(namesHolding(folder, 'x-1')).toEqual([]);
  expect(namesHolding(folder, 'x-1_flip')).toEqual(['x-1_flip.npy']);
  expect(namesHolding(folder, 'x-1_#04')).toEqual(['x-1_#04.npy']);
  expect(namesHolding(folder, 'x-1_#05')).toEqual(['vggish_x-1_#05.npy']);
  expect(namesHolding(folder, 'y')).toEqual(['y_flipped.npy']);
});

it('falls back on names that differ in leading zeros or in case', () => {
  for (const name of ['93.mp4', 'SA00000001.mp4', '00000094.mp4', '94.mp4']) writeFileSync(join(folder, name), '');
  expect(namesHolding(folder, '00000093')).toEqual(['93.mp4']);
  expect(namesHolding(folder, 'sa00000001')).toEqual(['SA00000001.mp4']);
  expect(namesHolding(folder, '00000094')).toEqual(['00000094.mp4']);
  expect(namesHolding(folder, '00000009')).toEqual([]);
});
