import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Job } from '../launcher';
import { fateOf, followTask, keyOf, type Task } from './follow-task';
import type { Queue } from './slurm-commands';
import { giveUp, readRecord, writeSubmission, type TaskPlace } from './submission';

let folder: string;
let place: TaskPlace;
let events: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tass-task-'));
  place = { submission: writeSubmission(folder, 'grid', [{ id: 'a', name: 'cell a' }], '', () => ''), number: 0 };
  events = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const record = join('tasks', '0');
const begin = () => mkdirSync(join(place.submission.folder, record));
const write = (file: string, text: string) => writeFileSync(join(place.submission.folder, record, file), text);
const queue = (state?: string): Queue =>
  new Map(state ? [[keyOf(place), { arrayId: '17', state, nodes: state === 'PENDING' ? '' : 'n1', reason: '' }]] : []);

describe('a task of a former launcher', () => {
  it.each(['PENDING', 'RUNNING', 'COMPLETING'])('is alive while it is %s', (state) => {
    expect(fateOf(place, queue(state), false)).toBe('alive');
  });

  it('is to be followed when it has ended since its job was launched', () => {
    begin();
    write('exit.json', '{"code":0}');
    expect(fateOf(place, queue(), true)).toBe('alive');
  });

  it('is gone when it never began, and never will', () => {
    expect(fateOf(place, queue(), false)).toBe('gone');
    expect(readRecord(place).begun).toBe(true);
  });

  it('is gone when it had begun before Slurm said that it is no more', () => {
    begin();
    expect(fateOf(place, queue('NODE_FAIL'), true)).toBe('gone');
    expect(fateOf(place, queue(), true)).toBe('gone');
  });

  it('is unclear when it began after Slurm was asked', () => {
    begin();
    expect(fateOf(place, queue(), false)).toBe('unclear');
  });
});

describe('a task that is followed', () => {
  const job: Job = { id: 'a', name: 'cell a', main: 'main.js', words: [], folder: '', log: '' };
  const task = (): Task => ({
    place,
    job,
    events: { started: ({ id }, where) => events.push(`${id} started: ${where}`), ended: () => undefined },
    started: false,
    quietSince: undefined,
  });
  const options = { recordSeconds: 0.02, stopping: false, say: (line: string) => events.push(line) };

  it('tells once that it started, by its record or by Slurm', async () => {
    const byRecord = task();
    expect(await followTask(byRecord, queue('PENDING'), options)).toBeUndefined();
    expect(events).toEqual([]);
    begin();
    write('start.json', '{"task":"17_0","host":"node5"}');
    await followTask(byRecord, queue('RUNNING'), options);
    await followTask(byRecord, undefined, options);
    expect(events).toEqual(['a started: Slurm job 17_0 on node5']);
  });

  it('is lost when no record follows its end in time, with what Slurm wrote', async () => {
    begin();
    writeFileSync(join(place.submission.folder, 'output/0.txt'), 'slurmstepd: error: *** JOB 17 ON n1 CANCELLED DUE TO NODE FAILURE ***\n');
    const lost = task();
    expect(await followTask(lost, queue('NODE_FAIL'), options)).toBeUndefined();
    await pause(30);
    expect(await followTask(lost, undefined, options)).toBeUndefined(); // Slurm does not answer: as if it might live
    expect(await followTask(lost, queue('NODE_FAIL'), options)).toBeUndefined();
    await pause(30);
    const detail = 'its node failed (NODE_FAIL on n1). Slurm wrote: slurmstepd: error: *** JOB 17 ON n1 CANCELLED DUE TO NODE FAILURE ***';
    expect(await followTask(lost, queue('NODE_FAIL'), options)).toEqual({ kind: 'lost', detail });
  });

  it('was cancelled when it left the queue before it began; at once while the sweep stops', async () => {
    const outcome = { kind: 'cancelled', detail: "cancelled while it waited in Slurm's queue" };
    expect(await followTask(task(), queue(), options)).toBeUndefined();
    expect(await followTask(task(), undefined, { ...options, stopping: true })).toBeUndefined();
    expect(await followTask(task(), queue(), { ...options, stopping: true })).toEqual(outcome);
    expect(giveUp(place)).toBe(false); // it never runs
  });
});
