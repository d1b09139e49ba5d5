import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectSettings } from '@tass/config';
import { readSplit } from '@tass/dataset-music-avqa';
import { compare, formatComparison, readPredictions } from '@tass/evaluation';
import { runFiles } from '@tass/experiment';
import { MiniatureProject } from '@tass/testing';
import { UsageError, parseCompare } from './command-line';
import { compareRuns } from './compare';

jest.setTimeout(120_000);

const project = new MiniatureProject();
const words = { one: ['--exp=miniature', 'title=one'], other: ['--exp=miniature', 'title=other', 'model.jtg.stream=dual'] };
let one: string;
let other: string;
let oneAgain: string;
beforeAll(async () => {
  one = await project.trained(words.one);
  oneAgain = await project.trained([...words.one, 'seed=2']);
  other = await project.trained(words.other);
});
afterAll(() => project.remove());

const settings = () => projectSettings(project.folder, {});

it('prints both models and the paired tests', () => {
  const questions = readSplit(project.world, 'test').questions;
  const predictions = [one, other].map((folder) => readPredictions(runFiles.predictions(folder, 'test'), questions));
  const paired = compare(predictions[0], predictions[1], questions, { seed: 1, resamples: 10_000 });
  const text = compareRuns({ runs: [one], with: [basename(other)] }, settings());
  expect(text).toMatch(/^majority per template /m);
  expect(text).toMatch(/^other /m);
  expect(text).toContain(`${basename(one)} against ${basename(other)}\n\n${formatComparison(paired, { first: 'one', second: 'other' })}`);
});

it('gives the mean and deviation over seeds, and pairs the runs in their order', () => {
  const text = compareRuns({ runs: [one, oneAgain], with: [oneAgain, one] }, settings());
  expect(text).toMatch(/^one \(2 seeds\) .* ± /m);
  expect(text).toContain(`${basename(oneAgain)} against ${basename(one)}\n`);
});

it('refuses to average what is not one experiment over seeds', () => {
  expect(() => compareRuns({ runs: [one, other], with: [one, oneAgain] }, settings())).toThrow(
    `${other} is another experiment than ${one}`,
  );
  expect(() => compareRuns({ runs: [one, one], with: [one, oneAgain] }, settings())).toThrow(`${one} has the seed 1 of ${one}`);
});

it('names the run that has no predictions, and how to make them', async () => {
  const third = await project.trained(['--exp=miniature', 'seed=3']);
  rmSync(runFiles.predictions(third, 'test'));
  const advice = `${third} has no test predictions. Make them: npx nx run evaluator:evaluate --run=${basename(third)}`;
  expect(() => compareRuns({ runs: [one], with: [third] }, settings())).toThrow(advice);
  rmSync(join(third, 'report.json'));
  expect(() => compareRuns({ runs: [one], with: [third] }, settings())).toThrow(`${third} is not finished. Go on with it`);
});

it('reads the command line, and says what is wrong with it', () => {
  expect(parseCompare(['--runs=a,b', '--with=c,d'])).toEqual({ runs: ['a', 'b'], with: ['c', 'd'] });
  expect(parseCompare(['help'])).toBe('help');
  expect(() => parseCompare(['--runs=a,b', '--with=c'])).toThrow('evaluator: 2 runs are to be compared with 1, expected as many');
  expect(() => parseCompare(['--runs=a'])).toThrow('evaluator: --with is missing');
  expect(() => parseCompare(['--run=a', '--with=c'])).toThrow(UsageError);
});
