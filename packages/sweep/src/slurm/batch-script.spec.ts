import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { shellWord } from '@tass/program';
import { batchScript, type Task } from './batch-script';

const worker = join(__dirname, 'fixtures/worker.cjs');
const words = [
  '',
  ' ',
  'a b',
  "it's '' done",
  '"$HOME" $(exit 1) `exit 1` \\ \\n ! * ?',
  '-n',
  '~',
  'two\nlines\r\n#SBATCH --hold',
  'Größe ∑ 🎻',
  '\x01f\x7f0',
];
let folder: string;
let records: string;
let environment: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tass it's a batch "));
  records = join(folder, 'records');
  mkdirSync(records);
  environment = join(folder, 'environment.sh');
  writeFileSync(environment, '');
});
afterEach(() => rmSync(folder, { recursive: true }));

const task = (...given: string[]): Task => ({ main: worker, words: given, log: join(folder, 'log') });
const log = () => (existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8') : '');
const exitRecord = (number: number): unknown => JSON.parse(readFileSync(join(records, String(number), 'exit.json'), 'utf8'));

/** As Slurm starts it: a copy of the script, leading its own processes. */
function start(tasks: readonly Task[], number: number, setup: readonly string[] = []): ChildProcess {
  writeFileSync(join(folder, 'script'), batchScript(tasks, { records, setup, environment, node: process.execPath }));
  const env = { ...process.env, SLURM_ARRAY_JOB_ID: '17', SLURM_ARRAY_TASK_ID: String(number) };
  return spawn('bash', [join(folder, 'script')], { env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
}
const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.on('close', resolve));
const run = (tasks: readonly Task[], number: number, setup?: readonly string[]) => ended(start(tasks, number, setup));
const working = async () => {
  while (!log().includes('working')) await pause(20);
};

it('refuses what no program can be given', () => {
  expect(() => batchScript([task('a\0b')], { records, setup: [], environment, node: 'node' })).toThrow('"a\\u0000b" holds a NUL character');
  const odd = { ...task(), environment: { 'A B': '1' } };
  expect(() => batchScript([odd], { records, setup: [], environment, node: 'node' })).toThrow(
    'launcher slurm: "A B" cannot be the name of an environment variable',
  );
});

it('runs the job of its task, adds to its log, records where it began and how it ended', async () => {
  writeFileSync(join(folder, 'log'), 'before\n');
  const tasks = [task('exit', '1'), { ...task('tell', ...words), environment: { GREETING: words.join() } }];
  expect(await run(tasks, 1, ['FROM_SETUP=2', 'export FROM_SETUP'])).toBe(0);
  const [before, told] = log().split('\n');
  expect(before).toBe('before');
  expect(JSON.parse(told)).toMatchObject({ words, greeting: words.join(), setup: '2' });
  expect(exitRecord(1)).toEqual({ code: 0 });
  expect(JSON.parse(readFileSync(join(records, '1/start.json'), 'utf8'))).toMatchObject({ task: '17_1' });
  expect(existsSync(join(records, '0'))).toBe(false);
});

it('gives jobs the variables of the file, below their own and those of the setup; without the file none begins', async () => {
  writeFileSync(environment, "export GREETING='of the file' FROM_SETUP='of the file'\n");
  const tasks = [task('tell'), { ...task('tell'), environment: { GREETING: 'its own' } }, task('tell')];
  expect(await run(tasks, 0)).toBe(0);
  expect(await run(tasks, 1, ['FROM_SETUP=setup'])).toBe(0);
  rmSync(environment);
  expect(await run(tasks, 2)).toBe(78);
  expect(log()).toContain(`the file with the variables of this job cannot be read: ${environment}`);
  const told = log().split('\n').slice(0, 2).map((line) => JSON.parse(line) as { greeting: string; setup: string }); // prettier-ignore
  expect(told.map(({ greeting, setup }) => [greeting, setup])).toEqual([
    ['of the file', 'of the file'],
    ['its own', 'setup'],
  ]);
});

it('runs a task once, and not at all when it was given up', async () => {
  const tasks = [task('exit', '7'), task('exit', '7')];
  expect(await run(tasks, 0)).toBe(7);
  expect(await run(tasks, 0)).toBe(0);
  mkdirSync(join(records, '1'));
  expect(await run(tasks, 1)).toBe(0);
  expect(exitRecord(0)).toEqual({ code: 7 });
  expect(existsSync(join(records, '1/exit.json'))).toBe(false);
});

it.each([
  ['a line of the setup that ends the script', ['exit 3'], 3],
  ['a setup that makes bash strict', ['set -eu'], 7],
])('records the exit code after %s', async (_, setup, code) => {
  expect(await run([task('exit', '7')], 0, setup)).toBe(code);
  expect(exitRecord(0)).toEqual({ code });
});

it('records the end of a worker that was killed, of a log that cannot be written, of a task that is none', async () => {
  expect(await run([task('kill-itself')], 0)).toBe(137);
  expect(exitRecord(0)).toEqual({ code: 137 });
  const closed = { ...task('exit', '0'), log: join(folder, 'none/log') };
  expect(await run([closed, closed], 1)).toBe(73);
  expect(exitRecord(1)).toEqual({ code: 73 });
  expect(await run([], 5)).toBe(64);
});

it.each([
  ['USR1 to the script', (pid: number) => process.kill(pid, 'SIGUSR1')],
  ['TERM to the script', (pid: number) => process.kill(pid, 'SIGTERM')],
  ['TERM to all processes', (pid: number) => process.kill(-pid, 'SIGTERM')],
])('asks the worker once to save, on %s, and waits for it', async (_, send) => {
  const script = start([task('until-asked')], 0);
  const end = ended(script);
  await working();
  send(script.pid!);
  await pause(100);
  process.kill(script.pid!, 'SIGUSR1'); // the launcher, or the time limit, on top
  expect(await end).toBe(143);
  expect(log()).toBe('working\nasked 1\n');
  expect(exitRecord(0)).toEqual({ code: 143 });
});

it('does not begin a job when it is asked to end during the setup', async () => {
  const go = join(folder, 'go');
  const script = start([task('tell', 'x')], 0, ['echo ready', `until [ -e ${shellWord(go)} ]; do sleep 0.05; done`]);
  const end = ended(script);
  while (!log().includes('ready')) await pause(20);
  process.kill(script.pid!, 'SIGUSR1');
  writeFileSync(go, '');
  expect(await end).toBe(143);
  expect(log()).toBe('ready\n');
  expect(exitRecord(0)).toEqual({ code: 143 });
});
