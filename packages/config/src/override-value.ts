import { shellWord } from '@tass/program';
import { isAlias, isScalar, parseDocument } from 'yaml';
import { ConfigError } from './config-error';
import { plainValue, type ConfigNode, type ConfigScalar } from './node';
import { endOfQuoted, isCall, isQuote, isSweep, outside, splitOutside, trimmed, ValueMistake } from './value-text';

/**
 * Reads the value of an override as Hydra writes them: text, numbers, true, false, null; `'quoted'` with `\'` or `''` for a quote; `"quoted"`
 * with JSON's escapes; lists `[a,b]`; maps `{a:1,b:[c]}`; nothing for an empty text. A bare word has its meaning in YAML 1.2.
 * Throws ConfigError; also for several values, `a,b` or `range(1,4)`, instead of one.
 */
export function parseValue(text: string, source: string): ConfigNode {
  return readingValue(source, () => {
    if (text.trim() === '') return { source, value: '' };
    if (isSweep(text)) throw new ConfigError([severalValues(text, source)]);
    return readElement(trimmed(text), source);
  });
}

/** The value of an override as plain objects, arrays and scalars. Throws ConfigError. */
export const overrideValue = (text: string, source: string): unknown => plainValue(parseValue(text, source));

/** Runs `read`; its ValueMistake becomes a ConfigError of `source`. */
export function readingValue<Value>(source: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof ValueMistake) throw new ConfigError([`${source}: ${error.message}`]);
    throw error;
  }
}

/** The mistake of several values instead of one, with the remedy. */
export function severalValues(text: string, source: string): string {
  const key = /^override ([^=]*)=/.exec(source)?.[1] ?? '';
  const list = text.endsWith(')') ? '' : `for a list write ${shellWord(`${key}=[${text}]`)}; `;
  const asText = shellWord(`${key}=${JSON.stringify(text)}`);
  return `${source}: ${text} can be read as several values, expected one: ${list}for text put it in quotes, ${asText}`;
}

/** One value, without blanks around it. Throws ValueMistake. */
export function readElement(text: string, source: string): ConfigNode {
  const [first] = text;
  if (first === '[') return { source, value: items(text, ']').map((item) => readElement(item, source)) };
  if (first === '{') return { source, value: new Map(items(text, '}').map((item) => entry(item, source))) };
  if (text === '') throw new ValueMistake("a value is missing between commas. Write null, or '' for an empty text");
  return { source, value: isQuote(first) ? unquoted(text) : bare(text) };
}

function items(text: string, close: ']' | '}'): string[] {
  if (!text.endsWith(close) || !outside(text).next().done) throw new ValueMistake(`text follows the closing ${close}. Put text in quotes`);
  const inner = text.slice(1, -1);
  return inner.trim() === '' ? [] : splitOutside(inner, ',');
}

function entry(text: string, source: string): [string, ConfigNode] {
  const [key, value] = splitOutside(text, ':', 2);
  if (value === undefined || key === '') throw new ValueMistake(`${text} in a map is not key: value`);
  return [isQuote(key[0]) ? unquoted(key) : key, readElement(value, source)];
}

/** The text between quotes. Throws ValueMistake. */
export function unquoted(text: string): string {
  if (endOfQuoted(text, 0) !== text.length - 1) throw new ValueMistake(`text follows ${text.slice(0, endOfQuoted(text, 0) + 1)}`);
  const inner = text.slice(1, -1);
  if (text[0] === '"') return yamlScalar(withEscapedReferences(text).replaceAll('\n', '\\n')) as string;
  return inner
    .replaceAll("''", "'")
    .replace(/(\\+)('|$)/g, (_, slashes: string, quote: string) => '\\'.repeat(slashes.length >> 1) + quote);
}

/** `\${` means the text `${`; JSON has no such escape, so its backslash is literal. */
const withEscapedReferences = (text: string): string =>
  text.replace(/\\(?:\$(?=\{)|.)/gs, (escape) => (escape === '\\$' ? '\\\\$' : escape));

function bare(text: string): ConfigScalar {
  if (text.includes('${')) return text; // read when the whole configuration is there
  if (/[\n\r]/.test(text)) throw new ValueMistake('put text of several lines in quotes');
  if (isCall(text))
    throw new ValueMistake(`${text} would be a function, which values here do not have. Write the value itself, or text in quotes`);
  const plain = text.replace(/\\([\\()[\]{}:=, \t])/g, '$1');
  return plain === text ? yamlScalar(text) : plain;
}

function yamlScalar(text: string): ConfigScalar {
  if (text.startsWith('!')) throw new ValueMistake('"!" begins a tag in YAML. Put the value in quotes');
  const { contents, comment, commentBefore, errors, warnings } = parseDocument(text, { prettyErrors: false });
  const [problem] = [...errors, ...warnings];
  if (problem) throw new ValueMistake(`${problem.message}. Put text in quotes`);
  if (comment !== null || commentBefore !== null || contents?.comment) {
    throw new ValueMistake('"#" begins a comment in YAML. Put the value in quotes');
  }
  if (isAlias(contents)) throw new ValueMistake(`${text} names an anchor that is not there. Put text with * in quotes`);
  const isBlock = isScalar(contents) && /^BLOCK/.test(contents.type ?? '');
  if (!isScalar(contents) || isBlock || contents.anchor) {
    throw new ValueMistake('write lists as [a, b], maps as {a: 1}, and text with ": ", "- " and other signs of YAML in quotes');
  }
  return contents.value as ConfigScalar;
}
