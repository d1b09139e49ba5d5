import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StopSignals } from '@tass/program';
import { heartbeatFile, makeAttempt, readAttempts } from './attempt-files';
import { claimAttempt } from './attempt';
import { defineCell, type Cell } from './cell';
import { readCellStatus } from './cell-state';
import { makeRun, succeed as endWell } from './fixtures/succeed';
import type { Job, JobOutcome, Launcher } from './launcher';
import { LocalLauncher } from './local-launcher';
import { runSweep, type SweepWork } from './run-sweep';
import type { SweepEvent } from './sweep-event';

const worker = join(__dirname, '../fixtures/worker.cjs');
const hook = join(__dirname, '../../testing/src/typescript.cjs');
process.env.NODE_OPTIONS = `--conditions=@tass/source --require ${hook}`; // workers run from the sources

let runs: string;
beforeEach(() => (runs = mkdtempSync(join(tmpdir(), 'tass-sweep-'))));
afterEach(() => rmSync(runs, { recursive: true }));

const cellThat = (name: string, ...attempts: (string | number)[]): Cell =>
  defineCell(runs, { name, experiment: 'spec', overrides: [], seed: 1, identity: { name }, config: { attempts } });
const timesComputed = ({ folder }: Cell): number =>
  existsSync(join(folder, 'computed.txt')) ? readFileSync(join(folder, 'computed.txt'), 'utf8').split('\n').length - 1 : 0;
const ends = (cell: Cell) => readAttempts(cell.folder).map(({ end }) => end?.state);
const counts = (some: object) => ({ ...{ pending: 0, running: 0, stale: 0, succeeded: 0, failed: 0, preempted: 0 }, ...some });

async function sweep(cells: Cell[], options: Partial<SweepWork> = {}) {
  const events: SweepEvent[] = [];
  const folder = join(runs, '.sweeps/spec/1');
  mkdirSync(folder, { recursive: true });
  const signals = new StopSignals();
  const result = await runSweep({
    id: '20250101-000000-abcdef',
    folder,
    cells,
    launcher: new LocalLauncher({ jobs: 2 }),
    program: ({ folder }) => ({ main: worker, words: [folder] }),
    retry: 0,
    failFast: false,
    pollSeconds: 0.1,
    onEvent: (event) => events.push(event),
    signals,
    ...options,
  }).finally(signals.release);
  return { events, ...result };
}
const kinds = (events: readonly SweepEvent[]) => events.map(({ kind }) => kind).join(' ');
const failures = (events: readonly SweepEvent[]) => events.flatMap((event) => (event.kind === 'failed' ? [event] : []));

it('runs each cell once, equal ones together, and nothing again', async () => {
  const cells = [cellThat('a', 0), cellThat('b', 0), cellThat('a', 0)];
  expect(await sweep(cells)).toMatchObject({ counts: counts({ succeeded: 2 }), stopped: undefined });
  expect(cells.map(timesComputed)).toEqual([1, 1, 1]);
  const { events } = await sweep(cells);
  expect(events).toEqual([
    { kind: 'equal', cell: cells[2], to: cells[0] },
    { kind: 'done', cell: cells[0], here: false },
    { kind: 'done', cell: cells[1], here: false },
  ]);
});

