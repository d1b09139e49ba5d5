import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastLines } from './log-tail';

const folder = mkdtempSync(join(tmpdir(), 'tass-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('gives the last lines of a log from a byte on, and nothing that a terminal would obey', () => {
  const file = join(folder, 'log.txt');
  expect(lastLines(file, 0)).toEqual([]);
  writeFileSync(file, `first\nsecond\r\n\x1b]0;title\x07\x1b[2Jthird\n${'x'.repeat(600)}\n`);
  expect(lastLines(file, 0, 3)).toEqual(['second', ']0;title[2Jthird', `${'x'.repeat(499)}…`]);
  expect(lastLines(file, 6, 9).slice(0, 1)).toEqual(['second']);
});
