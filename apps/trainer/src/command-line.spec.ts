import { resolve } from 'node:path';
import { UsageError } from '@tass/program';
import { isMultirun, parseSweep, parseTrain } from './command-line';
import { trainUsage } from './usage';

const nothing = { experiment: undefined, resume: undefined, show: undefined, overrides: [] };

it.each<[string, object]>([
  ['--exp=tass', { experiment: 'tass' }],
  ['--exp=ablations/dual-stream', { experiment: 'ablations/dual-stream' }],
  ['--exp=tass a.b=1 +c=2 ~d', { experiment: 'tass', overrides: ['a.b=1', '+c=2', '~d'] }],
  ['a.b=1 --exp=tass c={x:1}', { experiment: 'tass', overrides: ['a.b=1', 'c={x:1}'] }],
  ['--exp=tass --resume', { experiment: 'tass', resume: true }],
  ['--resume=20251123-120005-seed1-abc', { resume: '20251123-120005-seed1-abc' }],
  ['--exp=tass --resume=runs/tass/x=y', { experiment: 'tass', resume: 'runs/tass/x=y' }],
  ['--exp=tass --cfg', { experiment: 'tass', show: 'cfg' }],
  ['--exp=tass --cfg --resolve', { experiment: 'tass', show: 'resolved' }],
  ['--exp=tass --cfg job', { experiment: 'tass', show: 'cfg' }],
  ['--exp=tass --info defaults', { experiment: 'tass', show: 'defaults' }],
  ['--exp=tass --info=defaults', { experiment: 'tass', show: 'defaults' }],
])('%s', (line, expected) => expect(parseTrain(line.split(' '))).toEqual({ ...nothing, ...expected }));

it.each<[string, string]>([
  ['', 'no experiment is named. Write --exp=NAME, for example --exp=quickstart'],
  ['seed=1', 'no experiment is named'],
  ['--resume', 'no experiment is named'],
  ['--exp', '--exp has no value, expected --exp=VALUE'],
  ['--exp= seed=1', '--exp has no value'],
  [
    '--exp=tass --seed=1',
    '--seed is not an option, expected --exp=VALUE, --resume[=VALUE], --cfg, --resolve, --info=VALUE, --multirun; settings are written key=value',
  ],
  ['--exp=tass -v --dry', '-v is not an option'],
  [
    '--exp=tass seed=2 launcher=slurm launcher.time=60',
    'launcher=slurm launcher.time=60: train without -m runs in this process, without a launcher. To use a launcher, run a sweep, even of one cell: ' +
      'npx nx run trainer:sweep --exp=tass launcher=slurm launcher.time=60 (or add -m)',
  ],
  ['--exp=tass --resume seed=2 epochs=3', 'seed=2 epochs=3 cannot be changed with --resume'],
])('refuses "%s"', (line, message) => {
  const parse = () => parseTrain(line.split(' ').filter((word) => word !== ''));
  expect(parse).toThrow(message);
  expect(parse).toThrow(UsageError);
});

it('the command that it names can be pasted', () => {
  expect(() => parseTrain(['--exp=größe 2', 'launcher=slurm'])).toThrow(
    "npx nx run trainer:sweep '--exp=größe 2' launcher=slurm (or add -m)",
  );
});

it('an option given twice is refused', () => {
  expect(() => parseTrain(['--exp=tass', '--exp=quickstart'])).toThrow('--exp is given more than once, expected one');
});

it('a value with blanks, quotes or a line break stays one word', () => {
  const words = ['title=a "b" $(c)', 'd=1\n2'];
  expect(parseTrain(['--exp=tass', ...words]).overrides).toEqual(words);
});

it('help names every experiment', () => {
  const text = trainUsage(resolve(__dirname, '../../../experiments'));
  for (const name of ['quickstart', 'tass', 'question-only', 'ablations/dual-stream']) expect(text).toContain(name);
});

it('help lists grids and the options of groups', () => {
  expect(trainUsage(resolve(__dirname, '../../../experiments'))).toMatch(
    /^Grids: ablations[^]*^ {2}model +question-only, tass, tass-paper, tass-paper-small, tass-small$/m,
  );
});

it('-m asks for a grid', () => {
  for (const words of [['-m'], ['--multirun', 'seed=1,2']]) expect(isMultirun(words)).toBe(true);
  for (const words of [[], ['seed=1,2'], ['title=-m']]) expect(isMultirun(words)).toBe(false);
});

const sweep = {
  ...{ experiment: undefined, overrides: [], resume: undefined, status: undefined },
  ...{ dryRun: false, failFast: false, retry: 0, only: [] },
};

it.each<[string, object]>([
  ['--exp=ablations', { experiment: 'ablations' }],
  ['--exp=tass seed=1,2 --dry-run', { experiment: 'tass', overrides: ['seed=1,2'], dryRun: true }],
  ['-m --exp=tass seed=1,2', { experiment: 'tass', overrides: ['seed=1,2'] }],
  ['--exp=a --jobs=3 launcher=local', { experiment: 'a', overrides: ['launcher=local', 'launcher.jobs=3'] }],
  [
    '--exp=a --retry=2 --fail-fast --only=seed=1 --only=experiment=b',
    { experiment: 'a', retry: 2, failFast: true, only: ['seed=1', 'experiment=b'] },
  ],
  ['--resume=20261123', { resume: '20261123' }],
  ['--status', { status: true }],
  ['--exp=a --status=x', { experiment: 'a', status: 'x' }],
])('sweep %s', (line, expected) => expect(parseSweep(line.split(' '))).toEqual({ ...sweep, ...expected }));

it.each<[string, string]>([
  ['', 'no experiment is named'],
  ['--exp=a --retry=-1', '--retry=-1, expected a whole number of at least 0'],
  ['--exp=a --retry=x', '--retry=x, expected a whole number of at least 0'],
  ['--exp=a --jobs=0', '--jobs=0, expected a whole number of at least 1'],
  ['--exp=a --only=seed', '--only=seed, expected --only=KEY=VALUE, as in --only=seed=1'],
  ['--exp=a --dryrun', '--dryrun is not an option'],
])('sweep refuses "%s"', (line, message) => {
  expect(() => parseSweep(line.split(' ').filter((word) => word !== ''))).toThrow(message);
});
