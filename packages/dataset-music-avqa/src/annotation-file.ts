import { createHash } from 'node:crypto';
import { FileError, mostBytes, parseJson, readBytes, unpacked } from '@tass/files';
import { AnnotationError, WHERE_TO_GET_ANNOTATIONS } from './annotation-error';
import { isKnownFile } from './release';

export interface AnnotationFile {
  readonly rows: readonly unknown[];
  readonly gitBlob: string; // sha1 of 'blob <bytes>\0' and the content
  readonly sha256: string; // of the content
}

/**
 * Reads the rows of an annotation file and names its content by two digests, independent of editor and download: they are those of
 * the uncompressed text in UTF-8, without a byte order mark, with LF as line ends. A file with the rows of an official one but
 * other spaces, escapes or order of keys has the official file's digests.
 * Throws AnnotationError for a file that is missing, truncated, or not a list of rows.
 */
export function readAnnotationFile(file: string): AnnotationFile {
  const text = decode(file, uncompressed(file)).replaceAll('\r\n', '\n');
  const rows = parseRows(file, text);
  const content = Buffer.from(text);
  const given = gitBlobOf(content);
  if (isKnownFile(given)) return { rows, gitBlob: given, sha256: sha256Of(content) };
  const official = inOfficialForm(rows);
  const gitBlob = gitBlobOf(official);
  return isKnownFile(gitBlob) ? { rows, gitBlob, sha256: sha256Of(official) } : { rows, gitBlob: given, sha256: sha256Of(content) };
}

const gitBlobOf = (content: Buffer): string => createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
const sha256Of = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

function uncompressed(file: string): Buffer {
  try {
    return unpacked(file, readBytes(file, mostBytes.annotations), mostBytes.annotations); // browsers unpack files and keep the name
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const problem = error.code === 'ENOENT' ? 'there is no such file' : error.reason;
    const advice = error.code === undefined ? '' : `. ${WHERE_TO_GET_ANNOTATIONS}`;
    throw new AnnotationError(`${file}: ${problem}${advice}`, { cause: error });
  }
}

/** Text in UTF-8, or, as Windows' PowerShell and Notepad write it, in UTF-16 with a byte order mark. */
function decode(file: string, content: Buffer): string {
  const encoding = { 0xfffe: 'utf-16le', 0xfeff: 'utf-16be' }[content.length < 2 ? 0 : content.readUInt16BE()] ?? 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(content); // leaves the byte order mark out
  } catch (error) {
    throw notJson(file, content.toString('latin1'), error as Error);
  }
}

function parseRows(file: string, text: string): readonly unknown[] {
  let rows: unknown;
  try {
    rows = parseJson(text);
  } catch (error) {
    throw notJson(file, text, error as Error);
  }
  if (!Array.isArray(rows))
    throw new AnnotationError(`${file}: holds a JSON ${rows === null ? 'null' : typeof rows}, expected a list of rows`);
  if (rows.length === 0) throw new AnnotationError(`${file}: holds an empty list, expected at least one question`);
  return rows;
}

function notJson(file: string, text: string, cause: Error): AnnotationError {
  const advice = text.trimEnd().endsWith(']')
    ? 'Compare it with the official file'
    : 'Its end is not that of a list, it may be cut off: copy or download it again';
  return new AnnotationError(`${file}: is not JSON (${cause.message}). ${advice}`, { cause });
}

const officialKeys = ['video_id', 'question_id', 'type', 'question_content', 'templ_values', 'question_deleted', 'anser'];

/** The bytes that Python's `json.dumps(rows, indent=2)` gives, the form of the official files. */
function inOfficialForm(rows: readonly unknown[]): Buffer {
  const ordered = rows.map((row) => {
    if (typeof row !== 'object' || row === null || Object.keys(row).length !== officialKeys.length) return row;
    const values = row as Record<string, unknown>;
    return officialKeys.every((key) => key in values) ? Object.fromEntries(officialKeys.map((key) => [key, values[key]])) : row;
  });
  const escaped = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return Buffer.from(JSON.stringify(ordered, null, 2).replace(/[^\n -~]/g, escaped));
}