describe('a failure', () => {
  it('is told when it happens, with the end of its own log, and begun again as often as wanted', async () => {
    const cell = cellThat('a', 'fail', 'kill', 'crash', 0);
    const { events, counts: after } = await sweep([cell], { retry: 3 });
    const again = 'launched started failed';
    expect(kinds(events)).toBe(`${again} ${again} ${again} launched started done`);
    const log = join(cell.folder, 'log.txt');
    expect(failures(events).map(({ failure, retriesLeft }) => [failure, retriesLeft])).toEqual([
      [{ ended: 'exit code 1', message: 'the loss is NaN', log, lastLines: ['attempt 1 of a', 'the loss is NaN', '', 'see above'] }, 3],
      [{ ended: 'killed by SIGKILL', message: 'killed by SIGKILL', log, lastLines: ['attempt 2 of a'] }, 2],
      [{ ended: 'exit code 9', message: 'it ended without a record', log, lastLines: ['attempt 3 of a', 'out of luck'] }, 1],
    ]);
    expect(ends(cell)).toEqual(['failed', 'failed', 'failed', 'succeeded']);
    expect(after).toEqual(counts({ succeeded: 1 }));
  });

  it('leaves the other cells alone; the next sweep begins the cell again', async () => {
    const cells = [cellThat('a', 'fail', 'fail', 0), cellThat('b', 0)];
    expect((await sweep(cells, { retry: 1 })).counts).toEqual(counts({ succeeded: 1, failed: 1 }));
    expect(ends(cells[0])).toEqual(['failed', 'failed']);
    expect((await sweep(cells)).counts).toEqual(counts({ succeeded: 2 }));
  });

  it('is that of a program that cannot start, too', async () => {
    const { events, counts: after } = await sweep([cellThat('a', 0)], { program: () => ({ main: join(runs, 'none.cjs'), words: [] }) });
    expect(failures(events)[0].failure).toMatchObject({ ended: 'exit code 1', message: 'it ended before it had claimed the cell' });
    expect(failures(events)[0].failure.lastLines.join('\n')).toContain('MODULE_NOT_FOUND'); // Node 26 writes more lines after the message
    expect(after).toEqual(counts({ pending: 1 }));
  });

  it('stops the sweep when it is to fail fast: what runs saves, what waits is left', async () => {
    const cells = [cellThat('a', 60_000, 0), cellThat('b', 'fail', 0), cellThat('c', 0), cellThat('d', 0)];
    defineCell(runs, { ...cells[1], config: { attempts: ['fail', 0], after: cells[0].folder } });
    const first = await sweep(cells, { failFast: true });
    expect(first).toMatchObject({ counts: counts({ preempted: 1, failed: 1, pending: 2 }), stopped: 'failure' });
    expect(first.events.filter(({ kind }) => kind === 'stopping')).toMatchObject([{ reason: 'failure' }]);
    expect((await sweep(cells)).counts).toEqual(counts({ succeeded: 4 }));
    expect(cells.map(timesComputed)).toEqual([1, 1, 1, 1]);
  });
});

describe('a preempted cell', () => {
  it('goes on at once while it comes further', async () => {
    const cell = cellThat('a', 'preempt 3', 'preempt 5', 'preempt 5', 'preempt 6', 'preempt 2', 0);
    const { events } = await sweep([cell]);
    expect(events.flatMap((event) => (event.kind === 'preempted' ? [event.step] : []))).toEqual([3, 5, 5, 6, 2]);
    expect(ends(cell).at(-1)).toBe('succeeded');
  });

  it.each([
    [['preempt 0', 'preempt 0', 0], 2, 0],
    [['preempt 4', 'preempt 4', 'preempt 3', 0], 3, 4],
  ])('fails when it comes no further twice in a row: %j', async (attempts, number, step) => {
    const cell = cellThat('a', ...attempts);
    const { events } = await sweep([cell]);
    expect(ends(cell)).toHaveLength(number);
    expect(failures(events)[0].failure.message).toBe(`stopped twice in a row without getting past step ${step}`);
    expect((await sweep([cell])).counts).toEqual(counts({ succeeded: 1 }));
  });
});

it('waits for a cell that another process works on, and takes it when that one is gone', async () => {
  const cell = cellThat('a', 0);
  const attempt = claimAttempt(cell.folder);
  setTimeout(() => attempt.end({ state: 'preempted', code: 143, step: 1, message: null }), 300);
  const { events } = await sweep([cell]);
  expect(kinds(events)).toBe('waiting launched started done');
  expect(events[0]).toMatchObject({ where: expect.stringMatching(`^process ${process.pid} on `) });
  expect(ends(cell)).toEqual(['preempted', 'succeeded']);
});

