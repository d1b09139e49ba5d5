import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { ANSWERS, type Question } from '@tass/dataset-music-avqa';
import { fileErrorsAs, mostBytes, readOwnBytes, writeSharedFileAtomically } from '@tass/files';
import { digestOf, digestOfQuestions, quietly, storedAnswers, writeAnswers } from './answers-file';
import { type Prediction, PredictionError, matchPredictions } from './match-predictions';

/** One line of a predictions file. */
export interface PredictionRecord extends Prediction {
  readonly videoId: string;
  readonly type: number; // index in QUESTION_TYPES
  readonly answer: number; // the right one, index in ANSWERS
  readonly probabilities?: readonly number[]; // [42]; a file of another program may lack them
}

/**
 * Records of a model's output. `probabilities` [questions * 42]; the largest is the prediction, the first of equals.
 * Throws PredictionError for another length, and for a number that is not finite, with the question id.
 */
export function toRecords(questions: readonly Question[], probabilities: Float32Array): PredictionRecord[] {
  const answers = ANSWERS.length;
  if (probabilities.length !== questions.length * answers) {
    const expected = `${questions.length} questions x ${answers} answers`;
    throw new PredictionError(`there are ${probabilities.length} probabilities, expected ${expected}`);
  }
  return questions.map(({ id, videoId, type, answer }, index) => {
    const row = probabilities.subarray(index * answers, (index + 1) * answers);
    const wrong = row.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) throw new PredictionError(`question ${id}: the probability of "${ANSWERS[wrong]}" is ${row[wrong]}`);
    return { questionId: id, videoId, type, answer, predicted: row.indexOf(Math.max(...row)), probabilities: Array.from(row, rounded) };
  });
}

/** Six digits, about what a 32-bit number holds. */
const rounded = (probability: number): number => Number(probability.toPrecision(6));

/**
 * Writes JSON lines, one a question, and next to them the answers alone; each file is there whole or not at all. Several processes may do so at once.
 * Throws an error that names the file, its cause and what to do.
 */
export function writePredictions(file: string, records: readonly PredictionRecord[]): void {
  try {
    const content = Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    writeSharedFileAtomically(file, content);
    quietly(() => writeAnswers(file, content, digestOf(records), predictedOf(records)));
  } catch (error) {
    throw new Error(`${file}: the predictions cannot be written (${(error as Error).message})`, { cause: error });
  }
}

/**
 * The predicted answers of a predictions file [questions], indices in ANSWERS: read from the answers next to it where these fit, which takes
 * a hundredth of the time, else from the file itself, and stored then. `sha256`: of the file, where it is known. Throws PredictionError as
 * `readPredictions`, and for a file of another sha256.
 */
export function readAnswers(file: string, questions: readonly Question[], sha256?: string): Uint8Array {
  const content = existsSync(file) ? (storedAnswers(file, questions, sha256) ?? contentOf(file)) : undefined;
  if (content !== undefined && !(content instanceof Buffer)) return content;
  if (content && sha256 !== undefined && sha256 !== createHash('sha256').update(content).digest('hex'))
    throw new PredictionError(`${file}: has changed since the run's report was written (sha256). Restore the file, or score the run again with the evaluator`); // prettier-ignore
  const answers = (content && writtenAnswers(content.toString('utf8'), questions)) ?? predictedOf(readPredictions(file, questions));
  if (content) quietly(() => writeAnswers(file, content, digestOfQuestions(questions), answers));
  return answers;
}

/** The answers of a text that `writePredictions` wrote for these questions, in their order; undefined if anything in it is otherwise. */
function writtenAnswers(text: string, questions: readonly Question[]): Uint8Array | undefined {
  const line = /\{"questionId":(\d+),"videoId":"([^"\\]*)","type":(\d+),"answer":(\d+),"predicted":(\d+)[,}]/y;
  const answers = new Uint8Array(questions.length);
  let start = 0;
  for (const [at, { id, videoId, type, answer }] of questions.entries()) {
    line.lastIndex = start;
    const found = line.exec(text);
    const end = text.indexOf('\n', start);
    if (found === null || end < 0 || text[end - 1] !== '}' || found[2] !== videoId) return undefined;
    const predicted = Number(found[5]);
    if (Number(found[1]) !== id || Number(found[3]) !== type || Number(found[4]) !== answer || predicted >= ANSWERS.length)
      return undefined;
    answers[at] = predicted;
    start = end + 1;
  }
  return start === text.length ? answers : undefined;
}

const predictedOf = (records: readonly PredictionRecord[]): Uint8Array => Uint8Array.from(records, ({ predicted }) => predicted);

/**
 * Reads a predictions file and checks it against the questions it is for; the records come in the questions' order. A line needs
 * `questionId` and `predicted`; what else it has must agree with the question.
 * Throws PredictionError with file, line and key; for a file that is cut off; and naming ids when lines are missing or too many.
 */
export function readPredictions(file: string, questions: readonly Question[]): PredictionRecord[] {
  const text = contentOf(file).toString('utf8');
  const byId = new Map(questions.map((question) => [question.id, question]));
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new PredictionError(`${file}: line ${lines.length + 1} does not end, the file is cut off`);
  const records = lines.map((line, index) => parseLine(line, `${file}: line ${index + 1}`, byId));
  matchPredictions(records, questions, file);
  const recordOf = new Map(records.map((record) => [record.questionId, record]));
  return questions.map(({ id }) => recordOf.get(id) as PredictionRecord);
}

const contentOf = (file: string): Buffer => fileErrorsAs(PredictionError, () => readOwnBytes(file, mostBytes.predictions));

function parseLine(line: string, where: string, questions: ReadonlyMap<number, Question>): PredictionRecord {
  let fields: Partial<Record<keyof PredictionRecord, unknown>> | null;
  try {
    fields = JSON.parse(line);
  } catch (error) {
    throw new PredictionError(`${where} is not JSON (${(error as Error).message})`, { cause: error });
  }
  const { questionId, predicted, probabilities } = fields ?? {};
  for (const [key, value] of Object.entries({ questionId, predicted })) {
    if (!Number.isInteger(value)) throw new PredictionError(`${where}: ${key} is ${JSON.stringify(value)}, expected a whole number`);
  }
  const question = questions.get(questionId as number);
  if (question === undefined) {
    throw new PredictionError(`${where}: questionId ${questionId} is not among the questions. Score them on the split they were made for`);
  }
  const { videoId, type, answer } = question;
  for (const [key, expected] of Object.entries({ videoId, type, answer })) {
    const given = fields?.[key as keyof PredictionRecord];
    if (given === undefined || given === expected) continue;
    const found = `${key} is ${JSON.stringify(given)}, expected ${JSON.stringify(expected)} as question ${question.id} has it`;
    throw new PredictionError(`${where}: ${found}. The predictions are of another dataset or release`);
  }
  const record = { questionId: question.id, videoId, type, answer, predicted: predicted as number };
  if (probabilities === undefined) return record;
  const isRow = Array.isArray(probabilities) && probabilities.length === ANSWERS.length && probabilities.every(Number.isFinite);
  if (!isRow) throw new PredictionError(`${where}: probabilities of question ${question.id} are not a list of ${ANSWERS.length} numbers`);
  return { ...record, probabilities };
}
