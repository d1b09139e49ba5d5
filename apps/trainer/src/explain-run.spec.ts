import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { MiniatureProject, resultsOf } from '@tass/testing';

const project = new MiniatureProject();
afterAll(() => project.remove());
const explanations = join(project.folder, 'explanations');

it('ends with pages of test questions where the experiment asks for them, which change no result', async () => {
  const without = await project.trained(['--exp=miniature']);
  expect(existsSync(explanations)).toBe(false);
  const { code, errors } = await project.train(['--exp=miniature', 'pages=3']);
  const [run] = project.runsOf();
  const id = basename(run);
  expect(code).toBe(0);
  expect(errors).toMatch(new RegExp(`3 test questions, \\d of them answered right: explanations/${id}/index\\.html\nnext: npx nx run evaluator:explain --run=${id} --wrong\n.*:ask .*\n.*--exp=miniature\n$`)); // prettier-ignore
  const files = readdirSync(join(explanations, id));
  expect(files).toHaveLength(4);
  expect(readFileSync(join(explanations, id, 'index.html'), 'utf8')).toContain(files.find((file) => file.startsWith('question-'))!);
  const [{ 'config.yaml': _one, ...expected }, { 'config.yaml': _other, ...found }] = [without, run].map(resultsOf);
  expect(found).toEqual(expected);
});

it('only says so where there can be none: the run is whole', async () => {
  const { code, errors } = await project.train(['--exp=question-only', 'pages=2', 'epochs=1', `dataset.root=${project.world}`]);
  expect([code, errors]).toEqual([0, expect.stringContaining('no pages of questions are written: ')]);
});

it('can be stopped there: the run is whole', async () => {
  let isSent = false;
  const { code, errors } = await project.train(['--exp=miniature', 'pages=9'], {
    onError: (text, program) => {
      if (isSent || !text.includes('\nwriting pages of 9 test questions')) return;
      isSent = program.kill('SIGINT');
    },
  });
  expect([code, errors]).toEqual([130, expect.stringMatching(/\nstopped: not all pages of questions are written\n$/)]);
});
