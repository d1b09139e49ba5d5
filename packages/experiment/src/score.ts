import { QUESTION_TYPES, type Question } from '@tass/dataset-music-avqa';
import { percent, scoreByType, toRecords, type PredictionRecord, type Score } from '@tass/evaluation';
import type { BatchSource } from './load-batch';
import { predict, type AnsweringStep } from './predict';

export interface Scored {
  readonly score: Score;
  readonly records: readonly PredictionRecord[]; // in the order of the questions
}

/** Answers the questions and scores the answers by type. */
export async function scoreQuestions(
  step: AnsweringStep,
  parameters: object,
  questions: readonly Question[],
  source: BatchSource,
  onProgress?: (done: number, total: number) => void,
): Promise<Scored> {
  const records = toRecords(questions, await predict(step, parameters, questions, source, onProgress));
  return { records, score: scoreByType(records, questions) };
}

/** Accuracies in percent by name, such as `val/accuracy/A-Count`; types without a question are left out. */
export function scoreMetrics(split: string, { types, groups, all }: Score): Record<string, number> {
  const counts = [
    ...types.map((count, type) => [QUESTION_TYPES[type].short, count] as const),
    ...Object.entries(groups).map(([group, count]) => [`${group} Avg`, count] as const),
    ['All', all] as const,
  ];
  return Object.fromEntries(
    counts.filter(([, { total }]) => total > 0).map(([name, count]) => [`${split}/accuracy/${name}`, percent(count)]),
  );
}
