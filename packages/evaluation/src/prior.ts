import type { Question } from '@tass/dataset-music-avqa';
import type { Prediction } from './match-predictions';

export type PriorRule = 'type' | 'template' | 'question';

export interface FitPriorOptions {
  /** The fallback for an unseen key: the next coarser rule that has seen its key, or directly that of the type, or that of all. */
  readonly fallback?: 'coarser' | 'type' | 'global'; // default 'coarser', which is the strongest on MUSIC-AVQA
}

/** Answers without looking at the video or learning anything: the floor that a model has to exceed. */
export interface Prior {
  readonly name: string; // 'majority per template'
  predict(question: Question): number; // index in ANSWERS
  predictAll(questions: readonly Question[]): Prediction[];
}

const KEYS: Readonly<Record<PriorRule | 'global', (question: Question) => string>> = {
  question: ({ text }) => text,
  template: ({ template }) => template,
  type: ({ type }) => String(type),
  global: () => '',
};
const FROM_FINE_TO_COARSE = ['question', 'template', 'type', 'global'] as const;
const NAMES: Readonly<Record<PriorRule, string>> = { type: 'per type', template: 'per template', question: 'per filled question' };

/**
 * The most frequent answer to questions of the same type, template or filled text. Of equally frequent answers the one that appears first
 * in `questions` is taken; with fallback 'global' this gives on official test, fitted on official val, 35.77 / 51.05 / 51.09 over all.
 * Throws RangeError when there is no question to fit on.
 */
export function fitPrior(questions: readonly Question[], rule: PriorRule, { fallback = 'coarser' }: FitPriorOptions = {}): Prior {
  if (questions.length === 0) throw new RangeError('fitPrior: there is no question to fit on, expected at least one');
  const next = {
    coarser: FROM_FINE_TO_COARSE.indexOf(rule) + 1,
    type: FROM_FINE_TO_COARSE.indexOf('type'),
    global: FROM_FINE_TO_COARSE.length - 1,
  };
  const rules = [rule, ...FROM_FINE_TO_COARSE.slice(next[fallback])];
  const tables = rules.map((name) => ({ key: KEYS[name], majority: majorities(questions, KEYS[name]) }));
  const predict = (question: Question): number => {
    for (const { key, majority } of tables) {
      const answer = majority.get(key(question));
      if (answer !== undefined) return answer;
    }
    throw new Error('fitPrior: the global majority answers every question');
  };
  return {
    name: `majority ${NAMES[rule]}`,
    predict,
    predictAll: (asked) => asked.map((question) => ({ questionId: question.id, predicted: predict(question) })),
  };
}

/** Key -> its most frequent answer; counts keep the order of first appearance, so the first of equals wins. */
function majorities(questions: readonly Question[], key: (question: Question) => string): Map<string, number> {
  const counts = new Map<string, Map<number, number>>();
  for (const question of questions) {
    const name = key(question);
    const ofKey = counts.get(name) ?? new Map<number, number>();
    counts.set(name, ofKey.set(question.answer, (ofKey.get(question.answer) ?? 0) + 1));
  }
  return new Map([...counts].map(([name, ofKey]) => [name, [...ofKey].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0]]));
}
