import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityOf, LockError } from '@tass/files';
import { claimAttempt } from './attempt';
import { defineCell, type Cell } from './cell';
import { succeed as endWell } from './fixtures/succeed';
import { refuseChangedCells } from './changed-cells';
import { SweepError } from './sweep-error';
import { createSweep, findSweep, listSweeps, lockSweep, unfinishedSweeps, type Sweep } from './sweep-folder';

let runs: string;
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), 'tass-sweeps-'));
  jest.useFakeTimers({ now: Date.UTC(2025, 10, 23, 12, 0, 5), doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask'] });
});
afterEach(() => {
  jest.useRealTimers();
  rmSync(runs, { recursive: true });
});

const cell = (name: string, config: Record<string, unknown> = {}): Cell =>
  defineCell(runs, { name, experiment: 'spec', overrides: [], seed: 1, identity: { name, ...config }, config });
const sweepOf = (experiment: string, ...cells: Cell[]): Sweep =>
  createSweep(runs, { experiment, grid: { seeds: [1] }, cells: cells.map(({ address, name, overrides, seed }) => ({ address, name, overrides, seed })), launcher: 'here' }); // prettier-ignore
const succeed = ({ folder }: Cell) => endWell(claimAttempt(folder));

it('is a folder that says what is run; many of one second do not meet', () => {
  const sweeps = Array.from({ length: 20 }, () => sweepOf('ablations/small', cell('a')));
  expect(new Set(sweeps.map(({ id }) => id)).size).toBe(20);
  const [{ id, folder }] = sweeps;
  expect(id).toMatch(/^20251123-120005-[0-9a-f]{6}$/);
  expect(folder).toBe(join(runs, '.sweeps/ablations/small', id));
  expect(readdirSync(folder)).toEqual(['sweep.json']);
  const { address } = cell('a');
  expect(findSweep(runs, id)).toEqual({
    id,
    folder,
    isChecked: true,
    experiment: 'ablations/small',
    createdAt: '2025-11-23T12:00:05.000Z',
    grid: { seeds: [1] },
    cells: [{ address, name: 'a', overrides: [], seed: 1 }],
    launcher: 'here',
  });
});

it.each(['../x', '/x', ''])('has no experiment that leads out of its folder: %j', (experiment) => {
  expect(() => sweepOf(experiment)).toThrow(`experiment ${experiment} leads out of ${runs}/.sweeps`);
});

it('is found by its id or the beginning of it, in one experiment or in all', () => {
  const old = sweepOf('a');
  jest.setSystemTime(Date.UTC(2025, 10, 23, 12, 0, 6));
  const other = sweepOf('b');
  jest.setSystemTime(Date.UTC(2026, 0, 1));
  const young = sweepOf('a');
  mkdirSync(join(runs, '.sweeps/a/20270101-000000-ffffff')); // its process died before it had said what it runs
  expect(listSweeps(runs).map(({ id }) => id)).toEqual([young, other, old].map(({ id }) => id));
  expect(listSweeps(runs, 'a').map(({ id }) => id)).toEqual([young.id, old.id]);
  expect(findSweep(runs, '2026').id).toBe(young.id);
  expect(findSweep(runs, 'a').id).toBe(young.id);
  expect(findSweep(runs, 'b').id).toBe(other.id);
  expect(findSweep(runs, '202511', 'a').id).toBe(old.id);
  expect(() => findSweep(runs, '202511')).toThrow(
    new SweepError(`2 sweeps begin with 202511: ${other.id} (b), ${old.id} (a). Give more of the id`),
  );
  expect(() => findSweep(runs, '../a')).toThrow(`there is no sweep ../a. Newest: ${young.id} (a), ${other.id} (b), ${old.id} (a).`);
  expect(() => findSweep(runs, old.id.replace('2025', '2024'), 'a')).toThrow(
    `of a. Newest: ${young.id} (a), ${old.id} (a). Did you mean ${old.id}?`,
  );
  expect(() => findSweep(join(runs, 'none'), 'x')).toThrow('there is no sweep x. There are none yet');
});

it('is unfinished while a cell has not succeeded', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => cell(name));
  const first = sweepOf('x', a, b);
  jest.setSystemTime(Date.UTC(2026, 0, 1));
  const second = sweepOf('x', a, c);
  const unfinished = (experiment: string) => unfinishedSweeps(runs, experiment).map(({ id, done }) => [id, done]);
  expect(unfinished('x')).toEqual([[second.id, 0], [first.id, 0]]); // prettier-ignore
  succeed(a);
  expect(unfinished('x')).toEqual([[second.id, 1], [first.id, 1]]); // prettier-ignore
  succeed(c);
  expect(unfinished('x')).toEqual([[first.id, 1]]);
  succeed(b);
  expect(unfinished('x')).toEqual([]);
  expect(unfinished('y')).toEqual([]);
});

it('from before its grid was renamed is found under the new name', () => {
  const { id } = sweepOf('worth', cell('a'));
  expect(unfinishedSweeps(runs, 'module-ablation').map((sweep) => sweep.id)).toEqual([id]);
  expect(findSweep(runs, 'module-ablation').id).toBe(id);
  expect(findSweep(runs, id.slice(0, 17), 'module-ablation').id).toBe(id);
});

