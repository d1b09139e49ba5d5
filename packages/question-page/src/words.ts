import type { AnswerProbability, Look, MapKind } from './explanation';

/** How the page writes things. */
export const percent = (share: number, digits = 0): string => `${(100 * share).toFixed(digits)} %`;

/** A question with its mark. */
export const asked = (text: string): string => (/[?\uFF1F]\s*$/.test(text) ? text : `${text}?`);

/** A probability: never 0 % or 100 % where it is not. */
export function probability(share: number): string {
  if (share > 0 && share < 0.005) return '< 1 %';
  if (share < 1 && share > 0.995) return '> 99 %';
  return percent(share);
}

export const seconds = (time: number): string => Number(time.toFixed(2)).toString();

/** Coordinates, short in the page. */
export const short = (value: number): number => Number(value.toFixed(2));

export const MAP_NAMES: Readonly<Record<MapKind, string>> = { text: 'text map', audio: 'audio map', pooled: 'pooled map' };

export const given = ({ answers: [first] }: Pick<Look, 'answers'>): AnswerProbability => first;

export const probabilityOf = (answer: string, answers: readonly AnswerProbability[]): number | null =>
  answers.find((one) => one.answer === answer)?.probability ?? null;

/** The place of the greatest value; the first of equal ones. */
export const greatest = (values: readonly number[]): number => values.indexOf(Math.max(...values));

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
