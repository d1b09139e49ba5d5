import { ANSWERS } from '@tass/dataset-music-avqa';

/** A whole number from 0, also as text and with zeros after the point, as a table of floats has it: 12, "12", "12.0". */
export const wholeNumber = (value: unknown): number | undefined => {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  return typeof value === 'string' && /^\s*\d{1,15}(\.0{1,15})?\s*$/.test(value) ? Number(value) : undefined;
};

/** An answer without what does not distinguish answers: case, and what joins words. */
export const plain = (answer: string): string =>
  answer
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ');

const indexOf = new Map(ANSWERS.map((answer, index) => [plain(answer), index]));
indexOf.set('more than 10', indexOf.get('more than ten') as number); // as models write it that answer in digits

/** Index in ANSWERS of an answer in words. */
export const wordIndex = (value: unknown): number | undefined => (typeof value === 'string' ? indexOf.get(plain(value)) : undefined);

/** A prediction as it is in the file: an answer in words (index in ANSWERS), a number, or neither. */
export interface Cell {
  readonly word?: number;
  readonly number?: number;
  readonly punctuated?: string; // the text as written, if the answer is the text without the punctuation around it
}

/** What language models put around an answer: "Yes.", **two**, 'left'. A point or a sign before a number stays: ".5" and "-5" are not 5. */
const PUNCTUATION = /^["'`“‘*]+|["'`”’*.,;:!?。！]+$/g;

export function cellOf(value: unknown): Cell {
  const cell = exactCell(value);
  if (typeof value !== 'string' || cell.word !== undefined || cell.number !== undefined) return cell;
  const within = exactCell(value.trim().replaceAll(PUNCTUATION, ''));
  return within.word === undefined && within.number === undefined ? cell : { ...within, punctuated: value };
}

function exactCell(value: unknown): Cell {
  const number = wholeNumber(value);
  return number === undefined ? { word: wordIndex(value) } : { number };
}
