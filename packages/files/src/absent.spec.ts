import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeAbsence, NamesByID } from './absent';

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
    'my_own-video.NPY',
    'a b.npy',
  ];
  for (const name of names) writeFileSync(join(folder, name), '');
  const namesByID = new NamesByID(folder);
  expect(namesByID.get('00000012')).toEqual(['00000012.mp4.npy', '00000012.npz', 'feat_00000012-v2.npy']);
  expect(namesByID.get('my_own-video')).toEqual(['my_own-video.NPY']);
  expect(namesByID.get('a b')).toEqual(['a b.npy']);
  expect(namesByID.get('0000001')).toEqual([]);
  expect(new NamesByID(join(folder, 'none')).get('a')).toEqual([]);
});
