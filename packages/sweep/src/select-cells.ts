import { valueText } from '@tass/config';
import { didYouMean, UsageError } from '@tass/program';
import type { Coordinates } from './grid-points';

/**
 * The cells with the values in `words` (`key=value`); a key given several times matches any of its values. Throws UsageError if a word is
 * invalid or matches no cell.
 */
export function selectCells<Cell extends { readonly coordinates: Coordinates }>(cells: readonly Cell[], words: readonly string[]): Cell[] {
  const wanted = new Map<string, string[]>();
  for (const word of words) {
    const [, key, text] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    if (key === undefined) throw new UsageError(`--only=${word}, expected --only=KEY=VALUE, as in --only=seed=1`);
    const values = cells.flatMap(({ coordinates }) => (Object.hasOwn(coordinates, key) ? [valueText(coordinates[key])] : []));
    if (values.length === 0) throw notAnAxis(word, key, cells);
    if (!values.includes(text)) throw notAValue(word, text, [...new Set(values)]);
    wanted.set(key, [...(wanted.get(key) ?? []), text]);
  }
  const selected = cells.filter(({ coordinates }) => [...wanted].every(([key, texts]) => texts.includes(valueText(coordinates[key]))));
  if (selected.length === 0) throw new UsageError(`--only=${words.join(' --only=')}: no cell has all of these values`);
  return selected;
}

function notAnAxis(word: string, key: string, cells: readonly { readonly coordinates: Coordinates }[]): UsageError {
  const axes = [...new Set(cells.flatMap(({ coordinates }) => Object.keys(coordinates)))];
  return new UsageError(`--only=${word}: ${key} is not an axis of the grid, expected one of ${axes.join(', ')}.${didYouMean(key, axes)}`);
}

function notAValue(word: string, text: string, values: readonly string[]): UsageError {
  const guess = Number.isNaN(Number(text)) ? didYouMean(text, values) : '';
  return new UsageError(`--only=${word}: no cell has that value, expected one of ${values.join(', ')}.${guess}`);
}
