import type { Question } from './question';

/** Test questions without those that a model was trained or chosen on. */
export interface WithoutOwnRows {
  readonly kept: readonly Question[];
  readonly leftOut: number; // equal a row of `own` in video, filled question and answer
  readonly otherAnswer: number; // of `kept`: `own` asks the same of the same video, with another answer
}

/** Takes the rows of `own` out of `test`: equal in video, filled question and answer (ours). */
export function withoutOwnRows(test: readonly Question[], own: readonly Question[]): WithoutOwnRows {
  const asked = new Set(own.map(askedIn));
  const answered = new Set(own.map(rowOf));
  const kept = test.filter((question) => !answered.has(rowOf(question)));
  return {
    kept,
    leftOut: test.length - kept.length,
    otherAnswer: kept.filter((question) => asked.has(askedIn(question))).length,
  };
}

/** The video and the filled question. */
export const askedIn = ({ videoId, text }: Question): string => `${videoId} ${text}`;
const rowOf = (question: Question): string => `${askedIn(question)}? ${question.answer}`;
