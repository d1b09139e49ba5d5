import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runProgram, until } from '@tass/testing';
import type { Job, JobOutcome, Launcher } from '../launcher';
import { slurmLauncherSchema } from './slurm-config';
import { createSlurmLauncher } from './slurm-launcher';

const tools = join(__dirname, '../../../../tools/slurm');
const searched = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
const missing = ['slurmctld', 'slurmd', 'munged'].filter((program) => !searched.some((folder) => existsSync(join(folder, program))));
if (process.geteuid?.() !== 0) missing.push('root');
const whenThere = missing.length === 0 ? describe : describe.skip;

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
const environment = { GREETING: "the parent's secret" };
const config = (keys: object = {}) => slurmLauncherSchema.parse({ kind: 'slurm', memory: '100M', pollSeconds: 0.2, ...keys });
const launcherOf = (keys: object = {}, recordSeconds = 3): Launcher =>
  createSlurmLauncher(config(keys), { folder, label: 'spec', environment, say: (line) => lines.push(line), recordSeconds });
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
    'launcher slurm: there is no program sbatch on PATH. Start the sweep on a login node of the cluster, or use launcher=local',
  );
});

whenThere(`on a real Slurm (missing: ${missing.join(', ') || 'nothing'}; needs root and Debian's slurm-wlm and munge)`, () => {
  const cluster = join(base, 'cluster');
  beforeAll(() => {
    const answer = execFileSync(join(tools, 'start.sh'), [cluster], { encoding: 'utf8' });
    process.env.SLURM_CONF = /SLURM_CONF=(.*)/.exec(answer)![1];
  });
  // Slurm looks at time limits only twice a minute; this job waits for that while the others run
  const long = new Watch();
  const longFolder = mkdtempSync(join(base, 'long-'));
  beforeAll(() => {
    folder = longFolder;
    const launcher = createSlurmLauncher(config({ time: 1, signalSeconds: 59 }), { folder, label: 'long', environment });
    launcher.launch([job('long', 'until-asked')], long);
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

  it('gives jobs its variables where Slurm passes on none, by a file for its owner alone that goes when they have ended', async () => {
    Object.assign(process.env, { SBATCH_EXPORT: 'NONE', MLFLOW_TRACKING_PASSWORD: 'hunter2' });
    standBefore('sbatch', 'env >$state/seen\nexec "$real" "$@"');
    try {
      const watch = new Watch();
      launcherOf().launch([job('told', 'tell'), job('asked', 'until-asked')], watch);
      await until(() => isWorking('asked') && 'told' in watch.outcomes);
      expect(JSON.parse(log('told')).greeting).toBe("the parent's secret");
      const [submission] = submissions().map((name) => join(folder, 'slurm', name));
      expect(readFileSync(join(process.env.PATH!.split(delimiter)[0], 'seen'), 'utf8')).not.toContain('hunter2');
      const file = join(submission, 'environment.sh');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readFileSync(join(submission, 'script.sh'), 'utf8')).not.toContain('secret');
      slurm('scancel', watch.slurmId('asked'));
      await watch.all(2);
      expect(existsSync(file)).toBe(false);
    } finally {
      delete process.env.SBATCH_EXPORT;
      delete process.env.MLFLOW_TRACKING_PASSWORD;
    }
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

  it('names the signal that killed a worker', async () => {
    const watch = new Watch();
    launcherOf().launch([job('killed', 'kill-itself')], watch);
    expect(await watch.all(1)).toEqual({ killed: { kind: 'killed', signal: 'SIGKILL' } });
  });

  it('asks a worker once to save and end, whoever ends its task and by whatever way', async () => {
    const watch = new Watch();
    launcherOf().launch([job('cancelled', 'until-asked'), job('signalled', 'until-asked')], watch);
    await until(() => isWorking('cancelled') && isWorking('signalled') && Object.keys(watch.where).length === 2);
    slurm('scancel', watch.slurmId('cancelled')); // reaches the script and the worker
    slurm('scancel', '--batch', '--signal=TERM', watch.slurmId('signalled')); // reaches the script alone
    slurm('scancel', '--batch', '--signal=USR1', watch.slurmId('signalled'));
    expect(await watch.all(2)).toEqual({ cancelled: { kind: 'exited', code: 143 }, signalled: { kind: 'exited', code: 143 } });
    expect(log('cancelled')).toBe('working\nasked 1\n');
    expect(log('signalled')).toBe('working\nasked 1\n');
  });

  it('stops: asks running jobs to save and drops waiting ones', async () => {
    const watch = new Watch();
    const launcher = launcherOf({ concurrent: 1, maxArraySize: 2 });
    launcher.launch([job('running', 'until-asked'), job('queued', 'exit', '0'), job('unsubmitted', 'exit', '0')], watch);
    await until(() => isWorking('running'));
    await launcher.stop();
    expect(watch.outcomes).toEqual({
      running: { kind: 'exited', code: 143 },
      queued: { kind: 'cancelled', detail: "cancelled while it waited in Slurm's queue" },
      unsubmitted: { kind: 'cancelled', detail: 'it was not yet submitted' },
    });
    expect(log('running')).toBe('working\nasked 1\n');
  });

  it('stopped again, ends jobs at once', async () => {
    const watch = new Watch();
    const launcher = launcherOf();
    launcher.launch([job('stubborn', 'until-asked')], watch);
    await until(() => isWorking('stubborn'));
    const stopped = launcher.stop();
    await until(() => log('stubborn').includes('asked 1'));
    await Promise.all([launcher.stop(), stopped]);
    expect(watch.outcomes).toEqual({ stubborn: { kind: 'exited', code: 99 } });
  });

  it('says which jobs never start by themselves, and that another cancelled them', async () => {
    const watch = new Watch();
    launcherOf({ extra: ['--hold'] }).launch([job('held', 'exit', '0')], watch);
    await until(() => lines.length > 0);
    const [task] = /\d+_0/.exec(lines[0])!;
    expect(lines).toEqual([`launcher slurm: ${task} does not start by itself (JobHeldUser). See: scontrol show job ${task}`]);
    slurm('scancel', task);
    expect(await watch.all(1)).toEqual({ held: { kind: 'cancelled', detail: "cancelled while it waited in Slurm's queue" } });
  });

  it('runs a job again that ended, failed or was lost before', async () => {
    const first = new Watch();
    launcherOf().launch([job('again', 'exit', '7')], first);
    await first.all(1);
    const second = new Watch();
    launcherOf().launch([job('again', 'exit', '0')], second);
    expect(await second.all(1)).toEqual({ again: { kind: 'exited', code: 0 } });
    expect(submissions()).toHaveLength(2);
  });

  const launchAndDie = async (jobs: readonly Job[], environment = {}) => {
    const words = [JSON.stringify({ ...config(), node: process.execPath }), folder, JSON.stringify(jobs)];
    const onError = (text: string, parent: { kill(signal: 'SIGKILL'): unknown }) => text.includes('started') && parent.kill('SIGKILL');
    return runProgram(join(__dirname, 'fixtures/parent.ts'), words, { folder, environment: { PATH: process.env.PATH!, SLURM_CONF: process.env.SLURM_CONF!, ...environment }, onError }); // prettier-ignore
  };

  it('takes over the jobs of a parent that was killed, and submits none twice', async () => {
    const jobs = [job('running', 'sleep', '2000'), job('ended', 'exit', '0')];
    expect(await launchAndDie(jobs)).toMatchObject({ signal: 'SIGKILL' });
    const watch = new Watch();
    launcherOf().launch([...jobs, job('new', 'exit', '7')], watch);
    const outcomes = await watch.all(3);
    expect(outcomes).toEqual({
      running: { kind: 'exited', code: 0 },
      ended: { kind: 'exited', code: 0 },
      new: { kind: 'exited', code: 7 },
    });
    expect(log('running')).toBe('slept\n'); // once
  });

  it('takes over jobs whose parent was killed after sbatch, before it could note their number', async () => {
    standBefore('sbatch', 'case $* in *--test-only*) exec "$real" "$@" ;; esac\n"$real" "$@" >/dev/null\nkill -KILL $PPID');
    const jobs = [job('one', 'sleep', '2000'), job('two', 'sleep', '2000')];
    expect(await launchAndDie(jobs)).toMatchObject({ signal: 'SIGKILL', errors: '' });
    process.env.PATH = pathBefore;
    expect(existsSync(join(folder, 'slurm', submissions()[0], 'slurm.json'))).toBe(false);
    const watch = new Watch();
    launcherOf().launch(jobs, watch);
    expect(await watch.all(2)).toEqual({ one: { kind: 'exited', code: 0 }, two: { kind: 'exited', code: 0 } });
    expect(log('one') + log('two')).toBe('slept\nslept\n');
    expect(submissions()).toHaveLength(1);
  });

  it('submits anew what a killed parent only prepared; should its sbatch come through later, that task does nothing', async () => {
    standBefore('sbatch', 'case $* in *--test-only*) exec "$real" "$@" ;; esac\nprintf "%q " "$@" >$state/words\nkill -KILL $PPID');
    await launchAndDie([job('once', 'exit', '0')]);
    const late = readFileSync(join(process.env.PATH!.split(delimiter)[0], 'words'), 'utf8');
    process.env.PATH = pathBefore;
    const watch = new Watch();
    launcherOf().launch([job('once', 'tell', 'new')], watch);
    expect(await watch.all(1)).toEqual({ once: { kind: 'exited', code: 0 } });
    expect(submissions()).toHaveLength(2);
    const id = execFileSync('bash', ['-c', `sbatch --wait ${late}`], { encoding: 'utf8', env: process.env });
    expect(id).toMatch(/^\d+/);
    expect(JSON.parse(log('once')).words).toEqual(['new']); // one line: the late task added nothing
  });

  it('believes records alone while Slurm does not answer', async () => {
    const down = join(folder, 'down');
    standBefore('squeue', `[ -e "${down}" ] && { echo "Unable to contact slurm controller" >&2; exit 1; }\nexec "$real" "$@"`);
    writeFileSync(down, '');
    const watch = new Watch();
    launcherOf({}, 0.3).launch([job('quick', 'exit', '0'), job('patient', 'sleep', '2000')], watch);
    await until(() => 'quick' in watch.outcomes);
    await pause(1000); // longer than the 0.3 s after which an ended task without a record is lost
    expect(watch.outcomes).toEqual({ quick: { kind: 'exited', code: 0 } });
    rmSync(down);
    expect(await watch.all(2)).toMatchObject({ patient: { kind: 'exited', code: 0 } });
    expect(lines).toEqual(['launcher slurm: Slurm does not answer; retrying every 0.2 s: Unable to contact slurm controller']);
  });

  it('finds in the queue what sbatch did not answer for', async () => {
    standBefore(
      'sbatch',
      'case $* in *--test-only*) exec "$real" "$@" ;; esac\n"$real" "$@" >/dev/null\necho "sbatch: error: Batch job submission failed: Socket timed out on send/recv operation" >&2; exit 1',
    );
    const watch = new Watch();
    launcherOf().launch([job('heard', 'sleep', '1000')], watch);
    expect(await watch.all(1)).toEqual({ heard: { kind: 'exited', code: 0 } });
    expect(submissions()).toHaveLength(1);
    expect(lines).toEqual(['launcher slurm: Slurm does not answer: Socket timed out on send/recv operation']);
  });

  it('submits in smaller parts where a user may only submit so many', async () => {
    const limit =
      'sbatch: error: QOSMaxSubmitJobPerUserLimit\\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy';
    standBefore('sbatch', `case $* in *--array=0-[2-9]*) printf '${limit}\\n' >&2; exit 1 ;; esac\nexec "$real" "$@"`);
    const watch = new Watch();
    launcherOf().launch(['a', 'b', 'c', 'd', 'e'].map((id) => job(id, 'exit', '0')), watch); // prettier-ignore
    await watch.all(5);
    expect(submissions().length).toBeGreaterThanOrEqual(3);
    expect(lines).toEqual([]);
  });

  it.each([
    [
      { partition: 'gpux' },
      'sbatch refuses: invalid partition specified: gpux. Change launcher.partition (now gpux). Partitions here: debug',
    ],
    [{ memory: '900T' }, 'sbatch refuses: Requested node configuration is not available. Change launcher.memory (now 900T)'],
    [{ gpus: 'a100:2' }, 'sbatch refuses: Invalid generic resource (gres) specification. Change launcher.gpus (now a100:2)'],
    [{ exclude: ['no-such-node'] }, 'sbatch refuses: Invalid node name specified. Change launcher.exclude (now no-such-node)'],
    [{ extra: ['--reservatoin=x'] }, "sbatch refuses: unrecognized option '--reservatoin=x'. Change --reservatoin in launcher.extra"],
  ])('refuses %j before anything is submitted', (keys, message) => {
    expect(() => launcherOf(keys)).toThrow(`launcher slurm: ${message}`);
  });

  it('ends jobs that Slurm refuses later', async () => {
    standBefore('sbatch', 'case $* in *--test-only*) exec "$real" "$@" ;; esac\nexec "$real" --partition=gone "$@"');
    const watch = new Watch();
    launcherOf().launch([job('refused', 'exit', '0')], watch);
    const detail = expect.stringContaining('launcher slurm: sbatch refuses: invalid partition specified: gone');
    expect(await watch.all(1)).toEqual({ refused: { kind: 'lost', detail } });
    expect(submissions()).toEqual([]);
  });

  it('lets a job save when its time is nearly up', async () => {
    expect(await long.all(1)).toEqual({ long: { kind: 'exited', code: 143 } });
    expect(readFileSync(join(longFolder, 'long/log'), 'utf8')).toBe('working\nasked 1\n');
  });

  it('tells when a task was killed with its script', async () => {
    const watch = new Watch();
    launcherOf().launch([job('shot', 'kill-script')], watch);
    const detail = expect.stringMatching(/^Slurm reports FAILED on \S+, but it left no record of its end$/);
    expect(await watch.all(1)).toEqual({ shot: { kind: 'lost', detail } });
  });

  it('lets jobs save when their node is taken down', async () => {
    const watch = new Watch();
    launcherOf().launch([job('moved', 'until-asked')], watch);
    await until(() => isWorking('moved'));
    slurm('scontrol', 'update', `NodeName=${slurm('sinfo', '--noheader', '--format=%N').trim()}`, 'State=DOWN', 'Reason=spec');
    expect(await watch.all(1)).toEqual({ moved: { kind: 'exited', code: 143 } });
    await until(() => slurm('sinfo', '--noheader', '--format=%T').trim() !== 'down'); // it comes back by itself
  });
});
