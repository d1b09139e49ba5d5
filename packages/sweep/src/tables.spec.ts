import { PassThrough } from 'node:stream';
import { screenAfter } from '@tass/testing';
import type { AttemptRecord } from './attempt-files';
import { dryRunTable, statusTable, type CellRow } from './cell-table';
import { cut } from '@tass/progress';
import { duration, oneLine, textTable } from './plain-text';
import { showSweep } from './progress-display';
import type { Reached } from './reached';
import type { SweepEvent } from './sweep-event';
import { SweepProgress } from './sweep-progress';

const noon = Date.UTC(2025, 0, 1, 12);
const at = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();
const claim = { pid: 7, host: 'node5', started: null, job: null, leaseSeconds: 60 };
const attempt = (begun: number, parts: Partial<AttemptRecord> = {}): AttemptRecord => ({
  ...{ number: 1, claim: { ...claim, at: at(begun) }, heartbeatAt: noon, run: undefined, end: undefined, damaged: [] },
  ...parts,
});
const ended = (state: 'succeeded' | 'failed' | 'preempted', minutes: number, message: string | null = null) => ({
  end: { state, code: 1, step: 5, message, at: at(minutes) },
});

const rows: CellRow[] = [
  { name: 'a seed=1', seed: 1, state: 'succeeded', attempts: [attempt(-9, ended('failed', -8)), attempt(-5, { ...ended('succeeded', 0), run: 'a/20250101-1' })] },
  { name: 'a seed=2', seed: 2, state: 'failed', attempts: [attempt(-3, { run: 'a/20250101-2' }), attempt(-2, ended('failed', -1, 'the loss\nis \x1b[31mNaN'))] },
  { name: 'a seed=3', seed: 3, state: 'running', attempts: [attempt(-90)] },
  { name: 'b', seed: null, state: 'stale', attempts: [attempt(-90, { heartbeatAt: noon - 200_000, damaged: ['x/end.json'] })] },
  { name: 'c seed=10', seed: 10, state: 'pending', attempts: [] },
]; // prettier-ignore

it('shows what has become of the cells', () => {
  expect(statusTable(rows, noon)).toBe(
    [
      'state      seed  attempts  time        cell       run           message',
      'succeeded  1     2         5 min       a seed=1   a/20250101-1',
      'failed     2     2         1 min       a seed=2   a/20250101-2  the loss is [31mNaN',
      'running    3     1         1 h 30 min  a seed=3                 process 7 on node5',
      'stale            1                     b                        process 7 on node5 is gone, last heartbeat 3 min ago; x/end.json is damaged and counts as absent',
      'pending    10                          c seed=10',
      '',
      '5 cells: 1 pending, 1 running, 1 stale, 1 succeeded, 1 failed',
    ].join('\n'),
  );
});

it('leaves out columns that say nothing, and cuts what is too long', () => {
  expect(statusTable([rows[4]], noon, 18)).toBe('state    seed  ce…\npending  10    c …\n\n1 cell: 1 pending');
});

it('shows what would be run', () => {
  expect(dryRunTable(rows.map((row) => ({ ...row, overrides: ['epochs=4'] })).slice(0, 4))).toBe(
    [
      'cell      would                        overrides',
      'a seed=1  not run again                epochs=4',
      'a seed=2  run again: it failed         epochs=4',
      'a seed=3  wait for process 7 on node5  epochs=4',
      'b         resume: its process is gone  epochs=4',
      '',
      '4 cells: 1 running, 1 stale, 1 succeeded, 1 failed. 2 would be run',
    ].join('\n'),
  );
});

it('counts cells that compute the same once', () => {
  const [done, , , , open] = rows;
  expect(statusTable([done, { ...done, name: 'a again', equals: 'a seed=1' }, open, { ...open, name: 'd', equals: 'c seed=10' }])).toBe(
    [
      'state      seed  attempts  time   cell       run           message',
      'succeeded  1     2         5 min  a seed=1   a/20250101-1',
      '           1                      a again                  the same as a seed=1',
      'pending    10                     c seed=10',
      '           10                     d                        the same as c seed=10',
      '',
      '2 cells: 1 pending, 1 succeeded',
    ].join('\n'),
  );
});

it('counts cells that compute the same once in a dry run', () => {
  const [done, , , , open] = rows.map((row) => ({ ...row, overrides: [] }));
  expect(dryRunTable([done, { ...done, name: 'a again', equals: 'a seed=1' }, open, { ...open, name: 'd', equals: 'c seed=10' }])).toBe(
    [
      'cell       would',
      'a seed=1   not run again',
      'a again    run once, as a seed=1',
      'c seed=10  run',
      'd          run once, as c seed=10',
      '',
      '2 cells: 1 pending, 1 succeeded. 1 would be run',
    ].join('\n'),
  );
});

