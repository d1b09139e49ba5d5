import type { Question } from '@tass/dataset-music-avqa';
import { type Prediction, compare, fitPrior, formatComparison, formatTemplates, scoreTemplates } from './index';

// 10 questions of A-Count, template "how many", answer 0; 6 of V-Loc, template "where", answers 22 and 27 in turn; each of its own video.
const questions: Question[] = Array.from({ length: 16 }, (_, id) => {
  const [type, template, answer] = id < 10 ? [0, 'how many', 0] : [3, 'where', id % 2 === 0 ? 22 : 27];
  return { id, videoId: `v${id}`, type, template, answer, text: template, words: template.split(' ') };
});
/** Right on these ids, else an answer nobody asks for. */
const rightOn = (...ids: number[]): Prediction[] =>
  questions.map(({ id, answer }) => ({ questionId: id, predicted: ids.includes(id) ? answer : 41 }));
const first = rightOn(0, 10, 11, 12);
const second = rightOn(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

it('compares by type, group and over all', () => {
  const comparisons = compare(first, second, questions, { seed: 1, resamples: 300 });
  expect(comparisons.map(({ name }) => name)).toEqual(['A-Count', 'V-Loc', 'A-Avg', 'V-Avg', 'All']);
  const [count, location, , , all] = comparisons;
  expect(count).toMatchObject({ first: { correct: 1, total: 10 }, second: { correct: 9, total: 10 }, onlyFirst: 1, onlySecond: 9 });
  expect(count.mcnemar).toBeCloseTo(22 / 1024, 12);
  expect(count.adjusted).toBeCloseTo(44 / 1024, 12); // the smaller of two types
  expect(count.bootstrap.difference).toBe(80);
  expect(location).toMatchObject({ onlyFirst: 1, onlySecond: 0, mcnemar: 1, adjusted: 1 });
  expect(all).toMatchObject({ first: { correct: 4, total: 16 }, second: { correct: 11, total: 16 }, onlyFirst: 2, onlySecond: 9 });
  expect(all).not.toHaveProperty('adjusted');
  expect(all.bootstrap.difference).toBe((100 * 7) / 16);
});

it('says whose predictions are missing', () => {
  expect(() => compare(first, second.slice(1), questions, { seed: 1 })).toThrow(
    'second predictions: question ids without a prediction (1): 0',
  );
});

it('prints the comparison', () => {
  const comparisons = compare(first, second, questions, { seed: 1, resamples: 300 });
  const lines = formatComparison(comparisons, { first: 'prior', second: 'model' }).split('\n');
  expect(lines).toHaveLength(6);
  expect(lines[0]).toMatch(/^ +n +prior +model +gain +95 % over videos +p over videos +only prior +only model +p McNemar +p Holm$/);
  expect(lines[1]).toMatch(/^A-Count +10 +10\.00 +90\.00 +\+80\.00 +\+[\d.]+ \.\. \+100\.00 +0\.0066 +1 +9 +0\.0215 +0\.0430$/);
  expect(lines[2]).toMatch(/^V-Loc +6 +50\.00 +33\.33 +-16\.67 /);
});

it('scores templates beside their prior', () => {
  const prior = fitPrior(questions, 'template'); // two for "how many", indoor (22) for "where"
  const scores = scoreTemplates(second, [...questions].reverse(), prior);
  expect(scores).toEqual([
    { type: 0, template: 'how many', model: { correct: 9, total: 10 }, prior: { correct: 10, total: 10 }, p: 1 },
    { type: 3, template: 'where', model: { correct: 2, total: 6 }, prior: { correct: 3, total: 6 }, p: 1 },
  ]);
  expect(formatTemplates(scores, 'markdown').split('\n')).toEqual([
    '| type    | template |   n | model |  prior |   gain |      p |',
    '| ------- | -------- | --: | ----: | -----: | -----: | -----: |',
    '| A-Count | how many |  10 | 90.00 | 100.00 | -10.00 | 1.0000 |',
    '| V-Loc   | where    |   6 | 33.33 |  50.00 | -16.67 | 1.0000 |',
  ]);
});
