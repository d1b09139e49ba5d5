import { homedir } from 'node:os';
import { join } from 'node:path';
import { readOptions, UsageError } from './options';

const known = { exp: 'value', resume: 'optional', cfg: 'flag', only: 'list', out: 'path' } as const;
const read = (...words: string[]) => readOptions(words, known, { '--experiment': 'exp', '-c': 'cfg' });
const none = { exp: undefined, resume: undefined, cfg: false, only: [], out: undefined };

it.each<[string[], object, string[]]>([
  [[], {}, []],
  [['--exp=tass', 'a=1', '--cfg', '~b', '+c=2'], { exp: 'tass', cfg: true }, ['a=1', '~b', '+c=2']],
  [['--experiment=ablations/cms', '-c'], { exp: 'ablations/cms', cfg: true }, []],
  [['--resume'], { resume: true }, []],
  [['--resume=x=y'], { resume: 'x=y' }, []],
  [['--only=seed=1', '--only=a=b c'], { only: ['seed=1', 'a=b c'] }, []],
  [['--out=~/x'], { out: join(homedir(), 'x') }, []],
  [['--out=./~'], { out: './~' }, []],
  [['title=a "b" $(c)\n'], {}, ['title=a "b" $(c)\n']],
])('%j', (words, options, rest) => expect(read(...words)).toEqual({ options: { ...none, ...options }, rest }));

it.each<[string[], string]>([
  [['--exp'], '--exp has no value, expected --exp=VALUE'],
  [['--exp='], '--exp has no value'],
  [['--cfg=1'], '--cfg takes no value'],
  [['--exp=a', '--experiment=b'], '--exp is given more than once, expected one'],
  [
    ['--onyl=a'],
    '--onyl is not an option, expected --exp=VALUE, --resume[=VALUE], --cfg, --only=VALUE, --out=VALUE; settings are written key=value. Did you mean --only?',
  ],
  [
    ['-v', '--exp'],
    '-v is not an option, expected --exp=VALUE, --resume[=VALUE], --cfg, --only=VALUE, --out=VALUE; settings are written key=value; --exp has no value',
  ],
  [['--toString'], '--toString is not an option'],
])('refuses %j', (words, message) => {
  expect(() => read(...words)).toThrow(message);
  expect(() => read(...words)).toThrow(UsageError);
});

it('says where there are no options', () =>
  expect(() => readOptions(['--port=1'], {})).toThrow(/^--port is not an option, there are none here$/));
