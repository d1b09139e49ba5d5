import type { Question } from '@tass/dataset-music-avqa';
import { fitPrior, formatTemplates, scoreTemplates } from './index';
import type { Prediction } from './match-predictions';

// 10 questions of A-Count, template "how many", answer 0; 6 of V-Loc, template "where", answers 22 and 27 in turn; each of its own video.
const questions: Question[] = Array.from({ length: 16 }, (_, id) => {
  const [type, template, answer] = id < 10 ? [0, 'how many', 0] : [3, 'where', id % 2 === 0 ? 22 : 27];
  return { id, videoId: `v${id}`, type, template, answer, text: template, words: template.split(' ') };
});
/** Right on these ids, else an answer nobody asks for. */
const rightOn = (...ids: number[]): Prediction[] =>
  questions.map(({ id, answer }) => ({ questionId: id, predicted: ids.includes(id) ? answer : 41 }));
const second = rightOn(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

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
