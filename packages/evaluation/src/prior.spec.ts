import { ANSWERS, type Question } from '@tass/dataset-music-avqa';
import { type PriorRule, fitPrior } from './index';
import type { FitPriorOptions } from './prior';

let id = 0;
const asked = (type: number, template: string, value: string, answer = 0): Question => {
  const text = template.replace('<X>', value);
  return { id: id++, videoId: 'v', type, template, text, words: text.split(' '), answer };
};
const [TWO, CELLO, NO, YES] = ['two', 'cello', 'no', 'yes'].map((answer) => ANSWERS.indexOf(answer));
const fitted = [
  ...[asked(0, 'is <X> heard', 'cello', YES), asked(0, 'is <X> heard', 'cello', NO), asked(0, 'is <X> heard', 'cello', NO)],
  ...[asked(0, 'is <X> heard', 'tuba', YES), asked(0, 'is <X> heard', 'tuba', YES)],
  ...[asked(0, 'how many', '', TWO), asked(0, 'how many', '', TWO), asked(0, 'how many', '', TWO), asked(0, 'how many', '', TWO)],
  ...[asked(8, 'which first', '', CELLO), asked(8, 'which first', '', NO)],
];
const guess = (rule: PriorRule, question: Question, options?: FitPriorOptions): string =>
  ANSWERS[fitPrior(fitted, rule, options).predict(question)];

it('takes the most frequent answer of the type, template or filled question', () => {
  expect(guess('type', asked(0, 'is <X> heard', 'cello'))).toBe('two'); // two 4, yes 3, no 2
  expect(guess('template', asked(0, 'is <X> heard', 'cello'))).toBe('yes'); // yes 3, no 2
  expect(guess('question', asked(0, 'is <X> heard', 'cello'))).toBe('no'); // no 2, yes 1
});

it('takes the answer that appears first of equally frequent ones', () => {
  expect(guess('type', asked(8, 'which first', ''))).toBe('cello'); // once each, cello first
});

it('falls back to what is coarser, or to the most frequent of all', () => {
  const unseenText = asked(0, 'is <X> heard', 'drum');
  const unseenTemplate = asked(8, 'which last', '');
  expect([guess('question', unseenText), guess('question', unseenTemplate)]).toEqual(['yes', 'cello']);
  expect([guess('question', unseenText, { fallback: 'global' }), guess('template', unseenTemplate, { fallback: 'global' })]).toEqual([
    'two',
    'two',
  ]);
  expect(guess('type', asked(5, 'unseen', ''))).toBe('two'); // two 4, no 3, yes 3, cello 1
});

it('predicts a list and says its name', () => {
  const prior = fitPrior(fitted, 'template');
  const questions = [asked(0, 'how many', ''), asked(0, 'is <X> heard', 'flute')];
  expect(prior.name).toBe('majority per template');
  expect(prior.predictAll(questions)).toEqual([
    { questionId: questions[0].id, predicted: TWO },
    { questionId: questions[1].id, predicted: YES },
  ]);
});

it('needs a question to fit on', () => {
  expect(() => fitPrior([], 'type')).toThrow('fitPrior: there is no question to fit on');
});
