import { createHash } from 'node:crypto';
import { statSync, utimesSync } from 'node:fs';
import { ANSWERS, type Question } from '@tass/dataset-music-avqa';
import { mostBytes, readOwnBytes, writeSharedFileAtomically } from '@tass/files';
import type { PredictionRecord } from './predictions-file';

/** The part of a question that its predictions depend on. */
type Asked = Pick<PredictionRecord, 'questionId' | 'videoId' | 'type' | 'answer'>;

const MAGIC = Buffer.from('TASSANS1', 'latin1'); // its last letter is the version
const DIGEST_BYTES = 32;
const HEAD_BYTES = MAGIC.length + 2 * DIGEST_BYTES + 8;

/**
 * The predicted answers of a predictions file, one byte a question, in a file next to it: `predictions-test.answers` of `predictions-test.jsonl`.
 * A cache: rewritten whenever it does not fit the predictions file; reading it takes a thousandth of the time.
 * Layout: magic and version (8 bytes), sha256 of the questions (ids in order, videos, types, right answers), sha256 of the predictions file,
 * its size (8, little-endian), the answers as indices in ANSWERS, sha256 of all before it.
 */
function answersFileOf(predictions: string): string {
  return `${predictions.replace(/\.jsonl$/, '')}.answers`;
}

/** Writes the answers next to a predictions file of this content; `questions`: their digest. Throws DiskError. */
export function writeAnswers(predictions: string, content: Uint8Array, questions: Buffer, answers: Uint8Array): void {
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(content.length));
  const body = Buffer.concat([MAGIC, questions, sha256(content), size, answers]);
  writeSharedFileAtomically(answersFileOf(predictions), body, sha256(body));
}

/**
 * The stored answers [questions], or undefined if they must be rewritten: there are none, they are of other questions or of another
 * order, the file is damaged, or it was made from another predictions file, or from one whose sha256 is not `expected`. The predictions are read only if
 * they were touched since. Throws only what reading the predictions file throws.
 */
export function storedAnswers(predictions: string, questions: readonly Question[], expected?: string): Uint8Array | undefined {
  const file = answersFileOf(predictions);
  const bytes = read(file);
  if (bytes === undefined || bytes.length !== HEAD_BYTES + questions.length + DIGEST_BYTES) return undefined;
  const body = bytes.subarray(0, -DIGEST_BYTES);
  if (!body.subarray(0, MAGIC.length).equals(MAGIC) || !bytes.subarray(-DIGEST_BYTES).equals(sha256(body))) return undefined;
  if (!bytes.subarray(MAGIC.length, MAGIC.length + DIGEST_BYTES).equals(digestOfQuestions(questions))) return undefined;
  const digest = bytes.subarray(MAGIC.length + DIGEST_BYTES, HEAD_BYTES - 8);
  if (expected !== undefined && digest.toString('hex') !== expected) return undefined;
  const now = statSync(predictions);
  if (body.readBigUInt64LE(HEAD_BYTES - 8) !== BigInt(now.size)) return undefined;
  // ctime too: it reveals a file that replaced another and kept an old date.
  if (Math.max(now.mtimeMs, now.ctimeMs) > statSync(file).mtimeMs) {
    if (!digest.equals(sha256(readOwnBytes(predictions, mostBytes.predictions)))) return undefined;
    quietly(() => utimesSync(file, new Date(), new Date())); // so that the next one need not look again
  }
  const answers = new Uint8Array(body.subarray(HEAD_BYTES));
  return answers.every((answer) => answer < ANSWERS.length) ? answers : undefined;
}

/** Stored answers only save time: if the disk refuses them, do without. */
export function quietly(write: () => void): void {
  try {
    write();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

/** Of the questions that predictions are for, in their order. */
export const digestOf = (asked: readonly Asked[]): Buffer =>
  sha256(JSON.stringify(asked.map(({ questionId, videoId, type, answer }) => [questionId, videoId, type, answer])));

const known = new WeakMap<readonly Question[], Buffer>(); // the same list is read for hundreds of runs

export function digestOfQuestions(questions: readonly Question[]): Buffer {
  const digest = known.get(questions) ?? digestOf(questions.map(({ id, ...rest }) => ({ questionId: id, ...rest })));
  known.set(questions, digest);
  return digest;
}

const sha256 = (content: string | Uint8Array): Buffer => createHash('sha256').update(content).digest();

function read(file: string): Buffer | undefined {
  try {
    return readOwnBytes(file, mostBytes.record);
  } catch {
    return undefined;
  }
}
