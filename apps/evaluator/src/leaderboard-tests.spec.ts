import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ANSWERS, QUESTION_TYPES, type Question } from '@tass/dataset-music-avqa';
import { runFiles } from '@tass/experiment';
import { renderCsv, renderText, type Leaderboard } from '@tass/leaderboard';
import { parseLeaderboard } from './command-line';
import { BoardProject } from './fixtures/board-project';
import { leaderboardOf } from './leaderboard-command';

let project: BoardProject;
let said: string[];
beforeEach(() => {
  [project, said] = [new BoardProject(), []];
  put('avqa-test-head.json', rows(0, 18));
  put('avqa-test-tail.json', rows(18, 27));
  put('test_balance.json', [...train(3), ...rows(40, 52)]);
  put('test_bias.json', rows(40, 44));
});
afterEach(() => project.remove());

type Row = Record<string, unknown>;
function put(name: string, content: readonly Row[], folder = project.settings.data): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), JSON.stringify(content));
}
/** A question on each of these videos, of the nine types in turn. */
const rows = (from: number, to: number): Row[] =>
  Array.from({ length: to - from }, (_, at) => ({
    ...{ video_id: `other${from + at}`, question_id: 5, question_content: 'So, is there one?', templ_values: '[]' },
    type: JSON.stringify([QUESTION_TYPES[(from + at) % 9].modality, QUESTION_TYPES[(from + at) % 9].kind]),
    anser: ANSWERS[(from + at) % 5],
  }));
/** The first questions of the project's train file. */
const train = (count: number): Row[] =>
  Array.from({ length: count }, (_, at) => ({
    ...{
      video_id: `train${Math.floor(at / 2)}`,
      question_id: 5,
      question_content: `Is there a <Object> in ${at % 9}?`,
      anser: ANSWERS[(at * at) % 5],
    },
    ...{ type: '["Audio", "Counting"]', templ_values: JSON.stringify([at % 2 === 0 ? 'cello' : 'tuba']) },
  }));
const first = (count: number) => (_: Question, index: number): boolean => index < count; // prettier-ignore
const board = (...words: string[]): Leaderboard => {
  const command = parseLeaderboard(words.some((word) => word.startsWith('--resamples')) ? words : ['--resamples=200', ...words]);
  return leaderboardOf(project.settings.runs, command, project.settings, (line) => said.push(line)).leaderboard;
};
const [R, BALANCE] = ['music-avqa-r', 'music-avqa-v2-balance'];

