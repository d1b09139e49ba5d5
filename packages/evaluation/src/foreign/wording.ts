import { shellWord } from '@tass/program';
import { Nested } from './json-items';

export const SHOWN = 5; // of many mistakes

/** All mistakes of a file: their number, and the first few. */
export function listed(file: string, mistakes: readonly string[]): string {
  if (mistakes.length === 1) return `${file}: ${mistakes[0]}`;
  const more = mistakes.length > SHOWN ? [`and ${mistakes.length - SHOWN} more`] : [];
  // The last one gives how many are missing, which matters if all are of another split.
  const first = mistakes.length > SHOWN ? [...mistakes.slice(0, SHOWN - 1), mistakes.at(-1) as string] : mistakes;
  return [`${file}: ${mistakes.length} mistakes`, ...first, ...more].join('\n  ');
}

export const shown = (value: unknown): string => {
  const isPlain = typeof value === 'number' || value instanceof Nested; // JSON has no NaN
  const text = value === undefined ? 'missing' : isPlain ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

/** `"a", "b" and 3 more`. */
export function quoted(names: readonly string[], most = 20): string {
  const more = names.length > most ? ` and ${names.length - most} more` : '';
  return `${names.slice(0, most).map(shown).join(', ')}${more}`;
}

export const percentOf = (right: number, total: number): string => `${((100 * right) / total).toFixed(2)} %`;

/** An option of the command line, in quotes where a shell needs them. */
export const option = (name: string, value: string): string => `--${name}=${shellWord(value)}`;
