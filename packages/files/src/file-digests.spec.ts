import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileDigests } from './file-digests';

const folder = mkdtempSync(join(tmpdir(), 'tass-digests-'));
afterAll(() => rmSync(folder, { recursive: true }));
const memory = join(folder, 'digests.json');
const file = join(folder, 'a.bin');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

it('digests a file, and remembers that in another program', async () => {
  writeFileSync(file, 'one');
  const digests = new FileDigests(folder, memory);
  expect(digests.isKnown('a.bin')).toBe(false);
  expect(await digests.of('a.bin')).toBe(sha256('one'));
  digests.remember();
  expect(new FileDigests(folder, memory).isKnown('a.bin')).toBe(true);
});

it('notices other content of the same length and with the same time of change', async () => {
  const { atime, mtime } = statSync(file);
  writeFileSync(file, 'two');
  utimesSync(file, atime, mtime);
  const digests = new FileDigests(folder, memory);
  expect(digests.isKnown('a.bin')).toBe(false);
  expect(await digests.of('a.bin')).toBe(sha256('two'));
});

it('forgets what it remembers where that is damaged', async () => {
  const digests = new FileDigests(folder, memory);
  await digests.of('a.bin');
  digests.remember();
  const text = readFileSync(memory, 'utf8');
  writeFileSync(memory, text.replace(sha256('two'), sha256('one')));
  expect(await new FileDigests(folder, memory).of('a.bin')).toBe(sha256('two'));
});

it('rejects for a file that is not there', async () => {
  await expect(new FileDigests(folder, memory).of('b.bin')).rejects.toThrow(/ENOENT/);
  expect(existsSync(join(folder, 'b.bin'))).toBe(false);
});

it('leaves most of its time to other work, until somebody waits for it', async () => {
  const zeros = Buffer.alloc(256 << 20); // some 160 ms without pauses, ten times as long with them
  writeFileSync(file, zeros);
  const digests = new FileDigests(folder, join(folder, 'none.json'));
  let isDone = false;
  const digested = digests.of('a.bin').finally(() => (isDone = true));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(isDone).toBe(false);
  expect(await digests.hurried(() => digested)).toBe(createHash('sha256').update(zeros).digest('hex'));
});
