import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFinalMetrics } from './final-metrics';
import { Journal, type Metrics, type MetricsRecord } from './journal';

let folder: string;
let file: string;
let clock: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tass-commit-'));
  file = join(folder, 'metrics.jsonl');
  clock = 1000;
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = () => new Journal(file, () => clock++);
const at = (step: number): Metrics => ({ step, epoch: step, values: { 'train/total': 1 / step } });
const finalSteps = () => readFinalMetrics(folder).map(({ step }) => step);

it('counts lines as final when they are committed', () => {
  const journal = open();
  journal.append(at(1), at(2));
  expect([journal.committed, finalSteps()]).toEqual([0, []]);
  journal.commit();
  journal.append(at(3));
  expect([journal.committed, finalSteps()]).toEqual([2, [1, 2]]);
  expect(readFileSync(join(folder, 'metrics.committed'), 'utf8')).toMatch(/^2 [0-9a-f]{16}\n$/);
  expect(open().committed).toBe(2);
});

it('counts all lines of a finished run, whether or not its last commit was reached', () => {
  const journal = open();
  journal.append(at(1));
  journal.commit();
  journal.append(at(2));
  writeFileSync(join(folder, 'report.json'), '{}');
  appendFileSync(file, '{"step":3'); // never whole
  expect(finalSteps()).toEqual([1, 2]);
});

it('writes no file while nothing is final, and finds nothing final in a journal of before there were commits', () => {
  open().append(at(1));
  expect(existsSync(join(folder, 'metrics.committed'))).toBe(false);
  expect(finalSteps()).toEqual([]);
});

/** Two epochs as the trainer does them; stops before the stage that is to be killed. */
const stages = ['append', 'half', 'checkpoint', 'commit'] as const;
type Place = `${1 | 2}/${(typeof stages)[number]}` | 'end';
function trainTwoEpochs(journal: Journal, from: number, killedAt: Place, checkpoint: { lines: number }): void {
  for (let epoch = from; epoch <= 2; epoch++) {
    if (killedAt === `${epoch}/append`) return;
    if (killedAt === `${epoch}/half`) return appendFileSync(file, '{"step":1,"ep');
    journal.append(at(epoch));
    if (killedAt === `${epoch}/checkpoint`) return;
    checkpoint.lines = journal.length;
    if (killedAt === `${epoch}/commit`) return;
    journal.commit();
  }
}

const places: Place[] = [1, 2].flatMap((epoch) => stages.map((stage) => `${epoch as 1 | 2}/${stage}` as const));

it.each(places)('gives each point once, with one time, to one who reads all along, when killed before %s', (place) => {
  const sent = new Map<string, MetricsRecord>(); // as MLflow: one point for step and time
  const mirror = () => readFinalMetrics(folder).forEach((record) => sent.set(`${record.step} ${record.time}`, record));
  const checkpoint = { lines: 0 };
  trainTwoEpochs(open(), 1, place, checkpoint);
  mirror();
  const resumed = open();
  mirror();
  resumed.cutTo(checkpoint.lines);
  mirror();
  trainTwoEpochs(resumed, checkpoint.lines + 1, 'end', checkpoint);
  mirror();
  expect([...sent.values()].map(({ step }) => step)).toEqual([1, 2]);
  expect(finalSteps()).toEqual([1, 2]);
});

it('keeps what a checkpoint holds whose commit was not reached', () => {
  const killed = open();
  killed.append(at(1), at(2));
  const resumed = open();
  expect(resumed.committed).toBe(0);
  resumed.cutTo(1);
  expect([resumed.committed, finalSteps()]).toEqual([1, [1]]);
});

it('takes the mark back when someone puts an older checkpoint in place', () => {
  const journal = open();
  journal.append(at(1), at(2), at(3));
  journal.commit();
  journal.cutTo(1);
  journal.append(at(2));
  expect([open().committed, finalSteps()]).toEqual([1, [1]]);
});

it('never counts more lines than there are, also not new ones in the place of lost ones', () => {
  const journal = open();
  journal.append(at(1), at(2), at(3));
  journal.commit();
  truncateSync(file, readFileSync(file, 'utf8').indexOf('\n') + 1); // one line is left
  expect(finalSteps).toThrow(`${file} has 1 whole line, expected 3`);
  const again = open();
  again.append(at(2));
  expect([again.committed, finalSteps()]).toEqual([1, [1]]);
});

it('names a damaged mark', () => {
  open().append(at(1));
  writeFileSync(join(folder, 'metrics.committed'), 'many');
  const expected = `${join(folder, 'metrics.committed')} holds no count of lines`;
  expect(() => readFinalMetrics(folder)).toThrow(expected);
  expect(open).toThrow(expected);
});
