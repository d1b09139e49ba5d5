import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from './digests';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'digests-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

it('reads a large file once, until its size or its time changes', () => {
  const bytes = Buffer.alloc(17e6, 1);
  const file = join(folder, 'a.onnx');
  writeFileSync(file, bytes);
  const read = jest.fn(() => sha256(bytes));
  expect([digestOf(folder, 'a.onnx', read), digestOf(folder, 'a.onnx', read)]).toEqual([sha256(bytes), sha256(bytes)]);
  expect(read).toHaveBeenCalledTimes(1);

  bytes[5] = 2;
  const { mtimeMs } = statSync(file);
  writeFileSync(file, bytes);
  utimesSync(file, new Date(), new Date(mtimeMs + 5000));
  expect(digestOf(folder, 'a.onnx', read)).toBe(sha256(bytes));
  expect(read).toHaveBeenCalledTimes(2);

  writeFileSync(join(folder, '.digests.json'), 'null');
  expect(digestOf(folder, 'a.onnx', read)).toBe(sha256(bytes));
});

it('reads a small one each time and leaves nothing beside it', () => {
  writeFileSync(join(folder, 'config.json'), '{}');
  expect(digestOf(folder, 'config.json', () => sha256(Buffer.from('{}')))).toBe(sha256(Buffer.from('{}')));
  expect(existsSync(join(folder, '.digests.json'))).toBe(false);
});
