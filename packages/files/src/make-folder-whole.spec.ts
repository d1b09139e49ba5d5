import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolderWhole } from './make-folder-whole';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'tass-whole-'))));
afterEach(() => rmSync(root, { recursive: true }));

it('makes a folder with its files, and the folders above it', () => {
  const folder = join(root, 'a/b');
  expect(makeFolderWhole(folder, [['one', '1'], ['two', Buffer.from('2')]])).toBe(true); // prettier-ignore
  expect(['one', 'two'].map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual(['1', '2']);
  expect(readdirSync(join(root, 'a'))).toEqual(['b']);
});

it('leaves a folder with content as it is, and says so', () => {
  makeFolderWhole(join(root, 'a'), [['one', '1']]);
  expect(makeFolderWhole(join(root, 'a'), [['two', '2']])).toBe(false);
  expect([readdirSync(root), readdirSync(join(root, 'a'))]).toEqual([['a'], ['one']]);
});

it('names the parent that is a file, or lies below one', () => {
  writeFileSync(join(root, 'file'), '');
  expect(() => makeFolderWhole(join(root, 'file/a'), [['one', '1']])).toThrow(/^EEXIST: file already exists, mkdir '.*\/file'$/);
  expect(() => makeFolderWhole(join(root, 'file/a/b'), [['one', '1']])).toThrow(/^ENOTDIR: not a directory, mkdir '.*\/file\/a'$/);
});

it('gives the error that ended it, also where the clean-up fails', () => {
  const parent = join(root, 'a');
  function* files(): Generator<[string, string]> {
    yield ['one', '1'];
    rmSync(parent, { recursive: true });
    writeFileSync(parent, '');
    throw new Error('no second file');
  }
  expect(() => makeFolderWhole(join(parent, 'b'), files())).toThrow('no second file');
});

it('leaves nothing behind where a file cannot be written', () => {
  mkdirSync(join(root, 'other'));
  writeFileSync(join(root, 'other', 'mine'), '');
  expect(() => makeFolderWhole(join(root, 'a'), [['one', '1'], ['none/two', '2']])).toThrow('ENOENT'); // prettier-ignore
  expect(readdirSync(root)).toEqual(['other']);
});
