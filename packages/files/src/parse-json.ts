import { FileError, readBytes } from './read-file';
import { jsonLimits } from './limits';

/**
 * JSON.parse for text that may be hostile: each opening bracket takes 30 bytes of memory before a mistake is noticed. Throws SyntaxError:
 * not JSON, or nested deeper or with more values than `jsonLimits` allows.
 */
export function parseJson(content: Buffer | string): unknown {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  checkExtent(bytes);
  return JSON.parse(typeof content === 'string' ? content : content.toString('utf8'));
}

/** The JSON of a file of at most `most` bytes. The caller checks that it has the form of `Content`. Throws FileError. */
export function readJson<Content = unknown>(file: string, most: number): Content {
  const bytes = readBytes(file, most);
  try {
    return parseJson(bytes) as Content;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new FileError(file, `is not JSON (${error.message})`, undefined, error);
  }
}

const quote = 0x22;
const backslash = 0x5c;
const [comma, openList, closeList, openMap, closeMap] = Buffer.from(',[]{}');

/** In UTF-8, no other character contains these bytes. Commas and brackets are at least as many as values. */
function checkExtent(bytes: Buffer): void {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) {
      at = endOfText(bytes, at);
      continue;
    }
    if (byte === closeList || byte === closeMap) depth--;
    else if (byte === openList || byte === openMap) {
      values++;
      if (++depth > jsonLimits.depth)
        throw new SyntaxError(`byte ${at}: lists and maps within one another deeper than ${jsonLimits.depth} levels`);
    } else if (byte === comma) values++;
    if (values > jsonLimits.values) throw new SyntaxError(`byte ${at}: more than ${jsonLimits.values} values, the most that are read`);
  }
}

/** The position of the quote that ends the text that begins at `from`; without one, the end. */
function endOfText(bytes: Buffer, from: number): number {
  for (let end = bytes.indexOf(quote, from + 1); end >= 0; end = bytes.indexOf(quote, end + 1)) {
    let slashes = 0;
    while (bytes[end - 1 - slashes] === backslash) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return bytes.length;
}

/** A key that occurs twice in the outermost map of a JSON text; `JSON.parse` would silently use the last. */
export function repeatedKey(text: string): string | undefined {
  const bytes = Buffer.from(text);
  const seen = new Set<string>();
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) {
      const end = endOfText(bytes, at);
      if (depth === 1 && /^\s*:/.test(bytes.toString('latin1', end + 1, end + 100))) {
        const key = JSON.parse(bytes.toString('utf8', at, end + 1)) as string;
        if (seen.has(key)) return key;
        seen.add(key);
      }
      at = end;
    } else if (byte === openList || byte === openMap) depth++;
    else if (byte === closeList || byte === closeMap) depth--;
  }
  return undefined;
}