it.each([
  [-5, '0 s'],
  [59_400, '59 s'],
  [59_600, '1 min'],
  [60 * 60_000, '1 h'],
  [80 * 60_000, '1 h 20 min'],
  [24 * 3_600_000, '1 day'],
  [52 * 3_600_000, '2 days 4 h'],
])('says %d ms as %s', (milliseconds, text) => expect(duration(milliseconds)).toBe(text));

it('keeps text on its line', () => {
  expect(oneLine(' a\n\tb\x07\x1b[2Jc ')).toBe('a b[2Jc');
  expect(cut('abc', 3)).toBe('abc');
  expect(cut('abcd', 3)).toBe('ab…');
  expect(textTable(['x', 'y'], [['1', ''], ['22', '']])).toBe('x\n1\n22'); // prettier-ignore
});

describe('the display', () => {
  const cells = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, address: name, folder: `/${name}` }));
  const [a, b, c, d, e] = cells;
  const failure = { ended: 'exit code 1', message: 'the loss is NaN', log: '/b/log.txt', lastLines: ['epoch 3', 'Error: NaN'] };
  const steps: [number, SweepEvent, string[]][] = [
    [0, { kind: 'done', cell: a, here: false }, ['succeeded  a before; not run again']],
    [0, { kind: 'launched', cell: b }, []],
    [0, { kind: 'started', cell: b, where: 'process 1' }, ['started    b (process 1)']],
    [0, { kind: 'started', cell: c, where: 'process 2' }, ['started    c (process 2)']],
    [0, { kind: 'failed', cell: b, failure, retriesLeft: 1 }, ['failed     b (exit code 1): the loss is NaN; begun again, for the last time', '           | epoch 3', '           | Error: NaN', '           log: /b/log.txt']],
    [1, { kind: 'started', cell: b, where: 'process 3' }, ['started    b (process 3)']],
    [9, { kind: 'done', cell: c, here: true }, ['succeeded  c in 10 min; 2 of 5 succeeded, 1 running, 2 waiting, about 11 min left']], // 10 min two at once: (10 - 9 + 2 * 10) / 2
    [0, { kind: 'preempted', cell: b, step: 40, reason: 'SIGTERM' }, ['stopped    b at step 40: SIGTERM']],
    [0, { kind: 'waiting', cell: d, where: 'process 9 on node5' }, ['elsewhere  d is worked on by process 9 on node5']],
    [1, { kind: 'failed', cell: b, failure: { ...failure, ended: 'killed by SIGKILL', message: 'killed by SIGKILL', lastLines: [] }, retriesLeft: 0 }, ['failed     b (killed by SIGKILL); not begun again', '           log: /b/log.txt']],
    [0, { kind: 'done', cell: d, here: false }, ['succeeded  d before; not run again']],
    [0, { kind: 'equal', cell: { ...e, name: 'f' }, to: e }, ['equal      f is the same as e and runs with it']],
    [0, { kind: 'stopping', reason: 'SIGINT', jobs: 1 }, ['stopping   SIGINT: 1 job is asked to save and end; a second signal kills them']],
  ]; // prettier-ignore

  it('says each event in a line, and how far the sweep has come', () => {
    let now = noon;
    const progress = new SweepProgress([...cells, { ...e, name: 'f' }], undefined, () => now);
    for (const [minutes, event, lines] of steps) {
      now += minutes * 60_000;
      expect(progress.tell(event)).toEqual(lines);
    }
    expect(progress.summary()).toBe('3 of 5 succeeded, 1 failed, 1 waiting, about 5 min left');
  });

  it('expects no end before that of the slowest cell that runs', () => {
    let now = 0;
    const progress = new SweepProgress(cells, undefined, () => now);
    for (const cell of cells) progress.tell({ kind: 'started', cell, where: 'process 1' });
    now += 4000;
    progress.tell({ kind: 'preempted', cell: e, step: null, reason: 'SIGTERM' });
    progress.tell({ kind: 'started', cell: e, where: 'process 2' });
    now += 6000;
    for (const cell of [a, b, c, d]) progress.tell({ kind: 'done', cell, here: true });
    expect(progress.figures.secondsLeft).toBe(4); // of e, 6 s of which are spent; not a fifth of it
  });

  it('does not heed a clock that is set', () => {
    const progress = new SweepProgress(cells);
    progress.tell({ kind: 'started', cell: a, where: 'process 1' });
    jest.advanceTimersByTime(10_000);
    jest.setSystemTime(noon - 3_600_000);
    expect(progress.tell({ kind: 'done', cell: a, here: true })[0]).toMatch(
      /^succeeded {2}a in 10 s; 1 of 5 succeeded, 4 waiting, about 40 s left$/,
    );
    expect(progress.figures.secondsSpent).toBe(10);
  });

  const streamOf = (isTTY: boolean, columns = 60) => {
    const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY, columns, rows: 6 });
    return { stream: stream as unknown as NodeJS.WriteStream, text: () => String(stream.read() ?? '') };
  };
  /** What each cell's run has reached, by its folder. */
  let reached: Record<string, Reached>;
  const reachedBy = (folder: string): Reached | undefined => reached[folder];
  const epochs = (done: number, note = ''): Reached => ({ done, total: 10, unit: 'epochs', note });
  const { CI } = process.env;
  beforeEach(() => {
    reached = {};
    delete process.env.CI;
    jest.useFakeTimers({ now: noon });
  });
  afterEach(() => {
    process.env.CI = CI ?? '';
    jest.useRealTimers();
  });

  it('writes lines into a pipe: events, and now and then how far each running cell has come', () => {
    const { stream, text } = streamOf(false);
    const display = showSweep(cells, { stream, reachedBy });
    display.onEvent({ kind: 'started', cell: a, where: 'process 1' });
    display.onEvent({ kind: 'started', cell: b, where: 'process 2' });
    expect(text()).toBe('started    a (process 1)\nstarted    b (process 2)\n');
    reached['/a'] = epochs(0);
    jest.advanceTimersByTime(9500);
    expect(text()).toBe('');
    reached['/a'] = epochs(2, 'loss 3.250, best 40.00 %');
    jest.advanceTimersByTime(500); // 2 epochs in 10 s: 8 more in 40 s, a cell in 50 s: (40 + 40 + 3 * 50) / 2, two at once
    expect(text()).toBe(
      [
        'running    a: 2/10 epochs, 12.0 epochs/min, 0:10, 0:40 left, loss 3.250, best 40.00 %',
        'running    b: 10 s, process 2',
        'sweep: 0/5 cells, 0:10, 1:55 left, 2 running, 3 waiting',
        '',
      ].join('\n'),
    );
    display.onEvent({ kind: 'done', cell: a, here: true });
    expect(text()).toMatch(/^succeeded {2}a in 10 s; 1 of 5 succeeded, 1 running, 3 waiting, about .* left\n$/);
    expect(display.end()).toMatch(/^1 of 5 succeeded, 1 running, 3 waiting/);
    jest.advanceTimersByTime(60_000);
    expect(text()).toBe('');
  });

  it('counts the rate of a cell that goes on from what it had reached', () => {
    const { stream, text } = streamOf(false);
    reached['/a'] = epochs(4);
    const display = showSweep([a], { stream, reachedBy });
    display.onEvent({ kind: 'started', cell: a, where: 'process 1' });
    reached['/a'] = epochs(5);
    jest.advanceTimersByTime(10_000);
    expect(text()).toContain('running    a: 5/10 epochs, 6.0 epochs/min, 0:10, 0:50 left\n');
    display.end();
  });

  it('draws as many running cells as fit when the terminal gets another height', () => {
    const { stream, text } = streamOf(true);
    const display = showSweep(cells, { stream });
    for (const cell of cells) display.onEvent({ kind: 'started', cell, where: 'process 1' });
    jest.advanceTimersByTime(1000);
    let drawn = text();
    const linesAfter = (rows: number): number => {
      stream.rows = rows;
      jest.advanceTimersByTime(1500);
      return screenAfter((drawn += text())).filter(Boolean).length;
    };
    expect([6, 8, 5, 0].map(linesAfter)).toEqual([3, 5, 2, 6]); // 0: unknown
    display.end();
  });

  it('draws the sweep and the running cells that fit in a terminal, below what happened, and no line wraps', () => {
    const { stream, text } = streamOf(true);
    const display = showSweep(cells, { stream, reachedBy });
    for (const cell of [a, b, c]) display.onEvent({ kind: 'started', cell, where: 'process 12345 on a machine of a very long name' });
    jest.advanceTimersByTime(9000);
    reached['/a'] = epochs(5, 'loss 3.250, best 40.00 %');
    jest.advanceTimersByTime(1000); // 5 epochs in 10 s, so 20 s a cell: 10 s for each of three, 20 s for each of two, three at once
    const drawn = text();
    expect(screenAfter(drawn)).toEqual([
      'sweep: 0/5 cells, 0:23 left, 3 running, 2 waiting, 1 not s…',
      '  a: 5/10 epochs, 0:10, 0:10 left, loss 3.250, best 40.00 %',
      '  b: 10 s, process 12345 on a machine of a very long name',
    ]);
    display.onEvent({ kind: 'done', cell: a, here: true });
    jest.advanceTimersByTime(1000);
    const after = drawn + text();
    expect(screenAfter(after)).toEqual([
      'succeeded  a in 10 s; 1 of 5 succeeded, 2 running, 2 waiting, about 7 s left',
      expect.stringMatching(/sweep: 1\/5 cells, .* left/),
      '  b: 11 s, process 12345 on a machine of a very long name',
      '  c: 11 s, process 12345 on a machine of a very long name',
    ]);
    display.end();
    expect(screenAfter(after + text())).toEqual([expect.stringMatching(/^succeeded/), '']);
  });
});
