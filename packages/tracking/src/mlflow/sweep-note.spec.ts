import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metricsLine } from '../journal';
import { sweepNote } from './sweep-note';
import type { RunOfCell } from './sweep-results';
import { readSweep, type SweepRecord } from './sweep-record';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'tass-note-'))));
afterEach(() => rmSync(root, { recursive: true }));

/** A finished run with the accuracies of its epochs on val, and that on test. */
function finished(id: string, seed: number, val: readonly number[], test: number | undefined): RunOfCell {
  const folder = join(root, id);
  mkdirSync(folder);
  const records = val.map((value, index) => ({ 'val/accuracy/All': value, 'train/total': index }));
  const all = [...records, ...(test === undefined ? [] : [{ 'test/accuracy/All': test }])];
  writeFileSync(join(folder, 'metrics.jsonl'), all.map((values) => `${metricsLine({ step: 1, epoch: 1, time: 1, values })}\n`).join(''));
  writeFileSync(join(folder, 'report.json'), '{}');
  return { folder, id, seed, state: 'FINISHED', time: 1, message: undefined };
}

const cell = (address: string, title: string, experiment: string, seed: number) => ({
  ...{ address, title, name: `${experiment} seed=${seed}`, overrides: [`seed=${seed}`] },
});
const sweepOf = (...cells: SweepRecord['cells']): SweepRecord => ({ id: '7', experiment: 'grid', title: 'Grid', words: [], cells });
const ofState = (state: RunOfCell['state']): RunOfCell => ({ folder: root, id: 'x', seed: 1, state, time: 1, message: undefined });
const rowsOf = (text: string) => text.split('\n').filter((line) => line.startsWith('|')).map((line) => line.replaceAll('&emsp;', '')); // prettier-ignore

it('orders methods by their mean on val, whatever test says, with the spread over seeds', () => {
  const sweep = sweepOf(cell('a', 'TASS', 'tass', 1), cell('b', 'TASS', 'tass', 2), cell('c', 'w/o CMS', 'without', 1));
  const runs = new Map([
    ['a', [finished('one', 1, [40, 50, 45], 30)]],
    ['b', [finished('two', 2, [54, 12], 33)]],
    ['c', [finished('three', 1, [51], 90)]],
  ]);
  const { text, best } = sweepNote(sweep, runs, ({ id }) => `#/experiments/1/runs/${id}`);
  expect(rowsOf(text)).toEqual([
    '| method | seeds done | val | test |',
    '|---|---|---|---|',
    '| TASS | 2 of 2 | 52.00 ± 2.83 | 31.50 ± 2.12 |',
    '| w/o CMS | 1 of 1 | 51.00 | 90.00 |',
  ]);
  expect(text).toContain('Best on val: [TASS · seed 2](#/experiments/1/runs/two): val 54.00, test 33.00.');
  expect(text).toContain('3 of 3 cells are done. ');
  expect(best?.id).toBe('two');
});

it('says what is not done, and makes no link to a run that the server does not know', () => {
  const sweep = sweepOf(...['a', 'b', 'c', 'd', 'e'].map((address, index) => cell(address, 'a|b <i> *x*', 'tass', index + 1)));
  const runs = new Map([
    ['a', [finished('one', 1, [40], undefined), ofState('KILLED')]],
    ['b', [ofState('KILLED'), ofState('RUNNING')]],
    ['c', [ofState('FAILED')]],
    ['d', [ofState('KILLED')]],
  ]);
  const { text } = sweepNote(sweep, runs, () => undefined);
  expect(rowsOf(text).at(-1)).toBe('| a\\|b &lt;i\\> \\*x\\* | 1 of 5 | 40.00 | - |');
  expect(text).toContain('Best on val: a\\|b &lt;i\\> \\*x\\* · seed 1: val 40.00, test -.');
  expect(text).toContain('1 of 5 cells are done, 1 running, 1 failed, 1 stopped, 1 not begun. ');
});

it('counts equal cells, which have one address, once, as the first of them', () => {
  const cells = [cell('a', 'TASS', 'tass', 1), cell('b', 'TASS', 'tass', 2), cell('a', 'As published', 'ablations/none', 1)];
  writeFileSync(join(root, 'sweep.json'), JSON.stringify({ ...sweepOf(...cells), grid: null }));
  const { text } = sweepNote(readSweep(root)!, new Map([['a', [finished('one', 1, [40], 30)]]]), () => undefined);
  expect(rowsOf(text).slice(2)).toEqual(['| TASS | 1 of 2 | 40.00 | 30.00 |']);
  expect(text).toContain('1 of 2 cells are done, 1 not begun. ');
});

it('tells methods of one title apart, and stays short enough for MLflow', () => {
  const many = Array.from({ length: 120 }, (_, index) => cell(`${index}`, 'TASS', `networks/some-network-${index}`, 1));
  const { text, best } = sweepNote(sweepOf(...many), new Map(), () => undefined);
  expect(rowsOf(text)).toHaveLength(2 + 40);
  expect(rowsOf(text)[2]).toBe('| TASS \\[networks/some-network-0\\] | 0 of 1 | - | - |');
  expect(text).toContain('80 more methods: `npx nx run evaluator:leaderboard --sweep=7`');
  expect(text.length).toBeLessThan(8000);
  expect(best).toBeUndefined();
});
