import { ANSWERS } from '@tass/dataset-music-avqa';
import { ForeignFile } from '../fixtures/foreign-file';
import { question } from '../fixtures/questions';
import { readAnswerOrder } from './answer-order';

const index = (answer: string): number => ANSWERS.indexOf(answer);
/** Answers to 12 questions, of which `truth` has 10. */
const predicted = ['two', 'yes', 'no', 'yes', 'ten', 'zero', 'suona', 'cello', 'two', 'one', 'no', 'right'];
const truth = predicted.with(0, 'one').with(1, 'no');
const file = new ForeignFile(truth.map((answer, id) => question(100 + id, 'v', 0, index(answer))));
afterAll(() => file.remove());
const map = (value: (answer: string, at: number) => unknown): object =>
  Object.fromEntries(predicted.map((answer, at) => [100 + at, value(answer, at)]));
const COUNTS: Readonly<Record<string, number>> = { zero: 0, one: 1, two: 2, ten: 10 };
const version2 = readAnswerOrder('v2.0').answers;

describe('numbers are read', () => {
  it.each<[string, object, string]>([
    ['as counts next to words', map((answer) => COUNTS[answer] ?? answer), '5 of 12 answers are numbers, read as counts'],
    ['as counts in texts', map((answer) => `${COUNTS[answer] ?? answer}`), '5 of 12 answers are numbers, read as counts'],
    ['as counts in floats', map((answer) => (answer in COUNTS ? `${COUNTS[answer]}.0` : answer)), '5 of 12 answers are numbers, read as counts'],
    ['as indices where there are no words', map(index), '12 of 12 answers are numbers, read as indices from 0 in the official order'],
  ])('%s', (_, content, reading) => {
    expect(file.answers(content)).toEqual(predicted.map(index));
    expect(file.reading(content)).toContain(`; ${reading}`);
  }); // prettier-ignore

  it('as the options say', () => {
    const expected = predicted.map(index);
    const [official, order] = [readAnswerOrder('official'), readAnswerOrder('v2.0')];
    expect(file.answers(map((answer) => index(answer) + 1), { digits: 'indices-from-1' })).toEqual(expected);
    expect(file.answers(map((answer) => version2.indexOf(answer)), { order })).toEqual(expected);
    expect(file.answers(map((answer) => version2.indexOf(answer) + 1), { digits: 'indices-from-1', order })).toEqual(expected);
    expect(file.answers(map((answer) => (answer === 'right' ? answer : index(answer))), { digits: 'indices' })).toEqual(expected);
    expect(file.answers(map(() => 40), { digits: 'indices', order: official })).toEqual(truth.map(() => 40));
    expect(file.answers(map((answer) => (answer === 'ten' ? 11 : answer)), { digits: 'counts' })[4]).toBe(index('more than ten'));
    expect(file.refusal(map((answer) => index(answer) + 1), { digits: 'indices', order: official })).toBe(
      'key "106": question 106: the answer is 42, expected an index from 0 to 41',
    );
    expect(file.refusal(map(index), { digits: 'indices-from-1', order: official })).toContain('the answer is 0, expected an index from 1 to 42');
  }); // prettier-ignore
});

describe('numbers are refused, with the accuracy under each reading,', () => {
  it.each<[string, object, string]>([
    ['that are above ten next to words', map((answer) => (answer === 'ten' ? 11 : answer)), `it has answers in words and numbers up to 11. Choose how they are read
  75.00 % as counts: --digits=counts
  75.00 % as indices from 0 in the official order: --digits=indices --answers=official
  75.00 % as indices from 1 in the official order: --digits=indices-from-1 --answers=official`],
    ['that are indices next to words', map((answer) => (answer === 'no' ? 4 : answer)), 'its numbers fit another reading better. Choose how they are read\n  66.67 % as counts: --digits=counts\n  83.33 % as indices from 0'],
    ['that count from 1', map((answer) => index(answer) + 1), 'its numbers go from 1 to 42; its numbers fit another reading better'],
    ["in v2.0's order", map((answer) => version2.indexOf(answer)), '83.33 % as indices from 0 in the v2.0 order: --digits=indices --answers=v2.0'],
    ['in an order that is not known', map((answer) => [...ANSWERS].sort().indexOf(answer)), 'as indices from 0 in the official order its numbers are right in 0.00 %, "no" for all questions would be in 25.00 %. Choose how they are read; another order is named by --answers=FILE'],
  ])('%s', (_, content, message) => expect(file.refusal(content)).toContain(message)); // prettier-ignore
});

it('less than the most frequent answer would get is said of answers in words', () => {
  expect(file.reading(map((_, at) => predicted[(at + 1) % 12]))).toBe(
    'predictions under "value", matched by "key"; no other keys; right in 8.33 %, less than "no" for all questions (25.00 %)',
  );
});