describe('tests of other benchmarks', () => {
  let seeds: string[];
  let other: string;
  beforeEach(() => {
    seeds = [1, 2].map((seed) => project.run({ seed, right: first(20 + seed) }));
    other = project.run({ title: 'other', overrides: ['model.dim=8'], right: first(10) });
    seeds.forEach((run, at) => project.answer(run, R, first(18 + 3 * at)));
    project.answer(other, R, first(9));
    project.answer(seeds[0], BALANCE, first(6));
  });

  it('have a group of columns each, of R three, with figures over seeds and differences from the reference', () => {
    const shown = board(`--tests=${R},${BALANCE}`, '--reference=TASS');
    expect(shown.tests.map(({ id, label, name, questions, videos }) => [id, label, name, questions, videos])).toEqual([
      ['music-avqa-r', 'R', 'MUSIC-AVQA-R', 27, 27],
      ['music-avqa-r-head', 'R, head', 'MUSIC-AVQA-R: questions with frequent answers', 18, 18],
      ['music-avqa-r-tail', 'R, tail', 'MUSIC-AVQA-R: questions with rare answers', 9, 9],
      [BALANCE, 'v2.0, balance', 'MUSIC-AVQA v2.0, balance (without 3 questions that the methods were trained or chosen on)', 12, 12],
    ]);
    const [tass, without] = shown.methods.map(({ id }) => id);
    const allOf = (test: number, method: string) => shown.tests[test].methods[method]?.figures.All.mean.toFixed(2);
    expect([0, 1, 2, 3].map((test) => [allOf(test, tass), allOf(test, without)])).toEqual([
      [((100 * 19.5) / 27).toFixed(2), '33.33'],
      ['100.00', '50.00'],
      [((100 * 1.5) / 9).toFixed(2), '0.00'],
      ['50.00', undefined],
    ]);
    expect(shown.tests[0].methods[tass]).toMatchObject({ against: null, runs: { [basename(seeds[1])]: { All: (100 * 21) / 27 } } });
    expect(shown.tests[0].methods[tass].figures.All.deviation).toBeCloseTo((100 * Math.sqrt(4.5)) / 27, 10);
    expect(shown.tests[1].methods[without].against?.All).toMatchObject({ difference: -50, pairs: [-50] }); // seed 1 with seed 1
    expect(shown.tests[0].columns.map(({ id, total }) => [id, total])).toContainEqual(['AV-Loc', 3]);
    expect(shown.tests.flatMap(({ published }) => published)).toEqual([]); // no file here is a published one
    expect(shown.tests[0].priors.map(({ name }) => name)).toEqual(shown.priors.map(({ name }) => name));
    expect(shown.leftOut).toEqual(
      [other, seeds[1]].map((run) => ({
        run: basename(run),
        reason: `no predictions on ${BALANCE}. Make them: npx nx run evaluator:evaluate --run=${basename(run)} dataset=music-avqa-v2 dataset.version=balance`,
      })),
    );
    expect(said.filter((line) => line.includes(' left out'))).toEqual([
      `${R}: 0 of 27 questions are left out, as the model was trained or chosen on them`,
      `${BALANCE}: 3 of 15 questions are left out, as the model was trained or chosen on them`,
    ]);
    expect(renderText(shown)).toMatch(
      /^Test sets side by side\n +\| +avqa-test\.json +A +V +AV \| +R +A +V +AV \| +R, head .*\| +v2\.0, balance/m,
    );
    expect(renderCsv(shown)).toContain(',music-avqa-r-tail AV-Temp,');
  });

  it('are shown only where they are asked for; a line says which are there', () => {
    expect([board().tests, said]).toEqual([[], [`not shown: predictions on ${R} (3 runs), ${BALANCE} (1 run); --tests=all shows them`]]);
    const labels = board('--tests=all').tests.map(({ label }) => label);
    expect(labels).toEqual(['R', 'R, head', 'R, tail', 'v2.0, balance']);
    said = [];
    board(`--tests=${R}`, `--runs=${other}`);
    expect(said.filter((line) => line.startsWith('not shown'))).toEqual([]);
  });

  it('may lie in a folder of their own', () => {
    const elsewhere = join(project.folder, 'elsewhere');
    put('test_balance.json', [...train(3), ...rows(40, 52)], elsewhere);
    rmSync(join(project.settings.data, 'test_balance.json'));
    expect(() => board(`--tests=${BALANCE}`)).toThrow(/none of test_balance\.json, test_balance\.json\.gz is in/);
    expect(board(`--tests=${BALANCE}=${elsewhere}`).tests[0].questions).toBe(12);
  });

  it('keep a run with damaged or foreign predictions out of that test, or refuse it where it was asked for by name', () => {
    writeFileSync(runFiles.otherPredictions(other, R), '{"questionId": 4000}\n');
    const { tests, leftOut, methods } = board(`--tests=${R}`);
    expect([methods.length, Object.keys(tests[0].methods)]).toEqual([2, [methods[0].id]]);
    expect(leftOut).toEqual([
      {
        run: basename(other),
        reason: `${R}: ${basename(other)}/predictions-${R}.jsonl: line 1: predicted is undefined, expected a whole number`,
      },
    ]);
    expect(() => board(`--tests=${R}`, `--runs=${other}`)).toThrow('line 1: predicted is undefined');
    put('avqa-test-tail.json', rows(18, 28)); // another file than was answered
    expect(() => board(`--tests=${R}`, `--runs=${seeds[0]}`)).toThrow(/predictions-music-avqa-r\.jsonl/);
  });

  it('must have been answered by a run, and must not be the own test', () => {
    expect(() => board('--tests=music-avqa-v2-bias')).toThrow(
      /no run here has predictions on music-avqa-v2-bias\. Make them: npx nx run evaluator:evaluate --run=\S+ dataset=music-avqa-v2 dataset\.version=bias$/,
    );
    project.answer(other, 'music-avqa', first(3));
    expect(() => board('--tests=music-avqa')).toThrow('music-avqa is the test of this page');
    for (const run of [...seeds, other])
      for (const test of [R, BALANCE, 'music-avqa']) rmSync(runFiles.otherPredictions(run, test), { force: true });
    expect(() => board('--tests=all')).toThrow('--tests=all: no run here has predictions on the test of another benchmark');
  });
});

it.each([
  [
    '--tests=music-avqa-v2',
    'expected all, or some of music-avqa, music-avqa-r, fortis-avqa, music-avqa-v2-balance, music-avqa-v2-bias. Did you mean',
  ],
  ['--tests=R', '--tests has R, expected all, or some of'],
])('refuses %s', (word, message) => {
  expect(() => parseLeaderboard([word])).toThrow(message);
  expect(() => parseLeaderboard(['--split=val', '--tests=all'])).toThrow('--tests is for --split=test');
});

const real = process.env.TASS_DATA ?? '';
const isThere = ['music-avqa/avqa-val.json.gz', 'music-avqa-v2/test_balance.json.gz', 'music-avqa-v2/test_bias.json.gz'].every((file) => existsSync(join(real, file))); // prettier-ignore
(isThere ? it : it.skip)('on the real questions (skipped unless TASS_DATA holds them): v2.0 without 419 and 363 questions of val', () => {
  project.remove();
  project = new BoardProject(real);
  const runs = [1, 2].map((seed) => project.run({ seed, right: ({ type }) => type !== seed }));
  for (const run of runs)
    for (const version of ['balance', 'bias']) project.answer(run, `music-avqa-v2-${version}`, ({ type }) => type !== 3);
  const leaderboard = board('--tests=all', '--resamples=100');
  expect(leaderboard.dataset).toMatchObject({ label: 'MUSIC-AVQA', questions: 9129 });
  expect(leaderboard.tests.map(({ label, questions }) => [label, questions])).toEqual([['v2.0, balance', 10_400], ['v2.0, bias', 8756]]); // prettier-ignore
  for (const { methods, columns } of leaderboard.tests) {
    const total = (id: string): number => columns.find((column) => column.id === id)!.total;
    const [figures] = Object.values(methods).map((method) => method.figures);
    expect([figures['V-Loc'].mean, figures['A-Avg'].mean]).toEqual([0, 100]);
    expect(figures.All.mean).toBeCloseTo(100 * (1 - total('V-Loc') / total('All')), 10);
  }
});
