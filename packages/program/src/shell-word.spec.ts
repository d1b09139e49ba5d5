import { spawnSync } from 'node:child_process';
import { UsageError } from './options';
import { shellWord } from './shell-word';

const words = [
  'plain',
  '',
  ' ',
  'a b',
  "it's '' done",
  '"$HOME" $(exit 1) `exit 1` \\ \\n ! * ?',
  'k={a: 1, "b c": [2]}',
  '-n',
  '~',
  'two\nlines\r\n#SBATCH --hold',
  'Größe ∑ 🎻',
  '\x01f\x7f0',
];

it('writes words that bash reads back unchanged, on one line', () => {
  const text = `printf '%s\\0' ${words.map(shellWord).join(' ')}`;
  expect(text).not.toMatch(/[\r\n]/);
  const { stdout } = spawnSync('bash', ['-c', text], { encoding: 'utf8' });
  expect(stdout.split('\0').slice(0, -1)).toEqual(words);
});

it.each(words.filter((word) => !/[\x00-\x1f\x7f]/.test(word)))('any shell reads %j back', (word) => {
  expect(spawnSync('sh', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' }).stdout).toBe(word);
});

it('leaves words of options and settings as they are', () => {
  for (const word of ['--exp=ablations/no-text', 'seed=1,2', '50%']) expect(shellWord(word)).toBe(word);
});

it('refuses what no program can be given', () => {
  expect(() => shellWord('a\0b')).toThrow(UsageError);
  expect(() => shellWord('a\0b')).toThrow('"a\\u0000b" holds a NUL character');
});
