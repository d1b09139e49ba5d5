// Our own reader: stream-json, @streamparser/json and jsonc-parser refuse the NaN that Python writes, and the depth of an item is not bounded.

/** A JSON text that cannot be read. The message gives the line. */
export class JsonError extends Error {}

/** An item of a JSON list or map: where its value is in the text, and its key in a map. */
export interface JsonItem {
  readonly key?: string;
  readonly from: number;
  readonly to: number;
}

/** A list or map within a value, kept as its text. */
export class Nested {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

/** The most characters of an item: an unclosed quote or bracket is reported early. */
const MOST_CHARACTERS = 2 ** 20;

/** Where a JSON list or map is in a text, and how long its items may be. */
interface JsonRange {
  readonly from?: number;
  readonly to?: number;
  readonly most?: number; // characters of an item
}

/**
 * The items of the JSON list or map that is the text, or a range of it. Unlike JSON.parse it returns repeated keys of a map,
 * and holds one item at a time.
 * Throws JsonError if the text is not JSON or an item is longer than `most`, with the line in the text.
 */
export function* jsonItems(
  text: string,
  { from = 0, to: last = text.length, most = MOST_CHARACTERS }: JsonRange = {},
): Generator<JsonItem> {
  const start = afterBlanks(text, from);
  const isMap = text[start] === '{';
  const end = isMap ? '}' : ']';
  let at = afterBlanks(text, start + 1);
  while (text[at] !== end) {
    let key: string | undefined;
    if (isMap) {
      if (text[at] !== '"') throw problem(text, at, 'a key in quotes');
      const keyEnd = valueEnd(text, at, MOST_CHARACTERS);
      key = parseScalar(text, at, keyEnd) as string;
      const colon = afterBlanks(text, keyEnd);
      if (text[colon] !== ':') throw problem(text, colon, '":"');
      at = afterBlanks(text, colon + 1);
    }
    const to = valueEnd(text, at, most);
    yield { ...(key === undefined ? {} : { key }), from: at, to };
    at = afterBlanks(text, to);
    if (text[at] === ',') {
      at = afterBlanks(text, at + 1);
      if (text[at] === end) throw problem(text, at, 'another item after the comma');
    } else if (text[at] !== end) throw problem(text, at, `"," or "${end}"`);
  }
  const rest = afterBlanks(text, at + 1);
  if (rest < last) throw problem(text, rest, 'the end of the file');
}

/** A value of an item: text, number, true, false, null, or Nested. NaN and Infinity are read as Python writes them. Throws JsonError. */
export function parseValue(text: string, { from, to }: JsonItem): unknown {
  return text[from] === '[' || text[from] === '{' ? new Nested(text.slice(from, Math.min(to, from + 100))) : parseScalar(text, from, to);
}

function parseScalar(text: string, from: number, to: number): unknown {
  const written = text.slice(from, to);
  if (written[0] === '"' && !written.includes('\\')) return written.slice(1, -1);
  if (/^(NaN|-?Infinity)$/.test(written)) return Number(written);
  try {
    return JSON.parse(written);
  } catch {
    throw problem(text, from, 'a JSON value');
  }
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [...'"\\,:'].map((char) => char.charCodeAt(0));
const [OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [...'[]{}'].map((char) => char.charCodeAt(0));
const isBlank = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;

function afterBlanks(text: string, at: number): number {
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

/** The end of the value that begins at `from`. */
function valueEnd(text: string, from: number, most: number): number {
  const limit = Math.min(text.length, from + most);
  let depth = 0;
  for (let at = from; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = closingQuote(text, at, limit);
      if (depth === 0 && at < limit) return at + 1;
    } else if (code === OPEN_LIST || code === OPEN_MAP) depth++;
    else if ((code === CLOSE_LIST || code === CLOSE_MAP) && depth > 0) {
      if (--depth === 0) return at + 1;
    } else if (depth === 0 && (code === COMMA || code === COLON || code === CLOSE_LIST || code === CLOSE_MAP || isBlank(code))) {
      if (at > from) return at;
      throw problem(text, at, 'a JSON value');
    }
  }
  if (limit < text.length) throw problem(text, from, 'items of at most 1 MB; this one is longer, or does not end');
  throw problem(text, from, text.length > from ? 'the end of this item; the file is cut off' : 'another item; the file is cut off');
}

/** The quote that ends the text that begins at `from`, or `limit`. */
function closingQuote(text: string, from: number, limit: number): number {
  for (let at = from + 1; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
  return limit;
}

function problem(text: string, at: number, expected: string): JsonError {
  let line = 1;
  for (let end = text.indexOf('\n'); end >= 0 && end < at; end = text.indexOf('\n', end + 1)) line++;
  const found = at < text.length ? `, found ${JSON.stringify(text.slice(at, at + 20))}` : '';
  return new JsonError(`line ${line}: expected ${expected}${found}`);
}
