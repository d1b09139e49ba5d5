import { spawn, type ChildProcess } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimAttempt, CellTakenError } from './attempt';
import { attemptFolder, heartbeatFile, readAttempts } from './attempt-files';
import { identityOf, readSealed } from '@tass/files';
import { fromSources, until } from '@tass/testing';
import { defineCell, type Cell } from './cell';
import { readCellStatus } from './cell-state';
import { succeed } from './fixtures/succeed';

const children: ChildProcess[] = [];

let runs: string;
let cell: Cell;
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), 'tass-attempt-'));
  cell = defineCell(runs, { name: 'a cell', experiment: 'spec', overrides: [], seed: 1, identity: { a: 1 }, config: {} });
});
afterEach(async () => {
  await Promise.all(children.splice(0).map(kill));
  rmSync(runs, { recursive: true });
});

/** A program of fixtures/, its first word of output, and its end. */
function start(program: string, ...words: string[]) {
  const child = spawn(process.execPath, [...fromSources, join(__dirname, '../fixtures', program), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const word = new Promise<string>((resolve) => child.stdout.once('data', (data) => resolve(String(data).trim())));
  return { child, word };
}
const kill = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const preempted = { state: 'preempted', code: 143, step: 40, message: 'SIGTERM' } as const;
const state = () => readCellStatus(cell.folder).state;

it('is a claim, then an end; the next one sees what was before', () => {
  expect(state()).toBe('pending');
  const first = claimAttempt(cell.folder);
  expect(first).toMatchObject({ number: 1, cell, earlier: [] });
  expect(state()).toBe('running');
  first.setRun('spec/run-1');
  first.end(preempted);
  expect(state()).toBe('preempted');

  const second = claimAttempt(cell.folder);
  expect(second.number).toBe(2);
  expect(second.earlier).toMatchObject([{ number: 1, run: 'spec/run-1', end: preempted, damaged: [] }]);
  expect(state()).toBe('running');
  succeed(second, 90);
  expect(state()).toBe('succeeded');
  expect(() => claimAttempt(cell.folder)).toThrow(`a cell is done (${cell.folder})`);
  expect(readdirSync(join(cell.folder, 'attempts'))).toEqual(['0001', '0002']);
});

it('is refused while this process has it, and knows when it was taken over', () => {
  const attempt = claimAttempt(cell.folder);
  expect(() => claimAttempt(cell.folder)).toThrow(CellTakenError);
  expect(() => claimAttempt(cell.folder)).toThrow(
    new RegExp(`^a cell is being run by process ${process.pid} on .+ \\(${cell.folder}\\)$`),
  );
  expect(attempt.isLost()).toBe(false);
  cpSync(attemptFolder(cell.folder, 1), attemptFolder(cell.folder, 2), { recursive: true });
  expect(attempt.isLost()).toBe(true);
  attempt.end(preempted);
});

it.each(['/etc', '../x', 'a/../../b', '..', ''])('takes no run folder outside of the runs: %j', (run) => {
  const attempt = claimAttempt(cell.folder);
  expect(() => attempt.setRun(run)).toThrow(`run ${JSON.stringify(run)} of ${cell.folder}: expected a path below the folder of runs`);
  writeFileSync(join(attemptFolder(cell.folder, 1), 'run.json'), JSON.stringify({ run }));
  expect(readAttempts(cell.folder)[0]).toMatchObject({ run: undefined, damaged: [join(attemptFolder(cell.folder, 1), 'run.json')] });
  attempt.end(preempted);
});

it('refuses a folder that is no cell', () => {
  expect(() => claimAttempt(join(runs, 'none'))).toThrow('none/cell.json is missing or damaged, or belongs to another cell');
});

it('is got by exactly one of several processes, and again by one when that was killed', async () => {
  for (let round = 1; round <= 2; round++) {
    const at = String(Date.now() + 800);
    const rivals = [1, 2, 3, 4].map(() => start('claim.cjs', cell.folder, at));
    const words = await Promise.all(rivals.map(({ word }) => word));
    expect(words.sort()).toEqual(['claimed', 'running', 'running', 'running']);
    expect(readCellStatus(cell.folder)).toMatchObject({ state: 'running', attempts: { length: round } });
    await Promise.all(rivals.map(({ child }) => kill(child)));
    expect(state()).toBe('stale'); // at once: its number is gone from this machine
  }
});

it('is kept fresh by a process whose event loop is blocked, and seen from elsewhere by that alone', async () => {
  const { child, word } = start('claim.cjs', cell.folder, '0', '30'); // a heartbeat every 5 s
  expect(await word).toBe('claimed');
  const file = join(attemptFolder(cell.folder, 1), 'claim.json');
  writeFileSync(file, readSealed(readFileSync(file, 'utf8')).body.replace(/"host": ".*"/, '"host": "elsewhere"'));
  const heartbeat = heartbeatFile(cell.folder, 1);
  const first = statSync(heartbeat).mtimeMs;
  await until(() => statSync(heartbeat).mtimeMs > first);
  await kill(child);
  expect(state()).toBe('running'); // nobody can know yet
  expect(() => claimAttempt(cell.folder)).toThrow('a cell is being run by process');
  utimesSync(heartbeat, 0, 0);
  expect(state()).toBe('stale');
  claimAttempt(cell.folder).end(preempted);
});

const ifNamespaceIsKnown = identityOf().namespace === null ? it.skip : it;
ifNamespaceIsKnown('goes by the heartbeat of a process in another namespace, also where its claim is older than that key', () => {
  const attempt = claimAttempt(cell.folder);
  const [{ claim }] = readAttempts(cell.folder);
  const { namespace, machine: _machine, ...older } = claim!;
  const boot = String(claim!.started).split('/')[0];
  const write = (written: object) => writeFileSync(join(attemptFolder(cell.folder, 1), 'claim.json'), JSON.stringify(written));
  for (const [written, whenSilent] of [
    [{ ...claim, namespace: 'pid:[1]' }, 'stale'],
    [{ ...older, place: `${boot}/pid:[1]` }, 'stale'],
    [{ ...older, place: null }, 'stale'],
    [{ ...older, place: `${boot}/${namespace}` }, 'running'], // seen
  ] as const) {
    write(written);
    expect(readCellStatus(cell.folder, () => Date.now()).state).toBe('running');
    expect(readCellStatus(cell.folder, () => Date.now() + 3_600_000).state).toBe(whenSilent);
  }
  attempt.end(preempted);
});

it('survives being killed at any moment of claim and end', async () => {
  const seen = new Set<string>(); // it has to be killed within an attempt, and between two
  let attempts = 0;
  for (let round = 0; round < 12 || seen.size < 2; round++) {
    const { child, word } = start('churn.cjs', cell.folder);
    await word;
    await wait(Math.random() * 80 * (1 + round / 6)); // longer and longer, until a slow machine comes as far
    await kill(child);
    const status = readCellStatus(cell.folder);
    if (status.state !== 'pending') seen.add(status.state);
    expect(['pending', 'stale', 'preempted']).toContain(status.state);
    expect(status.attempts.flatMap(({ damaged }) => damaged)).toEqual([]);
    expect(status.attempts.every(({ claim }) => claim)).toBe(true);
    expect(status.attempts.map(({ number }) => number)).toEqual(status.attempts.map((_, index) => index + 1));
    expect(status.attempts.length).toBeGreaterThanOrEqual(attempts);
    attempts = status.attempts.length;
    expect(status.attempts.slice(0, -1).filter(({ end }) => !end).length).toBeLessThanOrEqual(round); // only of killed ones
  }
  succeed(claimAttempt(cell.folder));
  expect(state()).toBe('succeeded');
});

describe('a cell that has succeeded', () => {
  const run = (name: string) => join(runs, readAttempts(cell.folder)[0].run!, name);
  beforeEach(() => succeed(claimAttempt(cell.folder)));
  const status = () => {
    const { state, attempts } = readCellStatus(cell.folder);
    return [state, attempts[0].end?.message];
  };

  it('has failed once its run is gone, has no report, is damaged or of another cell', () => {
    expect(status()).toEqual(['succeeded', null]);
    rmSync(run('report.json'));
    expect(status()).toEqual(['failed', expect.stringMatching(/^its run spec\/\S+ has no report$/)]);
    writeFileSync(run('report.json'), '{');
    expect(status()).toEqual([
      'failed',
      expect.stringMatching(/^its run spec\/\S+ is damaged: report\.json is not JSON\. It is trained again$/),
    ]);
    writeFileSync(run('manifest.json'), '{"cell":"00ff"}');
    expect(status()).toEqual(['failed', expect.stringMatching(/^its run spec\/\S+ belongs to another cell$/)]);
    rmSync(run('manifest.json'));
    expect(status()).toEqual(['failed', expect.stringMatching(/^its run spec\/\S+ no longer exists$/)]);
    rmSync(join(attemptFolder(cell.folder, 1), 'run.json'));
    expect(status()).toEqual(['failed', 'the run that computed it is unknown']);
    expect(claimAttempt(cell.folder).number).toBe(2);
  });
});

describe('damage', () => {
  const damage = (name: string, text: string) => writeFileSync(join(attemptFolder(cell.folder, 1), name), text);
  beforeEach(() => succeed(claimAttempt(cell.folder)));

  it.each(['', '{', 'null', '[]', '"x"', '{"state":"done"}'])('an end.json of %j counts as absent, by name', (text) => {
    damage('end.json', text);
    const { state, attempts } = readCellStatus(cell.folder);
    expect(state).toBe('running'); // its process, this one, lives
    expect(attempts[0].damaged).toEqual([join(attemptFolder(cell.folder, 1), 'end.json')]);
  });

  it.each(['', '{"pid":', '{"pid": 1}'])('a claim.json of %j leaves the heartbeat to go by', (text) => {
    damage('claim.json', text);
    rmSync(join(attemptFolder(cell.folder, 1), 'end.json'));
    expect(state()).toBe('running');
    rmSync(join(attemptFolder(cell.folder, 1), 'heartbeat'));
    expect(state()).toBe('stale');
    expect(claimAttempt(cell.folder).number).toBe(2);
  });

  it('one flipped bit of a file counts as its absence', () => {
    for (const name of ['claim.json', 'run.json', 'end.json']) {
      const file = join(attemptFolder(cell.folder, 1), name);
      const bytes = readFileSync(file);
      bytes[Math.floor(bytes.length / 3)] ^= 1;
      writeFileSync(file, bytes);
      expect(readAttempts(cell.folder)[0].damaged).toContain(file);
    }
  });

  it('an end.json that is a folder counts as absent, by name', () => {
    const file = join(attemptFolder(cell.folder, 1), 'end.json');
    rmSync(file);
    mkdirSync(file);
    expect(readCellStatus(cell.folder)).toMatchObject({ state: 'running', attempts: [{ damaged: [file] }] });
  });

  it.each([0, -1, 3601, '1e999'])('a lease of %s s is none', (leaseSeconds) => {
    const file = join(attemptFolder(cell.folder, 1), 'claim.json');
    damage('claim.json', readSealed(readFileSync(file, 'utf8')).body.replace(/("leaseSeconds": )\d+/, `$1${leaseSeconds}`));
    expect(readCellStatus(cell.folder).attempts[0]).toMatchObject({ claim: undefined, damaged: [file] });
  });

  it('files that are none of ours are let be', () => {
    for (const name of ['.claim-00ff', 'x', '1', '../0002.txt']) mkdirSync(join(cell.folder, 'attempts', name), { recursive: true });
    expect(readCellStatus(cell.folder)).toMatchObject({ state: 'succeeded', attempts: { length: 1 } });
    expect(existsSync(join(cell.folder, 'attempts', '.claim-00ff'))).toBe(true);
  });
});
