import { resourceOptions, slurmLauncherSchema } from './slurm-config';

const parse = (keys: object) => slurmLauncherSchema.parse({ kind: 'slurm', ...keys });
const mistakes = (keys: object) =>
  slurmLauncherSchema.safeParse({ kind: 'slurm', ...keys }).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

it('gives sbatch one word for each key, and nothing for keys left out', () => {
  expect(resourceOptions(parse({}))).toEqual([]);
  const keys = {
    partition: 'gpu,long',
    account: 'lab_1',
    qos: 'normal',
    time: '1-12:00:00',
    memory: '16G',
    cpus: 4,
    gpus: 'a100:2',
    constraint: 'a100|h100',
    exclude: ['n1', 'n[3-5]'],
    extra: ['--reservation=the night', '--exclusive'],
  };
  expect(resourceOptions(parse(keys))).toEqual([
    '--partition=gpu,long',
    '--account=lab_1',
    '--qos=normal',
    '--time=1-12:00:00',
    '--mem=16G',
    '--cpus-per-task=4',
    '--gres=gpu:a100:2',
    '--constraint=a100|h100',
    '--exclude=n1,n[3-5]',
    '--reservation=the night',
    '--exclusive',
  ]);
  expect(resourceOptions(parse({ time: 90, gpus: 0, exclude: 'n2' }))).toEqual(['--time=90', '--exclude=n2']);
});

it.each([
  [{ partition: 'a b' }, "partition: a name of letters, digits, '_', '.' and '-'"],
  [{ partition: '$(id)' }, "partition: a name of letters, digits, '_', '.' and '-'"],
  [{ memory: '16' }, 'memory: a size with its unit, as in 16G'],
  [{ constraint: 'a b' }, 'constraint: one word without blanks'],
  [{ setup: ['a\0'] }, 'setup.0: a line of bash'],
  [{ extra: ['--wrap=id'] }, 'extra.0: an option that the launcher leaves to you, unlike --wrap. Put shell commands in launcher.setup'],
  [{ extra: ['--wra=id'] }, 'extra.0: an option that the launcher leaves to you, unlike --wrap. Put shell commands in launcher.setup'],
  [{ extra: ['--time=1'] }, 'extra.0: an option that the launcher leaves to you, unlike --time. Set launcher.time'],
  [{ extra: ['-p'] }, 'extra.0: one long option of sbatch, as in --reservation=night'],
  [{ extra: ['script.sh'] }, 'extra.0: one long option of sbatch, as in --reservation=night'],
  [{ extra: ['--comment=a\nb'] }, 'extra.0: one long option of sbatch, as in --reservation=night'],
  [{ time: 1 }, 'signalSeconds: less than the time of a job, 60 s'],
  [{ time: '00:02:00', signalSeconds: 120 }, 'signalSeconds: less than the time of a job, 120 s'],
])('refuses %j', (keys, mistake) => {
  expect(mistakes(keys)).toEqual([mistake]);
});

it.each([
  { time: '12:00' },
  { time: '01:60:00' },
  { time: 0 },
  { time: 1.5 },
  { gpus: -1 },
  { gpus: 'a100' },
  { exclude: [] },
  { concurrent: 0 },
])('refuses %j, too', (keys) => expect(mistakes(keys)?.[0]).toContain(`${Object.keys(keys)[0]}: `));

it.each(['--mem-per-cpu=2G', '--exclusive', '--time-min=10', '--nodes=1', '--gres-flags=x', '--wait-all-nodes=1', '--mail-type=END'])(
  'leaves %s to the user',
  (option) => expect(mistakes({ extra: [option] })).toBeUndefined(),
);

it('reads days, and lets a time equal to a day and a second stand above a day of warning', () => {
  expect(mistakes({ time: '1-00:00:01', signalSeconds: 65535 })).toBeUndefined();
});
