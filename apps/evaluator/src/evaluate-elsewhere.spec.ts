import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ANSWERS } from '@tass/dataset-music-avqa';
import { MiniatureProject, filesIn } from '@tass/testing';

const project = new MiniatureProject();
const data = join(project.folder, 'data');
const elsewhere = join(project.folder, 'elsewhere');
afterAll(() => project.remove());

/** A question on each of these videos. */
const rows = (from: number, to: number, more: object = {}): Record<string, unknown>[] =>
  Array.from({ length: to - from }, (_, at) => ({
    ...{ video_id: `v${from + at}_#01`, question_id: from + at, type: '["Visual", "Location"]', question_content: 'What is the <Object>?' },
    ...{ templ_values: '["cello"]', anser: ANSWERS[(from + at) % 3], ...more },
  }));
function put(folder: string, name: string, content: readonly object[]): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), JSON.stringify(content));
  return join(folder, name);
}
const small = ['--exp=question-only', 'epochs=1', 'model.dim=8', 'model.heads=1', 'engine.backend=wasm', `dataset.root=${data}`];
const anywhere = { question_id: null, question_deleted: null, templ_values: ['cello'] };
const report = (run: string, name: string) => JSON.parse(readFileSync(join(run, name), 'utf8'));

let ofV1: string;
beforeAll(async () => {
  put(data, 'avqa-val.json', rows(0, 20));
  put(data, 'avqa-test.json', rows(40, 50));
  put(data, 'balance_valid.json', rows(60, 80, anywhere));
  put(data, 'test_balance.json', [...rows(16, 24, anywhere), ...rows(78, 82, anywhere)]);
  ofV1 = await project.trained(small);
});

it('a run on v2.0 trains on the val file, and is scored once on the test of its version next to both look-up tables', async () => {
  const { code, output, errors } = await project.train([...small, 'dataset=music-avqa-v2']);
  expect(code).toBe(0);
  expect(errors).toMatch(/^train: 18 questions from .*balance_valid\.json /m);
  expect(errors).toMatch(/^val: 2 questions from .*balance_valid\.json /m);
  expect(errors).toMatch(/^test: 2 of 12 questions are left out, as the model was trained or chosen on them$/m);
  expect(output).toMatch(
    /^10 test questions of MUSIC-AVQA v2\.0, balance \(2 more are left out, as the model was trained or chosen on them\), parameters of epoch 1 /m,
  );
  expect(output).toMatch(/^majority per template of train and val .*\nmajority per filled question of train and val .*\nquestion-only /m);
  const [run] = project.runsOf('question-only');
  expect(report(run, 'report.json').test).toEqual({ name: 'MUSIC-AVQA v2.0, balance', leftOut: 2 });
  const evaluated = await project.evaluate([`--run=${basename(run)}`]);
  expect(evaluated.output).toContain(output.trim());
});

it("a run on MUSIC-AVQA answers another benchmark's test without its own train and val, beside its own results", async () => {
  put(elsewhere, 'test_balance.json', [...rows(16, 24, anywhere), { ...rows(3, 4, anywhere)[0], anser: 'tuba' }]);
  const before = filesIn(ofV1);
  const words = [`--run=${ofV1}`, 'dataset=music-avqa-v2', 'dataset.version=balance', `dataset.root=${elsewhere}`];
  const { code, output, errors } = await project.evaluate(words);
  expect([code, errors]).toEqual([
    0,
    expect.stringContaining(
      'test: 4 of 9 questions are left out, as the model was trained or chosen on them; scored, as it learnt another answer to them: 1\n',
    ),
  ]);
  expect(output).toContain(
    '5 test questions of MUSIC-AVQA v2.0, balance (4 more are left out, as the model was trained or chosen on them)',
  );
  const added = ['predictions-music-avqa-v2-balance.jsonl', 'report-music-avqa-v2-balance.json', 'report-music-avqa-v2-balance.md'];
  const after = filesIn(ofV1);
  expect(
    Object.keys(after)
      .filter((file) => before[file] !== after[file] && !file.endsWith('.answers'))
      .sort(),
  ).toEqual(added);
  expect(report(ofV1, added[1])).toMatchObject({ score: { all: { total: 5 } }, test: { leftOut: 4 } });
  const lines = readFileSync(join(ofV1, added[0]), 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).questionId)).toEqual([4, 5, 6, 7, 8]);
});

it('and the rephrased questions, by head and tail', async () => {
  const rephrased = {
    question_content: 'And so what would you say, after all that was heard and seen here, would the thing be?',
    question_id: 3,
  };
  put(elsewhere, 'avqa-test-head.json', rows(40, 46, rephrased));
  put(elsewhere, 'avqa-test-tail.json', rows(46, 49, rephrased));
  const { code, output } = await project.evaluate([`--run=${ofV1}`, 'dataset=music-avqa-r', `dataset.root=${elsewhere}`]);
  expect(code).toBe(0);
  expect(output).toContain('9 test questions of MUSIC-AVQA-R (0 more are left out');
  expect(output).toMatch(/^head: questions with frequent answers$[^]*^n .*\| +6$[^]*^tail: questions with rare answers$[^]*^n .*\| +3$/m);
  const { score, head, tail } = report(ofV1, 'report-music-avqa-r.json');
  expect([score, head, tail].map(({ all }) => all.total)).toEqual([9, 6, 3]);
  expect(head.all.correct + tail.all.correct).toBe(score.all.correct);
});

it.each([
  [
    ['dataset.version=bias'],
    2,
    "dataset.version=bias applies only to another benchmark's test, expected dataset=NAME, one of music-avqa, music-avqa-v2, music-avqa-r, fortis-avqa",
  ],
  [['dataset=music-avqa-v2', '--split=val'], 2, 'only the test split of dataset=music-avqa-v2 can be scored'],
  [['dataset=music-avqa', `dataset.root=${data}`], 1, 'was trained for this very test: score it without dataset=music-avqa'],
  [['dataset=music-avqa-v2', 'dataset.version=bias', `dataset.root=${elsewhere}`], 1, 'none of test_bias.json, test_bias.json.gz is in'],
])('refuses %j, and changes nothing', async (words, code, message) => {
  const refusal = await project.refusal('evaluate', [`--run=${ofV1}`, ...words]);
  expect(refusal).toMatchObject({ code, output: '', showsStack: false, changed: [] });
  expect(refusal.errors).toContain(message);
});
