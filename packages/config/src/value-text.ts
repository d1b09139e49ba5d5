import { limits } from './limits';

/** A value of the command line that cannot be read; the caller adds whose it is. */
export class ValueMistake extends Error {}

const closing: Readonly<Record<string, string>> = { '[': ']', '{': '}', '(': ')' };

/**
 * The positions outside quotes and brackets. A quote begins where a value may begin, so that the one in "it's" is a letter;
 * a backslash escapes the next character. Throws ValueMistake for unclosed quotes and brackets, and for brackets
 * nested too deep.
 */
export function* outside(text: string): Generator<number> {
  const awaited: string[] = [];
  let mayBegin = true;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (mayBegin && isQuote(character)) at = endOfQuoted(text, at);
    else if (character === '\\') at++;
    else if (character in closing) {
      if (awaited.push(closing[character]) > limits.depth)
        throw new ValueMistake(`brackets are nested more than ${limits.depth} deep, the limit for a value`);
    } else if (character === awaited.at(-1)) awaited.pop();
    else if (')]}'.includes(character)) throw new ValueMistake(`there is no opening bracket for ${character}. Put text in quotes`);
    else if (awaited.length === 0) yield at;
    if (!/\s/.test(character)) mayBegin = ',[{(:='.includes(character);
  }
  if (awaited.length > 0) throw new ValueMistake(`a closing ${awaited.at(-1)} is missing. Put text in quotes`);
}

/** The parts between the separators outside quotes and brackets, without blanks around them; at most `limit`. */
export function splitOutside(text: string, separator: ',' | ':' | '=', limit = Infinity): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const at of outside(text)) {
    if (text[at] !== separator || parts.length + 1 >= limit) continue;
    parts.push(trimmed(text.slice(from, at)));
    from = at + 1;
  }
  return [...parts, trimmed(text.slice(from))];
}

/** Without blanks around it; one after a backslash belongs to the text: `a\ `. */
export function trimmed(text: string): string {
  const begun = text.trimStart();
  const bare = begun.trimEnd();
  const isEscaped = /\\*$/.exec(bare)![0].length % 2 === 1 && bare.length < begun.length;
  return isEscaped ? begun.slice(0, bare.length + 1) : bare;
}

export const isQuote = (character: string): boolean => character === '"' || character === "'";

/** The position of the quote that ends what begins at `from`. Two single quotes in a row are one, as in YAML. */
export function endOfQuoted(text: string, from: number): number {
  const quote = text[from];
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (quote === "'" && text.startsWith("''", at)) at++;
    else if (text[at] === quote) return at;
  }
  throw new ValueMistake(`a closing ${quote} is missing`);
}

/** `name(...)` with the text between the brackets, or undefined; a blank may precede them. */
export function callOf(text: string): { readonly name: string; readonly inner: string } | undefined {
  const parts = /^([a-z]+)[ \t]*\((.*)\)$/s.exec(text);
  return parts ? { name: parts[1], inner: parts[2] } : undefined;
}

/** Hydra's functions that produce several values for one key. */
export const sweepFunctions = ['choice', 'range', 'glob'] as const;
export const otherSweepFunctions = ['interval', 'shuffle', 'sort', 'tag'];
const casts = ['int', 'float', 'str', 'bool', 'json_str'];

/** True for a function call; with a blank before its bracket only for Hydra's functions, so that `TASS (ours)` is text. */
export const isCall = (text: string): boolean =>
  /^[A-Za-z_]\w*\(.*\)$/s.test(text) || [...sweepFunctions, ...otherSweepFunctions, ...casts].includes(callOf(text)?.name ?? '');

/** True for a text that means several values: `a,b`, `range(1,4)`. Throws ValueMistake. */
export function isSweep(text: string): boolean {
  const [first, ...more] = splitOutside(text, ',');
  const name = callOf(first)?.name ?? '';
  return more.length > 0 || [...sweepFunctions, ...otherSweepFunctions].includes(name);
}

/** The part of the input that a message repeats. */
export const shortened = (text: string, most = 60): string => (text.length > most ? `${text.slice(0, most)}...` : text);
