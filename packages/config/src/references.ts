import { limits } from './limits';
import { endOfQuoted, isQuote, ValueMistake } from './value-text';

/** `${...}` within a text; `body` is the text between the braces, references included. */
export interface Reference {
  readonly written: string;
  readonly body: string;
}

export const mayRefer = (value: unknown): value is string => typeof value === 'string' && value.includes('${');

/**
 * A text as its pieces. A backslash before `${` makes it text, two make one backslash, as in OmegaConf.
 * Throws ValueMistake when a brace is not closed.
 */
export function piecesOf(text: string): (string | Reference)[] {
  const pieces: (string | Reference)[] = [];
  let literal = '';
  for (let at = 0; at < text.length;) {
    const [begin, slashes] = /^(\\*)\$\{/.exec(text.slice(at)) ?? [];
    if (begin === undefined || slashes === undefined) {
      const run = /^(\\+|[^\\$]+|.)/s.exec(text.slice(at))![0];
      literal += run;
      at += run.length;
      continue;
    }
    literal += '\\'.repeat(slashes.length >> 1);
    const from = at + slashes.length;
    if (slashes.length % 2 === 1) {
      literal += '${';
      at = from + 2;
      continue;
    }
    const end = closingBrace(text, from + 2);
    if (literal !== '') pieces.push(literal);
    pieces.push({ written: text.slice(from, end + 1), body: text.slice(from + 2, end) });
    literal = '';
    at = end + 1;
  }
  if (literal !== '') pieces.push(literal);
  return pieces;
}

/** The position of the brace that closes a reference whose body begins at `from`; braces within quoted arguments do not count. */
function closingBrace(text: string, from: number): number {
  let depth = 1;
  let before = '';
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (isQuote(character) && (before === ',' || before === ':')) at = endOfQuoted(text, at);
    else if (character === '{') {
      if (++depth > limits.depth) throw new ValueMistake(`references are nested more than ${limits.depth} deep`);
    } else if (character === '}' && --depth === 0) return at;
    if (character !== ' ') before = character;
  }
  throw new ValueMistake('a closing } is missing. To mean the text ${ write \\${');
}
