import { createHash } from 'node:crypto';
import { mostBytes } from './limits';
import { parseJson } from './parse-json';
import { type Advice, adviceText, FileError, readOwnText } from './read-file';

/**
 * JSON files with a check value: the last key is `seal`, the SHA-256 of the file without that key. Older files have no seal and can still
 * be read.
 */
export interface Sealed {
  readonly content: unknown; // without the seal
  readonly body: string; // the text without the seal
  readonly isChecked: boolean; // false: written before seals were added
}

/** The message for files without a seal. */
export const notChecked = 'not checked: written before digests';

const whole = /,(\s*)"seal":( ?)"([0-9a-f]{64})"(?=\s*\}\s*$)/;
const damagedSeal = /"[^"]{4}": ?"[^"]{64}"\s*\}\s*$/; // the result of one changed byte

/** The JSON of a map with its seal and a newline. Throws TypeError for an empty map or anything else. */
export function sealedJson(value: object, indent = 2): string {
  const body = `${JSON.stringify(value, null, indent)}\n`;
  const end = body.length - (indent === 0 ? 2 : 3);
  if (!body.startsWith('{') || body.length < 5) throw new TypeError('only a map with a key can be sealed');
  const [before, colon] = indent === 0 ? ['', ''] : [`\n${' '.repeat(indent)}`, ' '];
  return `${body.slice(0, end)},${before}"seal":${colon}"${sha256(body)}"${body.slice(end)}`;
}

/**
 * Reads what `sealedJson` wrote, or JSON without a seal. Throws Error with a message to put after the file's name: `is not JSON`, or
 * `does not match its check value`.
 */
export function readSealed(text: string): Sealed {
  const seal = whole.exec(text)?.[3];
  const body = seal === undefined ? text : text.replace(whole, '');
  const isDamaged = seal === undefined ? damagedSeal.test(text) : sha256(body) !== seal;
  if (isDamaged) throw new Error('does not match its check value');
  return { content: parsed(body), body, isChecked: seal !== undefined };
}

/**
 * Like `readSealed`, for a file. Throws FileError if it is missing, unreadable, larger than `mostBytes.record`, not JSON or damaged;
 * `remedy` is for the last three.
 */
export function readSealedFile(file: string, remedy: Advice): Sealed {
  const text = readOwnText(file, mostBytes.record, remedy);
  try {
    return readSealed(text);
  } catch (cause) {
    throw new FileError(file, `${(cause as Error).message}. ${adviceText(remedy)}`, undefined, cause);
  }
}

/** As `readSealedFile`; undefined where there is no such file. */
export function findSealedFile(file: string, remedy: Advice): Sealed | undefined {
  try {
    return readSealedFile(file, remedy);
  } catch (error) {
    if (error instanceof FileError && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** Like `readSealedFile`, for optional files: undefined if that throws. */
export function trySealedFile(file: string): Sealed | undefined {
  try {
    return readSealedFile(file, '');
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    const { message } = cause as Error;
    throw new Error(message.startsWith('byte ') ? `is not JSON (${message})` : 'is not JSON', { cause }); // which of its limits
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
