import { ANSWERS, type Question } from '@tass/dataset-music-avqa';

export interface Prediction {
  readonly questionId: number;
  readonly predicted: number; // index in ANSWERS
}

/** Predictions that do not fit the questions they are scored on; the message names the ids. */
export class PredictionError extends Error {
  override readonly name = 'PredictionError';
}

/**
 * The predicted answer of every question [questions], matched by id, whatever the order.
 * Throws PredictionError when predictions are missing, given twice, of unknown questions or no answer index, or when an id belongs to two
 * questions.
 */
export function matchPredictions(predictions: readonly Prediction[], questions: readonly Question[], source = 'predictions'): Int32Array {
  const position = new Map(questions.map(({ id }, index) => [id, index]));
  if (position.size !== questions.length) {
    refuse(source, 'that belong to two questions', twice(questions.map(({ id }) => id)), 'Score one split at a time');
  }
  const ids = predictions.map(({ questionId }) => questionId);
  const unknown = ids.filter((id) => !position.has(id));
  if (unknown.length > 0) refuse(source, 'not among the questions', unknown, 'Score them on the split they were made for');
  if (new Set(ids).size !== ids.length) refuse(source, 'predicted more than once', twice(ids), 'Keep one prediction a question');
  const wrong = predictions.filter(({ predicted }) => !(Number.isInteger(predicted) && predicted >= 0 && predicted < ANSWERS.length));
  if (wrong.length > 0) {
    const given = wrong.map(({ questionId, predicted }) => `${questionId} (${predicted})`);
    refuse(source, 'whose predicted value is not an answer index', given, `Give a whole number from 0 to ${ANSWERS.length - 1}`);
  }
  if (predictions.length < questions.length) {
    const given = new Set(ids);
    const missing = questions.filter(({ id }) => !given.has(id)).map(({ id }) => id);
    refuse(source, 'without a prediction', missing, 'Every question of the split counts: predict them too');
  }
  const predicted = new Int32Array(questions.length);
  for (const prediction of predictions) predicted[position.get(prediction.questionId) as number] = prediction.predicted;
  return predicted;
}

/** 1 for a right prediction, 0 for a wrong one [questions]. Throws PredictionError as `matchPredictions`. */
export function markCorrect(predictions: readonly Prediction[], questions: readonly Question[], source?: string): Int32Array {
  const predicted = matchPredictions(predictions, questions, source);
  return predicted.map((answer, index) => (answer === questions[index].answer ? 1 : 0));
}

function refuse(source: string, problem: string, ids: readonly (number | string)[], advice: string): never {
  const shown = `${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ` and ${ids.length - 5} more` : ''}`;
  throw new PredictionError(`${source}: question ids ${problem} (${ids.length}): ${shown}. ${advice}`);
}

const twice = (ids: readonly number[]): number[] => {
  const seen = new Set<number>();
  return [...new Set(ids.filter((id) => seen.size === seen.add(id).size))];
};
