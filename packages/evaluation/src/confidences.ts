import { mostBytes, readText } from '@tass/files';
import type { Question } from '@tass/dataset-music-avqa';
import { readPredictions } from './predictions-file';

/**
 * The probability of each answer that was given [questions]; null if a prediction has none. Throws PredictionError as `readPredictions`; a file
 * that `writePredictions` wrote for these questions is read in a tenth of the time.
 */
export function readConfidences(file: string, questions: readonly Question[]): number[] | null {
  const text = readText(file, mostBytes.predictions);
  if (!text.includes('"probabilities"')) return null;
  const written = writtenConfidences(text, questions);
  if (written) return written;
  const confidences = readPredictions(file, questions).map(({ predicted, probabilities }) => probabilities?.[predicted]);
  return confidences.every((confidence) => confidence !== undefined) ? confidences : null;
}

/** For a text with the questions in their order; undefined for any other. */
function writtenConfidences(text: string, questions: readonly Question[]): number[] | undefined {
  const line = /\{"questionId":(\d+),"videoId":"[^"\\]*","type":\d+,"answer":\d+,"predicted":(\d+),"probabilities":\[/y;
  const confidences: number[] = [];
  let start = 0;
  for (const { id } of questions) {
    line.lastIndex = start;
    const found = line.exec(text);
    const end = text.indexOf('\n', start);
    if (found === null || end < 0 || Number(found[1]) !== id) return undefined;
    const confidence = numberAt(text, line.lastIndex, Number(found[2]));
    if (!(confidence >= 0 && confidence <= 1)) return undefined;
    confidences.push(confidence);
    start = end + 1;
  }
  return start === text.length ? confidences : undefined;
}

/** The number at an index of a list of numbers whose first begins at `from`. */
function numberAt(text: string, from: number, index: number): number {
  let begin = from;
  for (let at = 0; at < index; at++) begin = text.indexOf(',', begin) + 1;
  return parseFloat(text.slice(begin, begin + 32));
}
