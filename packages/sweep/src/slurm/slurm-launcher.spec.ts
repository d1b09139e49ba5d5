import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runProgram } from '@tass/testing';
import type { Job, JobOutcome, Launcher } from '../launcher';
import { slurmLauncherSchema } from './slurm-config';
import { createSlurmLauncher } from './slurm-launcher';

const tools = join(__dirname, '../../../../tools/slurm');
const searched = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
const missing = ['slurmctld', 'slurmd', 'munged'].filter((program) => !searched.some((folder) => existsSync(join(folder, program))));
if (process.geteuid?.() !== 0) missing.push('root');
const whenThere = missing.length === 0 ? describe : describe.skip;

jest.setTimeout(60_000);
const base = mkdtempSync(join(tmpdir(), 'tass-slurm-'));
const pathBefore = process.env.PATH;
const confBefore = process.env.SLURM_CONF;
let folder: string; // of one sweep
let lines: string[]; // what was said
beforeEach(() => {
  folder = mkdtempSync(join(base, "a sweep's 100% "));
  lines = [];
});
afterEach(() => {
  process.env.PATH = pathBefore;
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const worker = join(__dirname, 'fixtures/worker.cjs');
const job = (id: string, ...words: string[]): Job => {
  return { id, name: `cell ${id}`, main: worker, words, folder: join(folder, id), log: join(folder, id, 'log') };
};
const log = (id: string) => readFileSync(join(folder, id, 'log'), 'utf8');
const config = (keys: object = {}) => slurmLauncherSchema.parse({ kind: 'slurm', memory: '100M', pollSeconds: 0.2, ...keys });
const launcherOf = (keys: object = {}): Launcher =>
  createSlurmLauncher(config(keys), { folder, label: 'spec', say: (line) => lines.push(line) });
const submissions = () => readdirSync(join(folder, 'slurm')).sort();

class Watch {
  readonly where: Record<string, string> = {};
  readonly outcomes: Record<string, JobOutcome> = {};
  readonly order: string[] = [];
  readonly started = (job: Job, where: string) => {
    this.where[job.id] = where;
    this.order.push(`+${job.id}`);
  };
  readonly ended = (job: Job, outcome: JobOutcome) => {
    expect(this.outcomes).not.toHaveProperty(job.id);
    this.outcomes[job.id] = outcome;
    this.order.push(`-${job.id}`);
  };
  /** Waits until `count` jobs have ended. */
  async all(count: number): Promise<Record<string, JobOutcome>> {
    await until(() => Object.keys(this.outcomes).length === count);
    return this.outcomes;
  }
  slurmId = (id: string) => /Slurm job (\S+)/.exec(this.where[id])![1];
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries++) {
    if (tries > 500) throw new Error(`waited in vain for ${isSo}; said: ${lines.join('; ')}`);
    await pause(100);
  }
}
const isWorking = (id: string) => existsSync(join(folder, id, 'log')) && log(id).includes('working');

/** Puts a program before Slurm's own; $real is the one it stands before. */
function standBefore(program: string, script: string): void {
  const bin = mkdtempSync(join(base, 'bin-'));
  const real = execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8', env: { ...process.env, PATH: pathBefore } }).trim();
  writeFileSync(join(bin, program), `#!/usr/bin/env bash\nreal=${real}\nstate=${bin}\n${script}\n`);
  chmodSync(join(bin, program), 0o755);
  process.env.PATH = `${bin}${delimiter}${pathBefore}`;
}

it('says that there is no Slurm', () => {
  process.env.PATH = base;
  expect(() => launcherOf()).toThrow(
    'launcher slurm: there is no program sbatch on PATH. Start the sweep on a login node of the cluster, or take launcher=local',
  );
});

whenThere(`on a real Slurm (missing: ${missing.join(', ') || 'nothing'}; needs root and Debian's slurm-wlm and munge)`, () => {
  const cluster = join(base, 'cluster');
  beforeAll(() => {
    const answer = execFileSync(join(tools, 'start.sh'), [cluster], { encoding: 'utf8' });
    process.env.SLURM_CONF = /SLURM_CONF=(.*)/.exec(answer)![1];
  });
  afterAll(() => {
    execFileSync(join(tools, 'stop.sh'), [cluster], { env: process.env });
    if (confBefore === undefined) delete process.env.SLURM_CONF;
    else process.env.SLURM_CONF = confBefore;
  });
  const slurm = (program: string, ...words: string[]) => execFileSync(program, words, { encoding: 'utf8', env: process.env });

  it('runs jobs as one array, with their words, environment, setup and log, and tells where', async () => {
    const words = ['a b', "it's", '"$HOME" $(id) `id` \\', 'two\nlines\r\n#SBATCH --hold', 'Größe ∑ 🎻', '', '*', '-e', '!x', '\t\x01f'];
    const watch = new Watch();
    const odd: Job = { ...job('odd', 'tell', ...words), environment: { GREETING: "don't\n$PATH" } };
    const jobs = [odd, job('one', 'tell', '1'), job('two', 'tell', '2'), job('three', 'exit', '0'), job('seven', 'exit', '7')];
    const launcher = launcherOf({ setup: ['export FROM_SETUP="$((40 + 2))"', 'set -eu'] });
    expect(launcher.description).toBe('Slurm');
    launcher.launch(jobs, watch);
    expect(await watch.all(5)).toEqual({
      odd: { kind: 'exited', code: 0 },
      one: { kind: 'exited', code: 0 },
      two: { kind: 'exited', code: 0 },
      three: { kind: 'exited', code: 0 },
      seven: { kind: 'exited', code: 7 },
    });
    expect(JSON.parse(log('odd'))).toEqual({ words, folder: process.cwd(), greeting: "don't\n$PATH", setup: '42' });
    expect(JSON.parse(log('two')).words).toEqual(['2']);
    const host = slurm('sinfo', '--noheader', '--format=%N').trim();
    expect(watch.where.two).toMatch(new RegExp(`^Slurm job \\d+_2 on ${host}$`));
    expect(submissions()).toEqual([expect.stringMatching(/^spec-0001-[0-9a-f]{8}$/)]);
    await launcher.stop(); // nothing is left
  });

  it('submits several arrays where one would be too large, and never has more jobs at once than wanted', async () => {
    const watch = new Watch();
    const jobs = ['a', 'b', 'c', 'd'].map((id) => job(id, 'sleep', '150'));
    launcherOf({ maxArraySize: 3, concurrent: 1 }).launch(jobs, watch);
    await watch.all(4);
    expect(submissions()).toHaveLength(2);
    for (const id of 'abcd') expect(watch.outcomes[id]).toEqual({ kind: 'exited', code: 0 });
    let running = 0;
    for (const event of watch.order) expect((running += event.startsWith('+') ? 1 : -1)).toBeLessThanOrEqual(1);
  });
});
