import { ANSWERS } from '@tass/dataset-music-avqa';
import { PredictionError } from '../match-predictions';
import { listed, parseJson, plain, shown, textOf, wholeNumber } from './foreign-text';

/**
 * The order of answers that indices in a predictions file stand for: a JSON list of the 42, a JSON map from answer to index or from index to
 * answer, or a text with one answer a line. Throws PredictionError unless each of the 42 is there once.
 */
export function readAnswerOrder(file: string): string[] {
  const text = textOf(file);
  const given = /^\s*[[{]/.test(text)
    ? orderFromJson(file, parseJson(file, text))
    : text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const official = new Map(ANSWERS.map((answer) => [plain(answer), answer]));
  const order = given.map((answer) => official.get(plain(answer)));
  const unknown = given.filter((_, at) => order[at] === undefined);
  const absent = ANSWERS.filter((answer) => !order.includes(answer));
  const mistakes = [
    ...unknown.map((answer) => `${shown(answer)} is none of the 42 answers`),
    ...absent.map((answer) => `"${answer}" is missing`),
    ...(order.length > ANSWERS.length && unknown.length === 0 ? [`there are ${order.length} answers, expected each of the 42 once`] : []),
  ];
  if (mistakes.length > 0) throw new PredictionError(listed(file, mistakes));
  return order as string[];
}

function orderFromJson(file: string, content: unknown): string[] {
  if (Array.isArray(content)) return content.map(String);
  const entries = Object.entries(content as Record<string, unknown>);
  const byIndex = entries.every(([key]) => wholeNumber(key) !== undefined);
  const pairs = entries.map(([key, value]) =>
    byIndex ? ([wholeNumber(key), String(value)] as const) : ([wholeNumber(value), key] as const),
  );
  const sorted = [...pairs].sort(([a], [b]) => (a ?? -1) - (b ?? -1));
  const wrong = sorted.find(([index], at) => index !== at);
  if (wrong)
    throw new PredictionError(`evaluation: ${file}: "${wrong[1]}" has the index ${wrong[0]}, expected 0 to ${pairs.length - 1}, each once`);
  return sorted.map(([, answer]) => answer);
}
