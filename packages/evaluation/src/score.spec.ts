import type { Question } from '@tass/dataset-music-avqa';
import { markCorrect, percent, scoreByType } from './index';
import type { Prediction } from './match-predictions';

const question = (id: number, type: number, answer: number): Question => ({
  id,
  type,
  answer,
  videoId: 'v',
  text: '',
  words: [],
  template: '',
});
// Two of A-Count, one of A-Comp, one of V-Loc, three of AV-Temp; none of the others.
const questions = [
  question(10, 0, 1),
  question(11, 8, 5),
  question(12, 0, 2),
  question(13, 1, 0),
  question(14, 3, 7),
  question(15, 8, 5),
  question(16, 8, 41),
];
const predict = (...answers: number[]): Prediction[] => answers.map((predicted, index) => ({ questionId: questions[index].id, predicted }));

it('counts by type, and sums over types for the averages', () => {
  // right: 10, 11, 13, 15
  const score = scoreByType(predict(1, 5, 3, 0, 8, 5, 40), questions);
  expect(score.types).toEqual([
    { correct: 1, total: 2 },
    { correct: 1, total: 1 },
    { correct: 0, total: 0 },
    { correct: 0, total: 1 },
    { correct: 0, total: 0 },
    { correct: 0, total: 0 },
    { correct: 0, total: 0 },
    { correct: 0, total: 0 },
    { correct: 2, total: 3 },
  ]);
  expect(score.groups).toEqual({
    Audio: { correct: 2, total: 3 },
    Visual: { correct: 0, total: 1 },
    'Audio-Visual': { correct: 2, total: 3 },
  });
  expect(score.all).toEqual({ correct: 4, total: 7 });
  expect(percent(score.groups.Audio)).toBeCloseTo(66.6667, 4); // micro; the mean of 50 and 100 would be 75
  expect(percent(score.types[2])).toBeNaN();
});

it('matches by id, whatever the order', () => {
  const predictions = predict(1, 5, 3, 0, 8, 5, 40);
  expect(scoreByType([...predictions].reverse(), questions)).toEqual(scoreByType(predictions, questions));
  expect(markCorrect([...predictions].reverse(), questions)).toEqual(Int32Array.of(1, 1, 0, 1, 0, 1, 0));
});

describe('refuses', () => {
  const right = predict(1, 5, 2, 0, 7, 5, 41);
  const wrongs: [string, Prediction[], string][] = [
    ['missing predictions', right.slice(0, 1), 'question ids without a prediction (6): 11, 12, 13, 14, 15 and 1 more. Every question'],
    ['duplicates', [...right, right[2], right[2], right[4]], 'question ids predicted more than once (2): 12, 14. Keep one'],
    ['unknown ids', [...right.slice(1), { questionId: 99, predicted: 1 }], 'question ids not among the questions (1): 99. Score them on'],
    [
      'an answer out of range',
      predict(1, 5, 42, 0, -1, 5, 0.5),
      'question ids whose predicted value is not an answer index (3): 12 (42), 14 (-1), 16 (0.5). Give a whole number from 0 to 41',
    ],
  ];
  it.each(wrongs)('%s', (_, predictions, message) => {
    expect(() => scoreByType(predictions, questions)).toThrow(`predictions: ${message}`);
  });

  it('questions with one id twice', () => {
    expect(() => scoreByType(right, [...questions, question(11, 2, 0)])).toThrow('question ids that belong to two questions (1): 11');
  });
});
