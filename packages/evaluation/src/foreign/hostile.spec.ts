import { createWriteStream, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { allowed, refusals } from '@tass/testing';

const folder = mkdtempSync(join(tmpdir(), 'tass-predictions-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

it('refuses predictions that would take memory, and names the file', async () => {
  const mebibyte = Buffer.alloc(2 ** 20);
  await pipeline(
    Readable.from(Array.from({ length: 600 }, () => mebibyte)),
    createGzip({ level: 1 }),
    createWriteStream(at('zeros.json.gz')),
  );
  writeFileSync(at('large.csv'), 'id,answer\n');
  truncateSync(at('large.csv'), 2 ** 38);
  const cases = {
    'zeros.json.gz': 'has more than 256 MB when unpacked, expected at most 256 MB',
    'large.csv': 'has 262144 MB, expected at most 256 MB',
  };
  const work = Object.keys(cases).map((name) => [name, `it.readUtf8(${JSON.stringify(at(name))})`]);
  const found = Object.entries(refusals(join(__dirname, 'text-file.ts'), Object.fromEntries(work) as Record<keyof typeof cases, string>));
  expect(found.map(([name, { message }]) => [name, message])).toEqual(
    Object.entries(cases).map(([name, expected]) => [name, `${at(name)}: ${expected}. Keep ids and answers only`]),
  );
  expect(found.filter(([, { seconds, megabytes }]) => seconds > allowed.seconds || megabytes > allowed.megabytes)).toEqual([]);
});
