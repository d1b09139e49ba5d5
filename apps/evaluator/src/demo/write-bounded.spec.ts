import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { writeBounded } from './write-bounded';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'bounded-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it.each([
  [6, true, 'abcdef'],
  [5, false, 'abc'],
])('of 6 bytes at most %d: %s', async (most, isWhole, written) => {
  const file = join(folder, 'video');
  expect(await writeBounded(Readable.from([Buffer.from('abc'), Buffer.from('def')]), file, most)).toBe(isWhole);
  expect(readFileSync(file, 'utf8')).toBe(written);
});
