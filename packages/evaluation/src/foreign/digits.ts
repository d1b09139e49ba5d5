import { ANSWERS } from '@tass/dataset-music-avqa';
import { type AnswerOrder, KNOWN_ORDERS } from './answer-order';
import { option, percentOf } from './wording';
import { type Cell, plain, wordIndex } from './values';

/** What numbers among predictions mean: counts in digits, or places in an order of answers from 0 or from 1. */
export const DIGITS = ['counts', 'indices', 'indices-from-1'] as const;
export type Digits = (typeof DIGITS)[number];

/** What is known about the numbers in a file; undefined parts are detected. */
export interface DigitOptions {
  readonly digits?: Digits;
  readonly order?: AnswerOrder;
}

/** One way to read numbers. */
export interface Reading {
  readonly name: string; // `counts`, `indices from 0 in the official order`
  readonly options: string; // of the command line, that choose it
  readonly digits: Digits;
  answer(number: number): number | undefined; // index in ANSWERS
}

const COUNTS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'more than ten'].map(
  (word) => wordIndex(word) as number,
);
const counts: Reading = {
  name: 'counts',
  options: '--digits=counts',
  digits: 'counts',
  answer: (number) => COUNTS[Math.min(number, COUNTS.length - 1)],
};

function indices(digits: 'indices' | 'indices-from-1', order: AnswerOrder): Reading {
  const { name, answers } = order;
  const indexOf = answers.map((answer) => wordIndex(plain(answer)));
  const first = digits === 'indices' ? 0 : 1;
  return {
    name: `indices from ${first} in ${KNOWN_ORDERS.includes(order) ? `the ${name} order` : `the order of ${name}`}`,
    options: `--digits=${digits} ${option('answers', name)}`,
    digits,
    answer: (number) => indexOf[number - first],
  };
}

/**
 * The ways to read the numbers of a file, the usual one first: counts next to answers in words; in a file of numbers only, indices in the
 * official order from 0. Only one if the options leave no choice.
 */
export function readingsOf(hasWords: boolean, { digits, order }: DigitOptions): Reading[] {
  const orders = order ? [order] : hasWords ? KNOWN_ORDERS.slice(0, 1) : KNOWN_ORDERS;
  const places = orders.flatMap((one) => [indices('indices', one), indices('indices-from-1', one)]);
  const all = hasWords ? [counts, ...places] : [...places, counts];
  return digits === undefined ? all : all.filter((reading) => reading.digits === digits);
}

/** The answer of a cell, index in ANSWERS, or -1. */
export const answerUnder = (reading: Reading, { word, number }: Cell): number =>
  word ?? (number === undefined ? undefined : reading.answer(number)) ?? -1;

/** Fewer questions do not allow a statement about accuracy. */
export const ENOUGH = 10;

/**
 * The reading of the numbers in a file, or why none is certain, with the accuracy under each: numbers above ten next to answers in
 * words; 42 without 0; another reading that is better; less than a single answer to all questions would get.
 * `cells`, `truth` [questions].
 */
export function chooseReading(
  cells: readonly Cell[],
  truth: readonly number[],
  options: DigitOptions,
): Reading | { readonly doubt: string } {
  const hasWords = cells.some(({ word }) => word !== undefined);
  const numbers = new Set(cells.map(({ number }) => number).filter((number) => number !== undefined));
  const [usual, ...others] = readingsOf(hasWords, options);
  if (numbers.size === 0 || others.length === 0) return usual;
  const total = truth.length;
  const rightUnder = (reading: Reading): number => cells.filter((cell, at) => answerUnder(reading, cell) === truth[at]).length;
  const right = rightUnder(usual);
  const [constant, best] = mostFrequent(truth);
  const greatest = Math.max(...numbers);
  const doubts = [
    hasWords && greatest > 10 ? `it has answers in words and numbers up to ${greatest}` : '',
    usual.digits === 'indices' && greatest === ANSWERS.length && !numbers.has(0)
      ? `its numbers go from ${Math.min(...numbers)} to ${greatest}`
      : '',
    total >= ENOUGH && others.some((other) => rightUnder(other) > right + total / 100) ? 'its numbers fit another reading better' : '',
    !hasWords && total >= ENOUGH && right < best
      ? `as ${usual.name} its numbers are right in ${percentOf(right, total)}, "${ANSWERS[constant]}" for all questions would be in ${percentOf(best, total)}`
      : '',
  ].filter((doubt) => doubt !== '');
  if (doubts.length === 0) return usual;
  const readings = [usual, ...others].map((reading) => `${percentOf(rightUnder(reading), total)} as ${reading.name}: ${reading.options}`);
  const advice = hasWords ? '' : '; another order is named by --answers=FILE';
  return { doubt: `${doubts.join('; ')}. Choose how they are read${advice}\n  ${readings.join('\n  ')}` };
}

/** The most frequent value and its count. */
export function mostFrequent(values: readonly number[]): readonly [value: number, count: number] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), [0, 0] as [number, number]);
}

/** What was expected in a cell without an answer. */
export const expectation = ({ number }: Cell, { digits }: Reading): string =>
  number === undefined || digits === 'counts'
    ? 'expected one of the 42 answers'
    : `expected an index from ${digits === 'indices' ? 0 : 1} to ${ANSWERS.length - (digits === 'indices' ? 1 : 0)}`;
