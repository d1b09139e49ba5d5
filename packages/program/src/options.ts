import { expandHome } from './home';
import { nearest } from './nearest';

/** A command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** True if a program should print its help; Nx intercepts --help. */
export const asksForHelp = (words: readonly string[]): boolean => words.some((word) => ['help', '--help', '-h'].includes(word));

/**
 * `flag`: --name; `value`: --name=VALUE; `path`: the same of a file or folder, where ~ is the home folder; `optional`: --name or --name=VALUE;
 * `list`: --name=VALUE, any number of times.
 */
export type OptionKind = 'flag' | 'value' | 'path' | 'optional' | 'list';

type ValueOf = {
  flag: boolean;
  value: string | undefined;
  path: string | undefined;
  optional: string | true | undefined;
  list: readonly string[];
};

export type Options<Known extends Readonly<Record<string, OptionKind>>> = { readonly [Name in keyof Known]: ValueOf[Known[Name]] };

/**
 * Splits words into options (`--name`, `--name=value`; `aliases` by their whole first part, as `-m`) and the rest, in order.
 * Throws UsageError with every mistake: unknown options with the nearest known one, values missing or too many, options given twice.
 */
export function readOptions<Known extends Readonly<Record<string, OptionKind>>>(
  words: readonly string[],
  known: Known,
  aliases: Readonly<Record<string, keyof Known & string>> = {},
): { readonly options: Options<Known>; readonly rest: readonly string[] } {
  const given = new Map<string, (string | true)[]>();
  const mistakes: string[] = [];
  const rest = words.filter((word) => !word.startsWith('-'));
  for (const word of words.filter((one) => one.startsWith('-'))) {
    const at = word.indexOf('=');
    const written = at < 0 ? word : word.slice(0, at);
    const name = aliases[written] ?? (written.startsWith('--') ? written.slice(2) : '');
    const value = at < 0 ? true : word.slice(at + 1);
    const mistake = Object.hasOwn(known, name) ? valueMistake(written, value, known[name]) : unknown(written, known);
    if (mistake) mistakes.push(mistake);
    else given.set(name, [...(given.get(name) ?? []), value]);
  }
  for (const word of rest)
    if (word.includes('=') && Object.hasOwn(known, word.split('=')[0])) mistakes.push(`${word} is an option, write --${word}`);
  for (const [name, values] of given)
    if (values.length > 1 && known[name] !== 'list') mistakes.push(`--${name} is given more than once, expected one`);
  if (mistakes.length > 0) throw new UsageError(mistakes.join('; '));
  const options = Object.entries(known).map(([name, kind]) => {
    const values = given.get(name) ?? [];
    if (kind === 'path' && values.length > 0) return [name, expandHome(values[0] as string, `--${name}`)];
    return [name, kind === 'list' ? values : kind === 'flag' ? values.length > 0 : values[0]];
  });
  return { options: Object.fromEntries(options) as Options<Known>, rest };
}

function valueMistake(written: string, value: string | true, kind: OptionKind): string | undefined {
  if (kind === 'flag') return value === true ? undefined : `${written} takes no value`;
  if (value === '' || (value === true && kind !== 'optional')) return `${written} has no value, expected ${written}=VALUE`;
  return undefined;
}

function unknown(written: string, known: Readonly<Record<string, OptionKind>>): string {
  const shapes = { flag: '', value: '=VALUE', path: '=VALUE', optional: '[=VALUE]', list: '=VALUE' };
  const list = Object.entries(known).map(([name, kind]) => `--${name}${shapes[kind]}`);
  if (list.length === 0) return `${written} is not an option, there are none here`;
  const guess = nearest(written.replace(/^-+/, ''), Object.keys(known));
  return `${written} is not an option, expected ${list.join(', ')}; settings are written key=value${guess === undefined ? '' : `. Did you mean --${guess}?`}`;
}
