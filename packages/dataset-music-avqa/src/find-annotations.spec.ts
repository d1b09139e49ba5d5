import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findAnnotations, readSplit } from './index';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'find-'))));
afterEach(() => rmSync(root, { recursive: true }));

function put(...names: string[]): string {
  const file = join(root, ...names);
  mkdirSync(join(file, '..'), { recursive: true });
  cpSync(join(__dirname, '../fixtures/avqa-val.json'), file);
  return file;
}

it.each([[[]], [['json']], [['json_update']], [['music-avqa']], [['data', 'json_update']]])('finds the file in root/%j', (folders) => {
  const file = put(...folders, 'avqa-val.json');
  expect(findAnnotations(root, 'val')).toBe(file);
  expect(findAnnotations(root, 'test')).toBeUndefined();
  expect(readSplit(root, 'val').questions).toHaveLength(6);
});

it('takes json_update before json, as a clone of the official repository holds both', () => {
  put('json', 'avqa-val.json');
  const update = put('json_update', 'avqa-val.json');
  expect(findAnnotations(root, 'val')).toBe(update);
});

it('finds gzipped files, the plain one first', () => {
  const zipped = put('avqa-val.json.gz');
  expect(findAnnotations(root, 'val')).toBe(zipped);
  const plain = put('avqa-val.json');
  expect(findAnnotations(root, 'val')).toBe(plain);
});

it('never takes train_fake for train', () => {
  const fake = put('avqa-train_fake.json');
  expect(findAnnotations(root, 'train')).toBeUndefined();
  expect(findAnnotations(root, 'train_fake')).toBe(fake);
});

it('names every place it searched and where the file is to be had', () => {
  const places = ['', 'json_update', 'json', 'music-avqa', 'data/json_update'].map((folder) => join(root, folder)).join(', ');
  expect(() => readSplit(root, 'train')).toThrow(
    `avqa-train.json or avqa-train.json.gz is in none of ${places}. The official files are in`,
  );
});

it.each(['avqa_val.json', 'AVQA-val.JSON', 'avqa-val (1).json', 'avqa-val.json.txt', 'avqa-val'])(
  'names a file that is called %s',
  (name) => {
    const file = put('json_update', name);
    expect(() => readSplit(root, 'val')).toThrow(
      `${join(root, 'data/json_update')}. There is ${file}: rename it if it is the file. The official`,
    );
  },
);

it('names a link that leads nowhere', () => {
  symlinkSync('/nowhere/avqa-val.json', join(root, 'avqa-val.json'));
  put('avqa-train_fake.json');
  expect(() => readSplit(root, 'val')).toThrow(
    `. ${join(root, 'avqa-val.json')} is a link to /nowhere/avqa-val.json, which is not there. The official`,
  );
  expect(() => readSplit(root, 'train')).toThrow(`${join(root, 'data/json_update')}. The official`); // train_fake is another file
});
