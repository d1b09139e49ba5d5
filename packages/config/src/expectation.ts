import type { z } from 'zod';

export interface Expectation {
  readonly text: string; // to follow "expected"
  readonly options: readonly string[]; // the texts that would do, to find the nearest
}

const kinds: Record<string, string> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
};

/** What the schema wanted where it raised `issue`, in words. */
export function expectation(issue: z.core.$ZodIssue): Expectation {
  switch (issue.code) {
    case 'invalid_type':
      return plain(kinds[issue.expected] ?? issue.expected);
    case 'invalid_value':
      return oneOf(issue.values);
    case 'invalid_union':
      if ('options' in issue && issue.options) return oneOf(issue.options);
      return anyOf(issue.errors.map(([first]) => expectation(first)));
    case 'too_small':
      return plain(bound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum));
    case 'too_big':
      return plain(bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum));
    case 'not_multiple_of':
      return plain(`a multiple of ${issue.divisor}`);
    case 'invalid_format':
      return plain(issue.pattern ? `text like ${issue.pattern}` : `text in the form of ${issue.format}`);
    default:
      return plain(issue.message);
  }
}

const plain = (text: string): Expectation => ({ text, options: [] });

function oneOf(values: readonly unknown[]): Expectation {
  const options = values.filter((value) => value !== undefined).map(String); // undefined: the default
  return { text: options.length === 1 ? options[0] : `one of ${options.join(', ')}`, options };
}

function anyOf(choices: readonly Expectation[]): Expectation {
  return { text: [...new Set(choices.map(({ text }) => text))].join(' or '), options: choices.flatMap(({ options }) => options) };
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  if (origin === 'string') return `text of ${relation} ${limit} characters`;
  return origin === 'array' ? `a list of ${relation} ${limit} items` : `${relation} ${limit}`;
}
