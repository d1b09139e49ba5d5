import { createWriteStream, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { allowed, refusals } from '@tass/testing';
import { parseQuestion } from './parse-question';

const folder = mkdtempSync(join(tmpdir(), 'tass-annotations-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

const row = {
  video_id: '00000093',
  question_id: 1,
  type: '["Audio", "Counting"]',
  question_content: 'How many instruments are sounding?',
  templ_values: '[]',
  question_deleted: 0,
  anser: 'two',
};
const parse = (changed: object) => () => parseQuestion({ ...row, ...changed }, 0, 'a.json', { identifiedBy: 'id', values: 'text' });

it('refuses ids and texts that no file and no question has', () => {
  expect(parse({ video_id: 'x'.repeat(200) })).not.toThrow();
  expect(parse({ video_id: 'x'.repeat(10_000) })).toThrow(
    'a.json: row 0, question_id 1: video_id has 10000 characters, expected at most 200',
  );
  expect(parse({ question_content: 'How many '.repeat(10_000) })).toThrow('question_content has 90000 characters, expected at most 10000');
});

it('refuses annotations that would take memory', async () => {
  const mebibyte = Buffer.alloc(2 ** 20);
  const zeros = Array.from({ length: 1024 }, () => mebibyte); // the rest of 10 GB is never unpacked
  await pipeline(Readable.from(zeros), createGzip({ level: 1 }), createWriteStream(at('zeros.json.gz')));
  writeFileSync(at('brackets.json'), Buffer.alloc(100_000_000, '['));
  writeFileSync(at('lists.json'), `[${'[],'.repeat(30_000_000)}[]]`);
  writeFileSync(at('large.json'), '[');
  truncateSync(at('large.json'), 2 ** 38);
  const cases = {
    'zeros.json.gz': 'has more than 128 MB when unpacked, expected at most 128 MB',
    'brackets.json': 'is not JSON (byte 100: lists and maps within one another deeper than 100 levels)',
    'lists.json': 'more than 5000000 values',
    'large.json': 'has 262144 MB, expected at most 128 MB',
  };
  const work = Object.keys(cases).map((name) => [name, `it.readAnnotationFile(${JSON.stringify(at(name))})`]);
  const found = Object.entries(
    refusals(join(__dirname, 'annotation-file.ts'), Object.fromEntries(work) as Record<keyof typeof cases, string>),
  );
  expect(found.map(([name, { message }]) => [name, message])).toEqual(
    Object.entries(cases).map(([name, expected]) => [name, expect.stringContaining(expected)]),
  );
  expect(found.every(([name, { message }]) => message.startsWith(at(name)))).toBe(true);
  expect(found.filter(([, { seconds, megabytes }]) => seconds > allowed.seconds || megabytes > allowed.megabytes)).toEqual([]);
  expect(readFileSync(at('zeros.json.gz')).length).toBeLessThan(2 ** 24);
});
