import { readFileSync } from 'node:fs';
import { PredictionError } from '../match-predictions';

export const SHOWN = 5; // of many mistakes

/** Throws PredictionError. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new PredictionError(`evaluation: ${file}: cannot be read (${(error as Error).message})`, { cause: error });
  }
}

/** Throws PredictionError where `text` is not JSON. */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PredictionError(`evaluation: ${file}: is not JSON (${(error as Error).message})`, { cause: error });
  }
}

/** A whole number from 0, also written as text. */
export const wholeNumber = (value: unknown): number | undefined => {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  return typeof value === 'string' && /^\s*\d{1,15}\s*$/.test(value) ? Number(value) : undefined;
};

/** An answer without what does not tell answers apart. */
export const plain = (answer: string): string =>
  answer
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, ' ');

/** All mistakes of a file: their number, and the first few. */
export function listed(file: string, mistakes: readonly string[]): string {
  if (mistakes.length === 1) return `evaluation: ${file}: ${mistakes[0]}`;
  const more = mistakes.length > SHOWN ? [`and ${mistakes.length - SHOWN} more`] : [];
  // The last one tells how many are missing, which is what matters when all are of another split.
  const first = mistakes.length > SHOWN ? [...mistakes.slice(0, SHOWN - 1), mistakes.at(-1) as string] : mistakes;
  return [`evaluation: ${file}: ${mistakes.length} mistakes`, ...first, ...more].join('\n  ');
}

export const shown = (value: unknown): string => {
  const text = value === undefined ? 'missing' : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};
