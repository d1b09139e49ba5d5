import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityOf, mayBeAlive } from '@tass/files';
import { ConfigError, checkConfig, projectSettings, readConfig } from '@tass/config';
import { until } from '@tass/testing';
import type { Job, JobOutcome } from './launcher';
import { createLauncher, launcherSchema, threadsPerJob } from './launchers';
import { LocalLauncher } from './local-launcher';
import { findGpus, threadShare } from './local-resources';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tass-local-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const program = (text: string): string => {
  const file = join(folder, `${Math.random()}.cjs`);
  writeFileSync(file, text);
  return file;
};
const jobs = (main: string, ...ids: string[]): Job[] =>
  ids.map((id) => ({ id, name: `job ${id}`, main, words: [id, 'a b', '$HOME'], folder, log: join(folder, 'logs', `${id}.txt`) }));
const log = (id: string) => readFileSync(join(folder, 'logs', `${id}.txt`), 'utf8');

function watch() {
  const started: string[] = [];
  const ended: Record<string, JobOutcome> = {};
  let most = 0;
  const events = {
    started(job: Job, where: string) {
      expect(where).toMatch(/^process \d+$/);
      started.push(job.id);
      most = Math.max(most, started.length - Object.keys(ended).length);
    },
    ended(job: Job, outcome: JobOutcome) {
      expect(ended[job.id]).toBeUndefined();
      ended[job.id] = outcome;
    },
  };
  const all = (count: number) => until(() => Object.keys(ended).length === count);
  return { events, started, ended, all, most: () => most };
}

it('runs so many at once in their order, with their words, environment and log, and tells how each ended', async () => {
  const launcher = new LocalLauncher({ jobs: 2 });
  const { events, started, ended, all, most } = watch();
  const main = program(
    'console.log(process.argv.slice(2).join("|"), process.env.MARK); setTimeout(() => process.exit(Number(process.argv[2])), 50)',
  );
  const wanted = jobs(main, '0', '3', '5');
  launcher.launch(wanted.slice(0, 1), events);
  launcher.launch([wanted[1], { ...wanted[2], environment: { MARK: 'marked' } }], events);
  expect(started).toEqual([]); // never from within launch
  await all(3);
  expect(started).toEqual(['0', '3', '5']);
  expect(most()).toBe(2);
  expect(ended).toEqual({ 0: { kind: 'exited', code: 0 }, 3: { kind: 'exited', code: 3 }, 5: { kind: 'exited', code: 5 } });
  expect(log('3')).toBe('3|a b|$HOME undefined\n');
  expect(log('5')).toBe('5|a b|$HOME marked\n');
  launcher.launch([wanted[0]], watch().events);
  await until(() => log('0').split('\n').length === 3); // appended
});

it('tells of a process that was killed, and of a log that cannot be written', async () => {
  const launcher = new LocalLauncher({ jobs: 2 });
  const { events, ended, all } = watch();
  const [a, b] = jobs(program('process.kill(process.pid, "SIGKILL")'), 'a', 'b');
  launcher.launch([a, { ...b, log: join(folder, 'logs') }], events);
  await all(2);
  expect(ended.a).toEqual({ kind: 'killed', signal: 'SIGKILL' });
  expect(ended.b).toEqual({ kind: 'lost', detail: expect.stringContaining('EISDIR') });
});

it('hands out the GPUs in turn, or none', async () => {
  const launcher = new LocalLauncher({ jobs: 3, gpus: ['4', 'GPU-x'] });
  const { events, all } = watch();
  launcher.launch(jobs(program('console.log(process.env.CUDA_VISIBLE_DEVICES); setTimeout(() => 0, 300)'), 'a', 'b', 'c'), events);
  await all(3);
  expect(['a', 'b', 'c'].map(log)).toEqual(['4\n', 'GPU-x\n', '4\n']);
  expect(launcher.description).toBe('this machine, 3 jobs at once, GPU 4, GPU-x');
  const none = watch();
  new LocalLauncher({ jobs: 1, gpus: [] }).launch(jobs(program('console.log(process.env.CUDA_VISIBLE_DEVICES === "")'), 'd'), none.events);
  await none.all(1);
  expect(log('d')).toBe('true\n');
});

