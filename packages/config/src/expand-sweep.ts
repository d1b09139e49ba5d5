import { didYouMean } from '@tass/program';
import { ConfigError } from './config-error';
import { isGroup, listOptions } from './experiment-files';
import { limits } from './limits';
import { parseValue, readingValue, severalValues } from './override-value';
import { parseOverride, refuseManyOverrides } from './overrides';
import { callOf, isQuote, isSweep, otherSweepFunctions, splitOutside, sweepFunctions, trimmed, ValueMistake } from './value-text';

/** A key of the command line with several values. */
interface SweepAxis {
  readonly key: string; // with its sign: `seed`, `+new.key`, `model`
  readonly values: readonly string[]; // each as an override `key=value` takes it
  readonly source: string;
}

export interface ExpandedSweep {
  readonly axes: readonly SweepAxis[]; // in the order of the words; the last is to change fastest
  readonly rest: readonly string[]; // the words with one value
  readonly words: readonly (SweepAxis | string)[]; // both, in the order in which they are applied
}

/**
 * Takes the words with several values out of a command line: `seed=1,2,3`, `seed=range(1,4)`, `epochs=choice(4,8)`, and for groups
 * `model=glob(tass*)`, `model=glob([a*,b*],exclude=c)`; as in Hydra, without interval, shuffle, sort and tag.
 * Throws ConfigError with every mistake: words that are no overrides, keys given twice, ranges and patterns that give nothing.
 */
export function expandSweep(words: readonly string[], root: string): ExpandedSweep {
  refuseManyOverrides(words);
  const mistakes: string[] = [];
  const read: (SweepAxis | string)[] = [];
  for (const word of words) {
    try {
      read.push(axisOf(word, root) ?? word);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      mistakes.push(...error.issues);
    }
  }
  const axes = read.filter((word) => typeof word !== 'string');
  const rest = read.filter((word) => typeof word === 'string');
  mistakes.push(...givenTwice(axes, rest));
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return { axes, rest, words: read };
}

/** The mistake of a word with several values where one is expected: `seed=1,2`. Undefined for other words, also unreadable ones. */
export function severalValuesIn(word: string): string | undefined {
  try {
    const { source, text } = parseOverride(word);
    return isSweep(text) ? severalValues(text, source) : undefined;
  } catch {
    return undefined;
  }
}

function axisOf(word: string, root: string): SweepAxis | undefined {
  const { source, action, key, text } = parseOverride(word);
  return readingValue(source, () => {
    if (text.trim() === '' || !isSweep(text)) return undefined;
    if (action === 'delete') throw new ValueMistake('a key is deleted once. Write ~key, or ~key=value');
    const values = valuesOf(trimmed(text), key, root);
    if (values.length > limits.axisValues)
      throw new ValueMistake(`these are ${values.length} values, expected at most ${limits.axisValues}`);
    for (const value of values) parseValue(value, source);
    return { key: word.slice(0, word.indexOf('=')), values, source };
  });
}

function valuesOf(text: string, key: string, root: string): string[] {
  const elements = splitOutside(text, ',');
  const call = callOf(elements[0]);
  if (elements.length > 1) return plainElements(elements);
  switch (call?.name) {
    case 'choice':
      if (call.inner.trim() === '') throw new ValueMistake('choice() has no values, expected some, as in choice(1,2)');
      return plainElements(splitOutside(call.inner, ','));
    case 'range':
      return range(call.inner);
    case 'glob':
      return glob(call.inner, key, root);
    default:
      throw new ValueMistake(`${call?.name} is not supported, expected ${sweepFunctions.join(', ')}, or a,b`);
  }
}

function plainElements(elements: readonly string[]): string[] {
  const functions: readonly string[] = [...sweepFunctions, ...otherSweepFunctions];
  const nested = elements.find((one) => functions.includes(callOf(one)?.name ?? ''));
  if (nested !== undefined) throw new ValueMistake(`${nested} cannot be one of several values. Write them out`);
  if (elements.includes('')) throw new ValueMistake("a value is missing between commas. Write null, or '' for an empty text");
  return [...elements];
}

