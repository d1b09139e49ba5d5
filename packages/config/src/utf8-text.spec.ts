import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from './config-error';
import { readYaml } from './yaml';

const folder = mkdtempSync(join(tmpdir(), 'tass encodings '));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'main.yaml');
const read = (bytes: Buffer): string => {
  writeFileSync(file, bytes);
  try {
    readYaml(file);
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
};
const text = 'seed: 1\ntitle: größe\n';
const utf16 = Buffer.from(text, 'utf16le');

it.each<[string, Buffer, string]>([
  ['Latin-1', Buffer.from(text, 'latin1'), ':2:10: the file is Latin-1 (or another encoding with one byte a letter), expected UTF-8.'],
  ['UTF-16 with its mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]), ': the file is UTF-16, expected UTF-8.'],
  ['UTF-16 without', utf16, ': the file is UTF-16LE, expected UTF-8.'],
  ['UTF-16, the high byte first', Buffer.from(utf16).swap16(), ': the file is UTF-16BE, expected UTF-8.'],
])('names %s, and a command that converts it', (_name, bytes, message) => {
  const said = read(bytes);
  expect(said).toContain(`${file}${message}`);
  const [, command] = /Convert it: (.*)$/.exec(said)!;
  expect(spawnSync('bash', ['-c', command], { cwd: folder }).status).toBe(0);
  expect(readFileSync(join(folder, 'utf8.yaml'), 'utf8').replace('\ufeff', '')).toBe(text);
});

it('reads UTF-8, with and without its mark', () => {
  expect([read(Buffer.from(text)), read(Buffer.from(`\ufeff${text}`))]).toEqual(['', '']);
});

it.each(['a: 1\n---\nb: 2\n', 'a: 1\n---\n'])('names a second document by its line: %j', (several) => {
  expect(read(Buffer.from(several))).toMatch(
    /main\.yaml:2:1: a second document begins here, and a file holds one\. Put it into a file of its own/,
  );
});
