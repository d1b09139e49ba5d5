import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runFiles, USE_VERSION } from '@tass/experiment';
import { parseLeaderboard } from './command-line';
import { BoardProject } from './fixtures/board-project';
import { statisticsCache } from '@tass/run-comparison';
import { leaderboardOf } from './leaderboard-command';

let project: BoardProject;
beforeEach(() => (project = new BoardProject()));
afterEach(() => project.remove());
const command = parseLeaderboard(['--resamples=200']);

it('leaves out the use of the grounding alone, with the reason, where its file is damaged, or of another version, epoch or questions', () => {
  const good = project.run({ right: (_, index) => index < 10 });
  const ids = project.questions.map(({ id }) => id);
  const file = { version: USE_VERSION, epoch: 2, questions: ids, right: { 'uniform-map': '1'.repeat(ids.length) } };
  const measured = (content: string): { readonly use?: object; readonly reason?: string } => {
    writeFileSync(runFiles.use(good, 'test'), content);
    const { methods, leftOut } = leaderboardOf(project.settings.runs, command, project.settings, () => {}).leaderboard;
    expect(methods.flatMap(({ runs }) => runs.map(({ id }) => id))).toEqual([basename(good)]);
    expect(JSON.stringify(leftOut)).not.toContain(project.folder);
    return { use: methods[0].use, reason: leftOut[0]?.reason };
  };
  expect(measured(JSON.stringify(file))).toMatchObject({ use: { runs: 1 }, reason: undefined });
  const reasons: [object | string, string][] = [
    ['{', 'is not JSON. '],
    [{ ...file, version: 0 }, `it is of version 0, expected ${USE_VERSION}. `],
    [{ ...file, epoch: 1 }, 'it is of epoch 1, the run was scored at 2. '],
    [{ ...file, questions: [] }, 'cannot be read (question 4000 has no mark of 0 or 1)'],
  ];
  for (const [content, problem] of reasons) {
    const { use, reason } = measured(typeof content === 'string' ? content : JSON.stringify(content));
    expect(use).toBeUndefined();
    expect(reason).toContain(`use of the grounding: ${basename(good)}/use-test.json: ${problem}`);
    expect(reason).toContain(`Make it again: npx nx run evaluator:evaluate --run=${basename(good)} --split=test --use; or delete it`);
  }
});

it('keeps the use of the grounding until an answer or a mark is another one', () => {
  const run = project.run({ right: (_, index) => index < 10 });
  const ids = project.questions.map(({ id }) => id);
  const cache = statisticsCache(project.settings);
  const keptUses = (): string[] => readdirSync(cache).filter((name) => name.startsWith('use-'));
  const differenceWith = (right: string): number => {
    const file = { version: USE_VERSION, epoch: 2, questions: ids, right: { 'uniform-map': right } };
    writeFileSync(runFiles.use(run, 'test'), JSON.stringify(file));
    return leaderboardOf(project.settings.runs, command, project.settings, () => {}).leaderboard.methods[0].use!.differences['uniform-map']
      .difference;
  };
  const right = `1${'0'.repeat(ids.length - 1)}`;
  const expected = (-100 * 9) / ids.length;
  expect(differenceWith(right)).toBeCloseTo(expected, 9);
  const [name] = keptUses();
  const stored = readFileSync(join(cache, name), 'utf8');
  expect(differenceWith(right)).toBeCloseTo(expected, 9);
  expect(readFileSync(join(cache, name), 'utf8')).toBe(stored);
  expect(differenceWith('0'.repeat(ids.length))).toBeCloseTo((-100 * 10) / ids.length, 9);
  expect(keptUses().length).toBe(2);
  writeFileSync(join(cache, name), stored.replace(/"difference":-?[\d.]+/, '"difference":1'));
  expect(differenceWith(right)).toBeCloseTo(expected, 9); // what is damaged is computed again
});

it('leaves out the grounding of runs that were held against another truth than the newest, and takes those of which it is not known', () => {
  const measured = [undefined, 'old', 'new', 'new'].map((truth, at) => {
    const run = project.run({ seed: at + 1, right: () => true });
    const ids = project.questions.map(({ id }) => id);
    const questions = { ids, 'time/visual/hit': { values: ids.map(() => at / 10), against: ids.map(() => 0) } };
    writeFileSync(runFiles.grounding(run, 'test'), JSON.stringify({ version: 1, epoch: 2, truth, columns: { All: {} }, questions }));
    return run;
  });
  const [, old, , newest] = measured.map((run) => basename(run));
  const { methods, leftOut } = leaderboardOf(project.settings.runs, command, project.settings, () => {}).leaderboard;
  expect(methods[0].runs.length).toBe(4);
  expect(methods[0].grounding!['visual/hit'].mean).toBeCloseTo((0 + 0.2 + 0.3) / 3, 6);
  expect(leftOut.map(({ run }) => run)).toEqual([old]);
  expect(leftOut[0].reason).toContain(`where and when it looks: it was measured with another ground truth (sha256 old) than ${newest} (new). `);
});
