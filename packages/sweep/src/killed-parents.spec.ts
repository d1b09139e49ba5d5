import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mayBeAlive } from '@tass/files';
import { until } from '@tass/testing';
import { readAttempts } from './attempt-files';
import { cellAddress, cellFolder } from './cell';
import { readCellStatus } from './cell-state';

const hook = join(__dirname, '../../testing/src/typescript.cjs');
const environment = { ...process.env, NODE_OPTIONS: `--conditions=@tass/source --require ${hook}` };

let runs: string;
const parents: ChildProcess[] = [];
beforeEach(() => (runs = mkdtempSync(join(tmpdir(), 'tass-parents-'))));
afterEach(() => {
  for (const parent of parents.splice(0)) parent.kill('SIGKILL');
  rmSync(runs, { recursive: true });
});

type Deeds = Record<string, (string | number)[]>;

/** A parent of a sweep as a process of its own. */
function start(cells: Deeds, { jobs = 2, id = 'sweep-1' } = {}) {
  const words = [join(__dirname, '../fixtures/parent.cjs'), runs, id, String(jobs), JSON.stringify(cells)];
  const parent = spawn(process.execPath, words, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  parents.push(parent);
  let output = '';
  parent.stdout.on('data', (data) => (output += data));
  const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
    parent.once('close', (code) => resolve({ code, output })),
  );
  const said = async (text: string) => until(() => output.includes(text));
  return { parent, ended, said };
}
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const folderOf = (name: string) => cellFolder(runs, cellAddress({ name }));
const state = (name: string) => readCellStatus(folderOf(name)).state;
const timesComputed = (name: string) => readFileSync(join(folderOf(name), 'computed.txt'), 'utf8').split('\n').length - 1;

it('computes equal cells of two sweeps once, whoever of two parents comes first', async () => {
  const cells: Deeds = { a: [50], b: [50], c: [50] };
  const both = await Promise.all(['sweep-1', 'sweep-2'].map((id) => start(cells, { id }).ended));
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(Object.keys(cells).map(timesComputed)).toEqual([1, 1, 1]);
  const third = await start(cells, { id: 'sweep-3' }).ended;
  expect(third.output.trim().split('\n').slice(0, 3)).toEqual(['done a', 'done b', 'done c']);
});

it('waits for the worker of a parent that was killed', async () => {
  const first = start({ a: ['wait'] });
  await until(() => state('a') === 'running');
  first.parent.kill('SIGKILL');
  await first.ended;
  const second = start({ a: ['wait'] });
  await second.said('waiting a');
  writeFileSync(join(folderOf('a'), 'go'), '');
  expect(await second.ended).toMatchObject({ code: 0, output: expect.stringMatching(/^waiting a\ndone a\n/) });
  expect(timesComputed('a')).toBe(1);
});

it('goes on where parents were killed at any moment, and computes each cell once', async () => {
  const cells: Deeds = { a: [20], b: [150], c: ['preempt 3', 30], d: [0], e: [80] };
  for (let round = 0; round < 5; round++) {
    const { parent, ended } = start(cells);
    await Promise.race([ended, wait(150 + Math.random() * 450)]);
    parent.kill('SIGKILL');
    await ended;
  }
  const last = await start(cells).ended;
  expect(last.code).toBe(0);
  expect(Object.keys(cells).map(timesComputed)).toEqual([1, 1, 1, 1, 1]);
});

describe.each(['SIGINT', 'SIGTERM'] as const)('%s to the parent', (signal) => {
  it('has the jobs save and end; the next parent goes on', async () => {
    const cells: Deeds = { a: [60_000, 0], b: [0] };
    const { parent, ended, said } = start(cells, { jobs: 1 });
    await said('started a');
    await until(() => state('a') === 'running');
    parent.kill(signal);
    const { code, output } = await ended;
    expect(code).toBe(1);
    const result = { pending: 1, running: 0, stale: 0, succeeded: 0, failed: 0, preempted: 1, stopped: signal };
    expect(output).toMatch(`stopping ${signal}\npreempted a\nresult ${JSON.stringify(result)}\n`);
    expect(readAttempts(folderOf('a'))[0].end).toMatchObject({ state: 'preempted', code: 143, step: 7, message: 'SIGTERM' });
    expect((await start(cells).ended).code).toBe(0);
    expect(readAttempts(folderOf('a')).map(({ end }) => end?.state)).toEqual(['preempted', 'succeeded']);
  });
});

it('a signal right after the first is the same stop; a later one kills what does not end', async () => {
  const { parent, ended, said } = start({ a: ['stubborn'] });
  await said('started a');
  await until(() => state('a') === 'running');
  await until(() => readFileSync(join(folderOf('a'), 'log.txt'), 'utf8') === 'attempt 1 of a\n');
  parent.kill('SIGTERM');
  await said('stopping SIGTERM');
  parent.kill('SIGTERM');
  await wait(2500);
  expect(state('a')).toBe('running');
  const insisting = setInterval(() => parent.kill('SIGINT'), 200); // until it is no echo, however busy the machine is
  const { output } = await ended;
  clearInterval(insisting);
  expect(output).toContain('"preempted":1,"stopped":"SIGTERM"');
  const [{ claim, end }] = readAttempts(folderOf('a'));
  expect(claim && mayBeAlive(claim)).toBe(false);
  expect(end).toMatchObject({ state: 'preempted', message: 'killed by SIGKILL' });
});
