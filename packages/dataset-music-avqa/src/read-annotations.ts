import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { AnnotationError, WHERE_TO_GET_ANNOTATIONS } from './annotation-error';
import { parseQuestion } from './parse-question';
import type { Question } from './question';
import { type Release, type Split, recogniseRelease, splitOfName } from './release';

export interface ReadAnnotationsOptions {
  /** What the file is to be used as; taken from the name avqa-<split>.json when left out. */
  readonly split?: Split;
  /** Reads MUSIC-AVQA's older `json` release too, which published tables since 2023 do not use. Default false. */
  readonly allowOlder?: boolean;
}

export interface Annotations {
  readonly file: string;
  readonly questions: readonly Question[]; // in the file's order
  readonly release: Release;
  readonly sha256: string; // of the uncompressed content
  readonly gitBlob: string; // sha1 of 'blob <bytes>\0' and the uncompressed content
  /** Ids of which the older releases hold several rows; the first row of each is kept, the others are left out. Empty otherwise. */
  readonly repeatedIds: readonly number[];
}

/**
 * Reads a MUSIC-AVQA annotation file (.json or .json.gz) and says which release it is.
 * Throws AnnotationError for a file that is missing, cut off, no annotation list, of the older release (unless allowed), of another split
 * than it is used as, or has a row that breaks a convention.
 */
export function readAnnotations(file: string, options: ReadAnnotationsOptions = {}): Annotations {
  const content = uncompressed(file);
  const gitBlob = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
  const release = recogniseRelease(file, gitBlob);
  refuseWrongRelease(file, release, options);
  const rows = parseRows(file, content);
  const first = new Map<number, number>();
  const repeated = new Set<number>();
  const questions: Question[] = [];
  rows.forEach((row, index) => {
    const question = parseQuestion(row, index, file);
    const before = first.get(question.id);
    if (before === undefined) {
      first.set(question.id, index);
      questions.push(question);
    } else if (release.kind === 'older' || release.kind === 'synthetic') {
      repeated.add(question.id);
    } else {
      throw new AnnotationError(
        `${file}: row ${index}, question_id ${question.id}: the id was used by row ${before} already; ids must be unique, as predictions are matched by them`,
      );
    }
  });
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { file, questions, release, sha256, gitBlob, repeatedIds: [...repeated] };
}

function uncompressed(file: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const problem = code === 'ENOENT' ? 'there is no such file' : `cannot be read (${message})`;
    throw new AnnotationError(`${file}: ${problem}. ${WHERE_TO_GET_ANNOTATIONS}`, { cause: error });
  }
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isGzip && !file.endsWith('.gz')) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    const reason = `${(error as Error).message}, ${bytes.length} bytes`;
    throw new AnnotationError(`${file}: is no complete gzip file (${reason}). Copy or download it again`, { cause: error });
  }
}

function parseRows(file: string, content: Buffer): unknown[] {
  let rows: unknown;
  try {
    rows = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch (error) {
    const whole = content.toString('latin1').trimEnd().endsWith(']');
    const advice = whole
      ? 'Compare it with the official file'
      : 'Its end is not that of a list, it may be cut off: copy or download it again';
    throw new AnnotationError(`${file}: is not JSON (${(error as Error).message}). ${advice}`, { cause: error });
  }
  if (!Array.isArray(rows))
    throw new AnnotationError(`${file}: holds a JSON ${rows === null ? 'null' : typeof rows}, expected a list of rows`);
  if (rows.length === 0) throw new AnnotationError(`${file}: holds an empty list, expected at least one question`);
  return rows;
}

function refuseWrongRelease(file: string, release: Release, { split, allowOlder = false }: ReadAnnotationsOptions): void {
  const use = split ?? splitOfName(file);
  if (release.kind === 'synthetic' && use !== 'train_fake') {
    throw new AnnotationError(
      `${file}: is ${release.name}, an older list of questions on synthetic videos only, no replacement for the train file. To use it all the same, name the split train_fake`,
    );
  }
  if (release.kind === 'older' && !allowOlder) {
    throw new AnnotationError(
      `${file}: is ${release.name} of the older release, which has contradictory duplicates. Take the file of the same name from json_update, or allow older releases. ${WHERE_TO_GET_ANNOTATIONS}`,
    );
  }
  if (use !== undefined && release.split !== undefined && wholeSplit(use) !== wholeSplit(release.split)) {
    throw new AnnotationError(`${file}: is ${release.name} but would be used as ${use}. Put the file of that split there`);
  }
}

/** The split that a part such as val_real belongs to; train_fake stands for itself. */
const wholeSplit = (split: string): string => (split === 'train_fake' ? split : split.replace(/_(real|fake)$/, ''));