describe('through links', () => {
  const away = () => join(runs, 'away');
  const link = (to: string, name: string) => symlinkSync(to, join(runs, '.sweeps', name));
  it('is found in a folder that was moved to another disk, under any name, once, circles or not', () => {
    const { id, folder } = sweepOf('a/b');
    mkdirSync(join(away(), 'a/b'), { recursive: true });
    renameSync(folder, join(away(), 'a/b', id));
    link(join(away(), 'a'), 'archive');
    link(join(away(), 'a/b', id), 'a/b/mine');
    symlinkSync(join(runs, '.sweeps'), join(away(), 'a/up'));
    expect(listSweeps(runs).map((sweep) => sweep.id)).toEqual([id]);
    expect([findSweep(runs, id).experiment, unfinishedSweeps(runs, 'a/b').length, listSweeps(runs, 'b')]).toEqual(['a/b', 0, []]);
  });

  it('is named where a link leads nowhere', () => {
    sweepOf('a');
    sweepOf('b');
    link('/nowhere', 'a/old');
    expect(() => listSweeps(runs)).toThrow(new SweepError(`${runs}/.sweeps/a/old is a link to /nowhere, which is not there. Restore its target, or delete the link`)); // prettier-ignore
    expect(listSweeps(runs, 'b')).toHaveLength(1);
  });
});

it('has one parent at a time; that of one that is gone is taken over', async () => {
  const sweep = sweepOf('x');
  const unlock = lockSweep(sweep);
  expect(() => lockSweep(sweep)).toThrow(LockError);
  expect(() => lockSweep(sweep)).toThrow(`${sweep.folder} is in use by this process (${process.pid}). Wait until it ends, or stop it`);
  unlock();
  const other = spawn('sleep', ['900']);
  writeFileSync(join(sweep.folder, 'sweep.lock'), JSON.stringify(identityOf(other.pid)));
  expect(() => lockSweep(sweep)).toThrow(`is in use by process ${other.pid} on `);
  await new Promise((resolve) => {
    other.once('exit', resolve);
    other.kill('SIGKILL');
  });
  lockSweep(sweep)();
});

it.each([
  '',
  '{"id": "x", "cells": []}',
  '{"cells": 3}',
  (id: string) => JSON.stringify({ id, experiment: '\x1b]0;y\x07', cells: [] }), // not the one in whose folder it lies
  (id: string) => JSON.stringify({ id, experiment: 'x', cells: [{ address: '../../..', name: 'a' }] }),
])('names a sweep.json that is damaged: case %#', (text) => {
  const { folder, id } = sweepOf('x');
  writeFileSync(join(folder, 'sweep.json'), typeof text === 'string' ? text : text(id));
  expect(() => listSweeps(runs)).toThrow(
    `${folder}/sweep.json: ${text === '' ? 'is not JSON' : 'is not a sweep of this folder'}. Delete its folder and start the sweep again: cells that have succeeded are not run again`,
  );
});

describe('on resume', () => {
  it('takes the same cells, in any order', () => {
    const [a, b] = [cell('a', { epochs: 3 }), cell('b')];
    expect(() => refuseChangedCells(runs, sweepOf('x', a, b), [b, a])).not.toThrow();
  });

  it('takes a cell whose experiment was renamed', () => {
    const before = cell('mini-avqa seed=1', { name: 'same' });
    const now = cell('tass-small seed=1', { name: 'same' });
    expect(() => refuseChangedCells(runs, sweepOf('x', before), [now])).not.toThrow();
  });

  it('refuses other cells, and says what changed', () => {
    const sweep = sweepOf('x', cell('a', { epochs: 3, loss: { match: 1, list: [1] } }), cell('b'), cell('c', { epochs: 1 }));
    const present = [cell('a', { epochs: 4, loss: { match: 1, list: [1, 2], new: null } }), cell('c', { epochs: 1 }), cell('d')];
    expect(() => refuseChangedCells(runs, sweep, present)).toThrow(
      new SweepError(
        [
          `the files no longer give the cells of ${sweep.id}:`,
          '  a: epochs was 3, is 4, loss.list was [1], is [1,2], loss.new was not there, is null',
          '  no longer there: b',
          '  new: d',
          'Undo the change, or start a new sweep without --resume: cells that are equal and have succeeded are not run again',
        ].join('\n'),
      ),
    );
  });

  it('says so where the former cell is gone, and does not list them all', () => {
    const former = Array.from({ length: 8 }, (_, index) => cell(`a${index}`, { epochs: 1 }));
    const sweep = sweepOf('x', ...former);
    rmSync(former[0].folder, { recursive: true });
    const present = former.map((_, index) => cell(`a${index}`, { epochs: 2 }));
    expect(() => refuseChangedCells(runs, sweep, present)).toThrow(
      'a0: changed; its former value is unknown\n  a1: epochs was 1, is 2\n',
    );
    expect(() => refuseChangedCells(runs, sweep, present)).toThrow('a4: epochs was 1, is 2\n  and 3 more\n');
    expect(() => refuseChangedCells(runs, sweep, [])).toThrow('no longer there: a0, a1, a2, a3 and 4 more');
  });
});
