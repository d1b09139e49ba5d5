import { readSync } from 'node:fs';
import { mostBytes, readOwnText, withOwnFile } from '@tass/files';
import type { Question } from '@tass/dataset-music-avqa';
import { PredictionError, readPredictions } from '@tass/evaluation';

/** Whether a file was written by this project: its lines begin with the question's id and video. */
export function isOwnPredictions(file: string): boolean {
  const beginning = Buffer.alloc(64);
  let length = 0;
  try {
    length = withOwnFile(file, (descriptor) => readSync(descriptor, beginning));
  } catch {
    return false; // reading the whole file reports the problem
  }
  return /^\{"questionId":\d+,"videoId":"/.test(beginning.toString('utf8', 0, length));
}

/**
 * The answers [questions] of a file of this project for a test whose questions are identified by their rows. The file lacks the rows that
 * its run was trained or chosen on; `questions` may lack further rows of the file. Throws PredictionError as `readPredictions`, and if
 * `questions` has rows that the file lacks.
 */
export function readOwnPredictions(file: string, all: readonly Question[], questions: readonly Question[]): Uint8Array {
  const given = new Set([...readOwnText(file, mostBytes.predictions).matchAll(/^\{"questionId":(\d+),/gm)].map(([, id]) => Number(id)));
  const missing = questions.filter(({ id }) => !given.has(id)).map(({ id }) => id);
  if (missing.length > 0)
    throw new PredictionError(
      `${file}: ${missing.length} of ${questions.length} rows have no prediction, such as row ${missing[0]}. Where its run was trained on other files, name these: --trained-on=FILE,FILE`,
    );
  const records = readPredictions(file, all.filter(({ id }) => given.has(id))); // prettier-ignore
  const answerOf = new Map(records.map(({ questionId, predicted }) => [questionId, predicted]));
  return Uint8Array.from(questions, ({ id }) => answerOf.get(id)!);
}
