import type { Question } from '@tass/dataset-music-avqa';
import {
  type MethodStatistics,
  type Prediction,
  compareMethods,
  fitPrior,
  formatComparison,
  formatTemplates,
  markCorrect,
  scoreColumns,
  scoreTemplates,
} from './index';

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

it('prints a comparison: a line for each column that has questions', () => {
  const columns = scoreColumns(questions, { train: questions });
  const marks = (predictions: Prediction[]) => Uint8Array.from(markCorrect(predictions, questions));
  const methods = [
    { id: 'prior', runs: [{ seed: 1, right: marks(first) }] },
    { id: 'model', runs: [second, first].map((predictions, index) => ({ seed: 1 + index, right: marks(predictions) })) },
  ];
  const [prior, model] = compareMethods(methods, 'prior', questions, columns, { seed: 1, resamples: 300 });
  const named = (name: string, statistics: MethodStatistics) => ({ name, statistics });
  const lines = formatComparison(columns.columns, named('prior', prior), named('model', model)).split('\n');
  expect(lines).toHaveLength(7);
  expect(lines[0]).toMatch(/^ +n +prior +model +gain +95 % over videos +p over videos +p Holm +p McNemar +gain by seed$/);
  expect(lines[1]).toMatch(
    /^A-Count +10 +10\.00 +50\.00 ± 56\.57 +\+80\.00 +\+[\d.]+ \.\. \+100\.00 +0\.0066 +0\.0133 +0\.0215 +\+80\.00$/,
  ); // 22 / 1024
  expect(lines[3]).toMatch(/^V-Loc +6 +50\.00 +41\.67 ± 11\.79 +-16\.67 .* 1\.0000 +-16\.67$/);
  expect(lines.slice(1).map((line) => line.split(' ')[0])).toEqual(['A-Count', 'A-Avg', 'V-Loc', 'V-Avg', 'All', 'tail']);
  expect(() => formatComparison(columns.columns, named('model', model), named('prior', prior))).toThrow(
    'formatComparison: "prior" was not compared with a reference',
  );
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
