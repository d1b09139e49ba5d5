import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '@tass/testing';
import { BoardProject } from './fixtures/board-project';

const project = new BoardProject();
afterAll(() => project.remove());
const evaluator = async (...words: string[]) => {
  const { code, output, errors } = await runProgram(join(__dirname, 'main.ts'), words, { folder: project.folder });
  return { code, output, errors };
};

it('prints a leaderboard and writes it', async () => {
  for (const seed of [1, 2]) project.run({ seed, right: (_, index) => index < 10 * seed });
  project.run({ title: 'w/o CMS', overrides: ['model.dim=8'], right: (_, index) => index < 9 });
  const { code, output, errors } = await evaluator('leaderboard', '--resamples=400');
  expect([code, errors]).toEqual([0, '']);
  expect(output).toMatch(/^TASS.* 41\.67 ± 19\.64 /m);
  expect(output).toMatch(/^w\/o CMS .* 25\.00 /m);
  expect(output).toMatch(/^majority per template /m);
  expect(output).toMatch(/written: leaderboards.all.leaderboard\.\{csv,json,md,tex,html\}\n$/);
  expect(existsSync(join(project.folder, 'leaderboards/all/leaderboard.html'))).toBe(true);
});

it('prints a score, and on both streams what was read', async () => {
  const rows = project.questions.map(({ id }) => `${id};no;yes`);
  writeFileSync(join(project.folder, 'theirs.csv'), ['id;answer;output', ...rows].join('\n'));
  const refused = await evaluator('score', '--predictions=theirs.csv');
  expect(refused).toEqual({
    code: 1,
    output: '',
    errors: expect.stringMatching(
      /^evaluator: theirs\.csv: 2 keys hold answers\. .*\n {2}\d+\.\d\d % as "answer": --prediction-key=answer\n/,
    ),
  });
  const { code, output, errors } = await evaluator('score', '--predictions=theirs.csv', '--prediction-key=output');
  const low = 'right in 0.00 %, less than "cello" for all questions (38.89 %)';
  const line = `theirs.csv: predictions under "output", matched by "id"; other keys: "answer"; ${low}\n`;
  expect([code, errors]).toEqual([0, '']);
  expect(output.startsWith(`${line}\n`)).toBe(true);
});

it.each<[string[], number, RegExp]>([
  [
    ['leaderbord'],
    2,
    /^evaluator: leaderbord is not a command, expected ask, demo, evaluate, explain, leaderboard, score\. Did you mean leaderboard\?\n$/,
  ],
  [[], 2, /^evaluator: nothing is not a command/],
  [['leaderboard', '--referense=x'], 2, /^evaluator: --referense is not an option, .* Did you mean --reference\?\n$/],
  [['leaderboard', '--exp=none'], 1, /^evaluator: there is no run of none in .*\n$/],
  [['leaderboard', '--from=mlflwo', '--exp=x'], 2, /^evaluator: --from is mlflwo, expected mlflow or runs\n$/],
  [['leaderboard', '--from=mlflow'], 2, /^evaluator: --from=mlflow takes one MLflow experiment\. Write --exp=NAME/],
  [['leaderboard', '--from=mlflow', '--exp=x'], 1, /^evaluator: --from=mlflow: the project has no server\. Set MLFLOW_TRACKING_URI/],
  [['ask', '--run=none', '--video=v.mp4'], 2, /^evaluator: no question is asked\. Write it in quotation marks: .*\n$/],
  [['ask', '--run=none', '--video=v.mp4', 'Is it loud?'], 1, /^evaluator: .*none.*\n$/],
  [['score', '--predictions=none.json'], 1, /^evaluator: none\.json: is not there\n$/],
])('%j ends with %i and one line', async (words, code, errors) => {
  expect(await evaluator(...words)).toEqual({ code, output: '', errors: expect.stringMatching(errors) });
});

const names = ['ask', 'demo', 'evaluate', 'explain', 'leaderboard', 'score'];
it.each(names)('%s --help shows how it is used, and no other command', async (name) => {
  const { code, output } = await evaluator(name, '--help');
  const shown = names.filter((other) => new RegExp(`^ +npx nx run evaluator:${other}\\b`, 'm').test(output));
  expect([code, shown]).toEqual([0, [name]]);
});
