import { plural } from '@tass/program';

/** Two decimals; a typographic minus, none before zero. */
export function decimals(value: number, digits = 2): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** The same with the sign, none before zero. */
export const signed = (value: number, digits = 2): string =>
  value > 0 && Number(value.toFixed(digits)) !== 0 ? `+${decimals(value, digits)}` : decimals(value, digits);

/** p with three decimals; a smaller one as `< 0.001`. */
export const pValue = (p: number): string => (p < 0.001 ? '< 0.001' : p.toFixed(3));

/** '1 question', '2,000 questions' */
export const counted = (count: number, thing: string): string => `${count.toLocaleString('en')} ${plural(count, thing)}`;
