import { ANSWERS } from '@tass/dataset-music-avqa';

/** A whole number from 0, also as text and with zeros after the point, as a table of floats has it: 12, "12", "12.0". */
export const wholeNumber = (value: unknown): number | undefined => {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  return typeof value === 'string' && /^\s*\d{1,15}(\.0{1,15})?\s*$/.test(value) ? Number(value) : undefined;
};

/** An answer without what does not tell answers apart. */
export const plain = (answer: string): string =>
  answer
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, ' ');

const indexOf: ReadonlyMap<string, number> = new Map(ANSWERS.map((answer, index) => [plain(answer), index]));

/** Index in ANSWERS of an answer in words. */
export const wordIndex = (value: unknown): number | undefined => (typeof value === 'string' ? indexOf.get(plain(value)) : undefined);