/** Arguments in the order of `names`, or by name: `range(1,4)`, `range(start=1,stop=4)`. */
function argumentsOf(inner: string, names: readonly string[]): Partial<Record<string, string>> {
  const given: Partial<Record<string, string>> = {};
  for (const [index, text] of (inner.trim() === '' ? [] : splitOutside(inner, ',')).entries()) {
    const [first, second] = splitOutside(text, '=', 2);
    const [name, value] = second === undefined ? [names[index], first] : [first, second];
    if (!names.includes(name)) throw new ValueMistake(`${text} is one too many, expected ${names.join(', ')}`);
    if (given[name] !== undefined) throw new ValueMistake(`${name} is given twice`);
    given[name] = value;
  }
  return given;
}

function range(inner: string): string[] {
  const { start: first, stop: last, step: by } = argumentsOf(inner, ['start', 'stop', 'step']);
  const [start, stop] = last === undefined ? ['0', first] : [first ?? '0', last];
  if (stop === undefined) throw new ValueMistake('range() has no end, expected range(start,stop), range(start,stop,step) or range(stop)');
  const [from, to, step] = [start, stop, by ?? '1'].map(numberOf);
  if (step === 0) throw new ValueMistake('range has step 0, expected another');
  const decimals = Math.max(decimalsOf(from), decimalsOf(step));
  const count = Math.max(0, Math.ceil(Number(((to - from) / step).toFixed(9)))); // 0.3 / 0.1 is 2.9999999999999996
  if (count === 0) throw new ValueMistake(`range(${inner}) has no values: ${step > 0 ? from : to} is not below ${step > 0 ? to : from}`);
  if (count > limits.axisValues) throw new ValueMistake(`range(${inner}) has ${count} values, expected at most ${limits.axisValues}`);
  return Array.from({ length: count }, (_, index) => String(Number((from + index * step).toFixed(decimals))));
}

function numberOf(text: string): number {
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) throw new ValueMistake(`${text} in range is not a number`);
  return Number(text);
}

function decimalsOf(value: number): number {
  const [, fraction = '', exponent = '0'] = /^-?\d+(?:\.(\d+))?(?:e([-+]\d+))?$/.exec(String(value)) ?? [];
  return Math.min(100, Math.max(0, fraction.length - Number(exponent)));
}

function glob(inner: string, key: string, root: string): string[] {
  if (!isGroup(root, key)) throw new ValueMistake(`${key} is not a group, so that glob finds no options. Write the values: a,b`);
  const { include, exclude } = argumentsOf(inner, ['include', 'exclude']);
  if (include === undefined) throw new ValueMistake('glob() has no pattern, expected one, as in glob(*)');
  const options = listOptions(root, key);
  const [wanted, unwanted] = [patternsOf(include), exclude === undefined ? [] : patternsOf(exclude)];
  const isLike = (option: string, patterns: readonly string[]): boolean => patterns.some((pattern) => matches(option, pattern));
  const found = options.filter((option) => isLike(option, wanted) && !isLike(option, unwanted));
  if (found.length > 0) return found;
  throw new ValueMistake(`glob(${inner}) matches no ${key}. Options of ${key}: ${options.join(', ')}.${didYouMean(wanted[0], options)}`);
}

function patternsOf(text: string): string[] {
  const patterns = text.startsWith('[') && text.endsWith(']') ? splitOutside(text.slice(1, -1), ',') : [text];
  return patterns.map((pattern) => (isQuote(pattern[0]) && pattern.endsWith(pattern[0]) ? pattern.slice(1, -1) : pattern));
}

/** `*` matches any text, `?` one character. */
function matches(option: string, pattern: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(option);
}

function* givenTwice(axes: readonly SweepAxis[], rest: readonly string[]): Generator<string> {
  const bare = (key: string): string => key.replace(/^\++/, '');
  const others = rest.map((word) => ({ key: bare(word.split('=')[0]), word }));
  for (const [index, { key, source }] of axes.entries()) {
    const earlier = axes.slice(0, index).find((axis) => bare(axis.key) === bare(key));
    const other = others.find((one) => one.key === bare(key));
    if (earlier) yield `${source}: ${key} is given twice, also in ${earlier.source}`;
    else if (other) yield `${source}: ${key} is given twice, also in override ${other.word}`;
  }
}
