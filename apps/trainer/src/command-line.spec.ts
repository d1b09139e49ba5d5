import { resolve } from 'node:path';
import { UsageError, parseCommandLine, usage } from './command-line';

const nothing = { help: false, experiment: undefined, resume: undefined, show: false, overrides: [] };

it.each<[string, object]>([
  ['--exp=tass', { experiment: 'tass' }],
  ['--experiment=ablations/dual-stream', { experiment: 'ablations/dual-stream' }],
  ['--exp=tass a.b=1 +c=2 ~d', { experiment: 'tass', overrides: ['a.b=1', '+c=2', '~d'] }],
  ['a.b=1 --exp=tass c={x:1}', { experiment: 'tass', overrides: ['a.b=1', 'c={x:1}'] }],
  ['--exp=tass --resume', { experiment: 'tass', resume: true }],
  ['--resume=20251123-120005-seed1-abc', { resume: '20251123-120005-seed1-abc' }],
  ['--exp=tass --resume=runs/tass/x=y', { experiment: 'tass', resume: 'runs/tass/x=y' }],
  ['--exp=tass --cfg', { experiment: 'tass', show: true }],
  ['help', { help: true }],
  ['--help', { help: true }],
  ['--exp=tass help', { help: true, experiment: 'tass' }],
])('%s', (line, expected) => expect(parseCommandLine(line.split(' '))).toEqual({ ...nothing, ...expected }));

it.each<[string, string]>([
  ['', 'trainer: no experiment is named. Write --exp=NAME, for example --exp=quickstart'],
  ['seed=1', 'no experiment is named'],
  ['--resume', 'no experiment is named'],
  ['--exp', 'trainer: --exp is not an option, expected --exp=NAME'],
  ['--exp= seed=1', '--exp= is not an option'],
  [
    '--exp=tass --seed=1',
    'trainer: --seed=1 is not an option, expected --exp=NAME, --resume, --resume=RUN or --cfg; settings are written key=value',
  ],
  ['--exp=tass -v --dry', '-v --dry is not an option'],
  ['--exp=tass --resume seed=2 epochs=3', 'trainer: seed=2 epochs=3 cannot be changed on --resume'],
])('refuses "%s"', (line, message) => {
  const parse = () => parseCommandLine(line.split(' ').filter((word) => word !== ''));
  expect(parse).toThrow(message);
  expect(parse).toThrow(UsageError);
});

it('an option given twice is refused', () => {
  expect(() => parseCommandLine(['--exp=tass', '--experiment=quickstart'])).toThrow('trainer: --exp is given more than once, expected one');
});

it('a value with blanks, quotes or a line break stays one word', () => {
  const words = ['title=a "b" $(c)', 'd=1\n2'];
  expect(parseCommandLine(['--exp=tass', ...words]).overrides).toEqual(words);
});

it('help names every experiment', () => {
  const text = usage(resolve(__dirname, '../../../experiments'));
  for (const name of ['quickstart', 'tass', 'question-only', 'ablations/dual-stream']) expect(text).toContain(name);
});
