import { ANSWERS, type Question } from '@tass/dataset-music-avqa';
import { PredictionError } from '../match-predictions';
import { foreignRows } from './foreign-rows';
import { SHOWN, listed, plain, shown, textOf, wholeNumber } from './foreign-text';

/**
 * Predictions of another program [questions], as indices in ANSWERS. The file is a JSON list of objects, a JSON map from question id to answer,
 * JSON lines, or CSV with a header; an object's id is under `question_id`, `questionId`, `id` or `qid`, its answer under `predicted`,
 * `prediction`, `pred`, `predicted_answer`, `pred_answer` or `answer`, whichever comes first in this order. An answer is one of the 42 as
 * text (case does not count, nor whether words are joined by a blank or an underscore), or an index in `order`.
 * Throws PredictionError with the number of mistakes and the first of them, each with its line or row: every question needs one answer.
 */
export function readForeignPredictions(file: string, questions: readonly Question[], order: readonly string[] = ANSWERS): Uint8Array {
  const rows = foreignRows(file, textOf(file));
  const indexOf = new Map(ANSWERS.map((answer, index) => [plain(answer), index]));
  const position = new Map(questions.map(({ id }, at) => [id, at]));
  const placeOf = new Map<number, string>();
  const predicted = new Uint8Array(questions.length);
  const mistakes: string[] = [];
  for (const { place, id, answer, problem } of rows) {
    const number = wholeNumber(id);
    const at = number === undefined ? undefined : position.get(number);
    const index = answerOf(answer, order, indexOf);
    const before = number === undefined ? undefined : placeOf.get(number);
    if (problem !== undefined) mistakes.push(`${place}: ${problem}`);
    else if (number === undefined) mistakes.push(`${place}: the question id is ${shown(id)}, expected a whole number`);
    else if (at === undefined) mistakes.push(`${place}: question ${number} is not among the ${questions.length} questions`);
    else if (before !== undefined) mistakes.push(`${place}: question ${number} is answered in ${before} already`);
    else if (typeof index === 'string') mistakes.push(`${place}: question ${number}: ${index}`);
    else predicted[at] = index;
    if (number !== undefined && before === undefined) placeOf.set(number, place);
  }
  const missing = questions.filter(({ id }) => !placeOf.has(id));
  if (missing.length > 0) mistakes.push(missingQuestions(missing, questions.length));
  if (mistakes.length > 0) throw new PredictionError(listed(file, mistakes));
  return predicted;
}

/** An index in ANSWERS, or what is wrong. */
function answerOf(answer: unknown, order: readonly string[], indexOf: ReadonlyMap<string, number>): number | string {
  const number = wholeNumber(answer);
  if (number !== undefined)
    return number < order.length
      ? (indexOf.get(plain(order[number])) as number)
      : `the answer is ${number}, expected an index from 0 to ${order.length - 1}`;
  if (typeof answer !== 'string') return `the answer is ${shown(answer)}, expected text or an index`;
  return indexOf.get(plain(answer)) ?? `the answer ${shown(answer)} is none of the 42`;
}

function missingQuestions(missing: readonly Question[], total: number): string {
  const ids = missing.slice(0, SHOWN).map(({ id }) => id).join(', '); // prettier-ignore
  const more = missing.length > SHOWN ? ` and ${missing.length - SHOWN} more` : '';
  return `${missing.length} of ${total} questions have no prediction: ${ids}${more}. All count, and they must be of this split`;
}
