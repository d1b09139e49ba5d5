const { execFileSync, spawnSync } = require('node:child_process');
const { existsSync, mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const searched = [...process.env.PATH.split(':'), '/usr/sbin'];
const missing = ['slurmctld', 'slurmd', 'munged'].filter((program) => !searched.some((folder) => existsSync(join(folder, program))));
if (process.geteuid?.() !== 0) missing.push('root');
const whenThere = missing.length === 0 ? it : it.skip;
const folder = mkdtempSync(join(tmpdir(), 'tass-slurm-tool-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = (name) => execFileSync(join(__dirname, 'start.sh'), [join(folder, name)], { encoding: 'utf8', stdio: 'pipe' });
const stop = (name) => spawnSync(join(__dirname, 'stop.sh'), [join(folder, name)], { encoding: 'utf8' });
const isAlive = (name, program) => {
  const file = join(folder, name, `${program}.pid`);
  if (!existsSync(file)) return false; // a program that ends in order takes its file away
  const pid = readFileSync(file, 'utf8').trim();
  return existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
};

whenThere(
  `starts two clusters side by side, runs jobs in both and ends them one by one (missing: ${missing.join(', ') || 'nothing'}; needs root and Debian's slurm-wlm and munge)`,
  () => {
    const configurations = ['one', 'two'].map((name) => start(name).trim().replace('export SLURM_CONF=', ''));
    try {
      for (const SLURM_CONF of configurations) {
        const words = ['--quiet', 'sh', '-c', 'echo $SLURM_CONF'];
        expect(execFileSync('srun', words, { encoding: 'utf8', env: { ...process.env, SLURM_CONF } }).trim()).toBe(SLURM_CONF);
      }
      execFileSync('sbatch', ['--array=0-9', '--output=/dev/null', '--wrap=trap : TERM; while :; do sleep 600 || :; done'], {
        env: { ...process.env, SLURM_CONF: configurations[0] },
      });
      expect(() => start('one')).toThrow('is not empty');
      stop('one');
      expect(['slurmctld', 'slurmd', 'munged'].map((program) => isAlive('one', program))).toEqual([false, false, false]);
      expect(['slurmctld', 'slurmd', 'munged'].map((program) => isAlive('two', program))).toEqual([true, true, true]);
      expect(stop('two').status).toBe(0);
      expect(isAlive('two', 'slurmctld')).toBe(false);
    } finally {
      stop('one');
      expect(stop('two').status).toBe(0); // again: nothing to do
    }
  },
);

it('says what it needs', () => {
  const { status, stderr } = stop('none');
  expect([status, stderr]).toEqual([1, 'tools/slurm/stop.sh: give one argument, the folder that start.sh was given\n']);
});