describe('with a launcher that cannot be trusted', () => {
  const scripted = (...acts: ((job: Job) => JobOutcome)[]): Launcher & { jobs: Job[] } => {
    const jobs: Job[] = [];
    return {
      description: 'a script',
      jobs,
      launch: (some, { ended }) =>
        some.forEach((job) => {
          jobs.push(job);
          setImmediate(() => ended(job, (acts.shift() as (job: Job) => JobOutcome)(job)));
        }),
      stop: async () => undefined,
    };
  };
  const claimFrom = (cell: Cell, job: string, leaseSeconds: number) =>
    makeAttempt(cell.folder, 1, { pid: 1, host: 'elsewhere', started: null, job, leaseSeconds, at: '' });
  const succeed = (cell: Cell) => (): JobOutcome => {
    endWell(claimAttempt(cell.folder));
    return { kind: 'exited', code: 0 };
  };

  it('believes that a worker of another machine died only when its lease is over', async () => {
    const cell = cellThat('a');
    const begun = Date.now();
    const launcher = scripted((job) => {
      claimFrom(cell, job.id, 0.5);
      return { kind: 'killed', signal: 'SIGKILL' };
    }, succeed(cell));
    const { events } = await sweep([cell], { launcher, retry: 1 });
    expect(Date.now() - begun).toBeGreaterThan(500);
    expect(kinds(events)).toBe('launched failed launched done');
    expect(readAttempts(cell.folder)[0].end).toMatchObject({ state: 'failed', code: null, message: 'killed by SIGKILL' });
    expect(launcher.jobs.map(({ id }) => id)).toEqual([1, 2].map((number) => `20250101-000000-abcdef-${cell.address}-${number}`));
  });

  it('sees an end that shows late', async () => {
    const cell = cellThat('a');
    const launcher = scripted((job) => {
      claimFrom(cell, job.id, 60);
      const file = join(cell.folder, 'attempts/0001/end.json');
      const end = { state: 'succeeded', code: 0, step: 9, message: null, at: '' };
      writeFileSync(join(cell.folder, 'attempts/0001/run.json'), JSON.stringify({ run: makeRun(cell) }));
      setTimeout(() => writeFileSync(file, JSON.stringify(end)), 200);
      return { kind: 'exited', code: 0 };
    });
    const { events } = await sweep([cell], { launcher });
    expect(kinds(events)).toBe('launched done');
  });

  it('goes on after jobs that were lost or ran out of time, but not twice in vain', async () => {
    const cell = cellThat('a');
    const lost = (): JobOutcome => ({ kind: 'lost', detail: 'node5 is gone' });
    const late = (): JobOutcome => ({ kind: 'timeout', detail: 'its time was up' });
    expect(kinds((await sweep([cell], { launcher: scripted(lost, succeed(cell)) })).events)).toBe('launched preempted launched done');
    const other = cellThat('b');
    const { events, counts: after } = await sweep([other], { launcher: scripted(late, lost) });
    expect(kinds(events)).toBe('launched preempted launched failed');
    expect(failures(events)[0].failure.ended).toBe('lost: node5 is gone');
    expect(after).toEqual(counts({ pending: 1 }));
  });

  it('leaves a cell alone that another process took from its job', async () => {
    const cell = cellThat('a');
    const launcher = scripted(() => {
      claimFrom(cell, 'another job', 3600);
      return { kind: 'exited', code: 0 };
    }, succeed(cell));
    const events: SweepEvent[] = [];
    const onEvent = (event: SweepEvent): void => {
      events.push(event);
      if (event.kind === 'waiting') utimesSync(heartbeatFile(cell.folder, 1), 0, 0); // its lease is over
    };
    await sweep([cell], { launcher, onEvent });
    expect(kinds(events)).toBe('launched waiting launched done');
    expect(readCellStatus(cell.folder)).toMatchObject({ state: 'succeeded', attempts: { length: 2 } });
  });
});