it('stops by one SIGTERM to the process alone, drops what waits, and kills with all it started when asked again', async () => {
  const launcher = new LocalLauncher({ jobs: 2 });
  const { events, ended, all } = watch();
  const good = program('process.on("SIGTERM", () => process.exit(143)); setInterval(() => 0, 1000); console.log("ready")');
  const stubborn = program(`
    process.on("SIGTERM", () => console.log("asked"));
    const child = require("node:child_process").spawn("sleep", ["60"]);
    console.log(child.pid);
    setInterval(() => 0, 1000);`);
  launcher.launch([...jobs(good, 'a'), ...jobs(stubborn, 'b'), ...jobs(good, 'c')], events);
  await until(() => ['a', 'b'].every((id) => existsSync(join(folder, 'logs', `${id}.txt`)) && log(id) !== ''));
  const sleeper = identityOf(Number(log('b')));
  const first = launcher.stop();
  await until(() => Object.keys(ended).length === 2 && log('b').includes('asked'));
  expect(ended).toEqual({ a: { kind: 'exited', code: 143 }, c: { kind: 'cancelled', detail: 'it had not begun' } });
  expect(mayBeAlive(sleeper)).toBe(true);
  await Promise.all([first, launcher.stop()]);
  expect(ended.b).toEqual({ kind: 'killed', signal: 'SIGKILL' });
  await all(3);
  await until(() => !mayBeAlive(sleeper));
});

it('stops at once where nothing runs', () => expect(new LocalLauncher({ jobs: 1 }).stop()).resolves.toBeUndefined());

describe('GPUs', () => {
  const withTool = (script: string) => {
    writeFileSync(join(folder, 'nvidia-smi'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'nvidia-smi'), 0o755);
    return { PATH: `${folder}:/bin:/usr/bin` };
  };
  it.each([
    ['0,2', ['0', '2']],
    ['GPU-8932f937-d72c, 1', ['GPU-8932f937-d72c', '1']],
    ['', []],
    ['-1', []],
    ['1,-1,0', ['1']],
    ['NoDevFiles', []],
  ])('are those of CUDA_VISIBLE_DEVICES=%s', (visible, gpus) => expect(findGpus({ CUDA_VISIBLE_DEVICES: visible })).toEqual(gpus));

  it('are those that nvidia-smi lists, else none', () => {
    const list = 'GPU 0: NVIDIA A100 (UUID: GPU-aaa)\n  MIG 1g.5gb Device 0: (UUID: MIG-x)\nGPU 1: NVIDIA A100 (UUID: GPU-bbb)';
    expect(findGpus(withTool(`test "$1" = -L && echo '${list}'`))).toEqual(['GPU-aaa', 'GPU-bbb']);
    expect(findGpus(withTool('echo "No devices were found"; exit 6'))).toEqual([]);
    expect(findGpus({ PATH: join(folder, 'empty') })).toEqual([]);
  });
});

describe('the configuration', () => {
  const check = (...words: string[]) => {
    writeFileSync(join(folder, 'launcher.yaml'), 'kind: local\njobs: 2\n');
    return checkConfig(readConfig(join(folder, 'launcher.yaml'), words), launcherSchema);
  };

  it('shares the threads of the machine, unless it says how many', () => {
    expect(threadShare(3, 8)).toBe(2);
    expect(threadShare(9, 8)).toBe(1);
    expect(threadsPerJob(check('threads=5'))).toBe(5);
    expect(threadsPerJob(check())).toBe(threadShare(2));
    expect(threadsPerJob(check('kind=slurm', '~jobs'))).toBeUndefined();
    expect(threadsPerJob(check('kind=slurm', '~jobs', 'cpus=6'))).toBe(6);
  });

  it('names the GPUs, or none', () => {
    const place = { folder, label: 'spec', say: () => undefined, settings: projectSettings(folder, {}) };
    expect(createLauncher(check('gpus=[1, GPU-x]'), place).description).toBe('this machine, 2 jobs at once, GPU 1, GPU-x');
    expect(createLauncher(check('gpus=[]', 'jobs=1'), place).description).toBe('this machine, 1 job at once');
  });

  it.each([
    ['jobs=0', 'jobs is 0, expected at least 1'],
    ['thread=1', 'thread is not a known key. Known: kind, jobs, threads, gpus. Did you mean threads?'],
    ['kind=slrum', 'kind is "slrum", expected one of local, slurm. Did you mean slurm?'],
    ['gpus=[-1]', 'gpus.0 is -1, expected at least 0'],
  ])('refuses %s', (word, message) => {
    expect(() => check(word)).toThrow(ConfigError);
    expect(() => check(word)).toThrow(message);
  });
});
