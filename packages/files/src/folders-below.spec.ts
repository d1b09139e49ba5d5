import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { foldersBelow } from './folders-below';

let root: string;
let elsewhere: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tass-folders-'));
  elsewhere = mkdtempSync(join(tmpdir(), 'tass-elsewhere-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
  rmSync(elsewhere, { recursive: true });
});
const make = (...folders: string[]) => folders.forEach((folder) => mkdirSync(join(root, folder), { recursive: true }));
const link = (name: string, to: string) => symlinkSync(to, join(root, name));
const below = (from = root, isLeaf?: (folder: string) => boolean) => {
  const { folders, lost } = foldersBelow(from, isLeaf);
  return {
    folders: folders.map((folder) => relative(from, folder)),
    lost: lost.map(({ path, reason }) => `${relative(from, path)} ${reason}`),
  };
};

it('are found through links, on other disks too', () => {
  make('a/b');
  mkdirSync(join(elsewhere, 'deep/deeper'), { recursive: true });
  link('a/linked', elsewhere);
  expect(below()).toEqual({ folders: ['', 'a', 'a/b', 'a/linked', 'a/linked/deep', 'a/linked/deep/deeper'], lost: [] });
});

it('are listed once, under their own name, however many links lead to them', () => {
  make('z/deep');
  link('a', join(root, 'z'));
  link('b', 'z/deep');
  symlinkSync(join(root, 'z'), join(elsewhere, 'back'));
  link('c', elsewhere);
  link('d', elsewhere);
  expect(below()).toEqual({ folders: ['', 'z', 'z/deep', 'c'], lost: [] });
});

it('end where links make a circle', () => {
  make('a/b');
  link('a/b/up', '..');
  link('a/b/root', root);
  link('self', 'self');
  symlinkSync(root, join(elsewhere, 'home'));
  link('away', elsewhere);
  expect(below()).toEqual({ folders: ['', 'a', 'a/b', 'away'], lost: ['self is a link that leads back to itself'] });
});

it('of a root that is a link itself', () => {
  make('a');
  symlinkSync(root, join(elsewhere, 'root'));
  expect(below(join(elsewhere, 'root')).folders).toEqual(['', 'a']);
});

it('names links that lead nowhere, the root among them', () => {
  link('gone', '/nowhere/at/all');
  expect(foldersBelow(join(root, 'gone'))).toEqual({
    folders: [],
    lost: [{ path: join(root, 'gone'), reason: 'is a link to /nowhere/at/all, which is not there' }],
  });
  expect(below()).toEqual({ folders: [''], lost: ['gone is a link to /nowhere/at/all, which is not there'] });
});

it('leave out files, hidden names and what is below a leaf', () => {
  make('a/inner', '.hidden/x', 'b/inner');
  writeFileSync(join(root, 'file'), '');
  link('to-file', 'file');
  expect(below(root, (folder) => folder.endsWith('a')).folders).toEqual(['', 'a', 'b', 'b/inner']);
});

it('are none where there is nothing', () => {
  expect(below(join(root, 'none'))).toEqual({ folders: [], lost: [] });
});
