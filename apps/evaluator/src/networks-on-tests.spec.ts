import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { projectSettings } from '@tass/config';
import { MiniatureProject } from '@tass/testing';
import { parseLeaderboard } from './command-line';
import { leaderboardOf } from './leaderboard-command';

const models = resolve(__dirname, '../../../packages/encoders/models');
const project = new MiniatureProject();
const second = join(project.folder, 'second'); // another embedded world, whose test is rephrased
afterAll(() => project.remove());

const encoders = [`features.clip=${models}/tiny-clip`, `features.audio=${models}/tiny-audio`, 'features.workers=1'];
const worldOf = (root: string, seed: number): string[] => [
  ...[`dataset.root=${root}`, `dataset.seed=${seed}`, 'dataset.workers=1'],
  ...['train=4', 'val=2', 'test=2'].map((count) => `dataset.videos.${count}`),
];
const small = ['epochs=1', 'batch.questions=16', 'optimizer=adam', 'engine.backend=wasm', 'model.dim=8', 'model.heads=2', ...encoders];
const names = ['qa-tiger-small', 'tspm-small'];
const rephrased = ['dataset=music-avqa-r', `dataset.root=${second}`];

/** The test of the second world, in the form of MUSIC-AVQA-R: how many questions are in its head and in its tail. */
async function makeRephrased(): Promise<[number, number]> {
  const made = await project.features('prepare', ['--exp=miniature', ...worldOf(second, 12)]);
  if (made.code !== 0) throw new Error(made.errors);
  const rows = JSON.parse(readFileSync(join(second, 'json/avqa-test.json'), 'utf8')) as Record<string, string>[];
  const said = rows.map((row) => ({ ...row, question_content: `So, ${row.question_content.toLowerCase()}` }));
  const middle = Math.ceil((2 * rows.length) / 3);
  const put = (half: string, content: object[]): void => writeFileSync(join(second, `avqa-test-${half}.json`), JSON.stringify(content));
  put('head', said.slice(0, middle));
  put('tail', said.slice(middle));
  return [middle, rows.length - middle];
}

it('networks of the field answer the rephrased test of another world, which is a group of columns of their leaderboard', async () => {
  const [head, tail] = await makeRephrased();
  for (const name of names) {
    const run = await project.trained([`--exp=networks/${name}`, ...worldOf(project.world, 11), ...small]);
    const prepared = await project.features('prepare', [`--exp=networks/${name}`, ...rephrased, ...encoders]);
    expect([prepared.code === 0 || prepared.errors]).toEqual([true]);
    const { code, output, errors } = await project.evaluate([`--run=${basename(run)}`, ...rephrased]);
    expect(code === 0 || errors).toBe(true);
    expect(output).toContain(`${head + tail} test questions of MUSIC-AVQA-R (0 more are left out`);
  }
  const command = parseLeaderboard(['--resamples=200', `--tests=music-avqa-r=${second}`]);
  const { leaderboard } = leaderboardOf(project.runs, command, projectSettings(project.folder, {}), () => undefined);
  expect(leaderboard.methods).toHaveLength(names.length);
  expect(leaderboard.tests.map(({ label, questions }) => [label, questions])).toEqual([
    ['R', head + tail],
    ['R, head', head],
    ['R, tail', tail],
  ]);
  for (const { id } of leaderboard.methods) {
    const [all, ofHead, ofTail] = leaderboard.tests.map(({ methods }) => methods[id].figures.All.mean);
    expect(all).toBeCloseTo((head * ofHead + tail * ofTail) / (head + tail), 6);
  }
});
