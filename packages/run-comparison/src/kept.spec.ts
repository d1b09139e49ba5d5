import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kept } from './kept';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tass-kept-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const isNumber = (stored: unknown): stored is number => typeof stored === 'number';
const refuse = (): never => {
  throw new Error('computed again');
};

it('computes once, and leaves one file', () => {
  const file = join(folder, 'below/it.json');
  expect(kept(file, isNumber, () => 7)).toBe(7);
  expect(kept(file, isNumber, refuse)).toBe(7);
  expect(readdirSync(join(folder, 'below'))).toEqual(['it.json']);
});

it.each(['', '\0\0', '{"half', '"a text"'])('computes again where a file is not whole: %j', (text) => {
  const file = join(folder, 'it.json');
  writeFileSync(file, text);
  expect(kept(file, isNumber, () => 8)).toBe(8);
  expect(readFileSync(file, 'utf8')).toMatch(/^{"value":8,"seal":"[0-9a-f]{64}"}\n$/);
});

it('goes without keeping where the disk refuses, not where the work fails', () => {
  writeFileSync(join(folder, 'no-folder'), '');
  expect(kept(join(folder, 'no-folder/it.json'), isNumber, () => 9)).toBe(9);
  expect(() => kept(join(folder, 'it.json'), isNumber, refuse)).toThrow('computed again');
});
