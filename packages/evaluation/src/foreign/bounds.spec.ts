import { existsSync, truncateSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { ForeignFile } from '../fixtures/foreign-file';
import { question } from '../fixtures/questions';
import { readForeignPredictions } from '../index';

const MB = 2 ** 20;
const packed = gzipSync(Buffer.alloc(MB));
const questions = [1, 2, 3].map((id) => question(id, 'v'));
const file = new ForeignFile(questions);
afterAll(() => file.remove());

it('names the line of a quote that is not closed, in a file of 50 MB within 300 MB of memory', () => {
  const before = process.resourceUsage().maxRSS;
  expect(file.refusal(Buffer.concat([Buffer.from('id,pred\n1,no\n2,"yes\n'), Buffer.alloc(50 * MB, 'a,b\n')]))).toBe(
    'line 3 opens a quote that is not closed: "2,\\"yes"',
  );
  expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(300); // measured 110, the content included
});

it.each<[string, () => string | Buffer, string]>([
  ['a quote that is not closed in a small file', () => 'id,pred\n1,no\n\n2,"yes\n3,no', 'line 4 opens a quote that is not closed: "2,\\"yes"'],
  ['a quote that is closed elsewhere', () => 'id,pred\n1,"no\n2,"yes"\n3,no', 'line 2 opens a quote that ends within a field, in line 3: "1,\\"no"'],
  ['a million columns', () => `id,pred${',c'.repeat(1e6)}\n`, 'line 1 is longer than 1 MB: "id,pred,c,c,'],
  ['many columns', () => `id,pred${',c'.repeat(1000)}\n`, 'has more than 200 keys ("id", "pred", "c" and 999 more), expected an id, an answer and a few more'],
  ['many rows', () => `id,pred\n${'1,no\n'.repeat(2000)}`, 'has more than 1009 rows, far more than there are questions'],
  ['brackets', () => '['.repeat(3 * MB), 'is not JSON: line 1: expected items of at most 1 MB; this one is longer, or does not end, found "[[[[['],
  ['a JSON text without end', () => `[{"id": 1, "pred": "no"},\n{"id": 2, "pred": "${'x'.repeat(2 * MB)}`, 'is not JSON: line 2: expected items of at most 1 MB'],
  ['a JSON list of millions', () => `[${'0,'.repeat(2 * MB)}0]`, 'has more than 1009 rows'],
  ['a JSON map of millions', () => `{"1": 1${',"2":1'.repeat(MB)}}`, 'has more than 1009 rows'],
  ['an object of many keys', () => `{"id": 1${Array.from({ length: 300 }, (_, at) => `,"k${at}":1`).join('')}}`, 'has more than 200 keys'],
  ['a map whose keys are no ids', () => JSON.stringify(Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`q${at}`, 'no']))), 'has more than 200 keys ("q0", "q1", "q2" and 198 more)'],
  ['millions of lists below keys', () => `{"0k": [1]${',"k":[1]'.repeat(MB)}}`, 'has more than 200 keys ("0k", "k", "k" and 198 more)'],
  ['300 MB packed into few', () => Buffer.concat(Array.from({ length: 300 }, () => packed)), 'has more than 256 MB when unpacked, expected at most 256 MB. Keep ids and answers only'],
])('refuses %s', (_, content, message) => expect(file.refusal(content())).toContain(message)); // prettier-ignore

it('refuses a file of 300 MB by its size', () => {
  writeFileSync(file.path, '');
  truncateSync(file.path, 300 * MB);
  expect(() => readForeignPredictions(file.path, questions)).toThrow('has 300 MB, expected at most 256 MB. Keep ids and answers only');
});

(existsSync('/dev/zero') ? it : it.skip)('refuses a file without end (skipped where there is no /dev/zero)', () => {
  expect(() => readForeignPredictions('/dev/zero', questions)).toThrow(
    'has more than 256 MB, expected at most 256 MB. Keep ids and answers only',
  );
});
