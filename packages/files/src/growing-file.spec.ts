import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiskError } from './disk';
import { GrowingFile } from './growing-file';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'growing-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('is there with all its parts after commit, and leaves the former one until then', () => {
  const file = join(folder, 'a.bin');
  writeFileSync(file, 'former');
  const growing = new GrowingFile(file);
  growing.append(Buffer.from('one, '));
  growing.append(Buffer.from('two'));
  expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['former', ['a.bin', 'a.bin.tmp']]);
  growing.commit();
  expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['one, two', ['a.bin']]);
});

it('leaves nothing when it is abandoned', () => {
  const growing = new GrowingFile(join(folder, 'a.bin'));
  growing.append(Buffer.from('one'));
  growing.abandon();
  expect(readdirSync(folder)).toEqual([]);
});

it('says where it cannot be written, and what to do', () => {
  const open = () => new GrowingFile(join(folder, 'none', 'a.bin'));
  expect(open).toThrow(DiskError);
  expect(open).toThrow(/^cannot write .*none\/a\.bin: there is no folder .*none\. Make it or choose another \(ENOENT\)$/);
});
