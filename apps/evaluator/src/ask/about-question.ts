import { QUESTION_TYPES } from '@tass/dataset-music-avqa';
import type { OwnQuestion } from '@tass/experiment';

/** How similar the question is to the run's training questions. */
export function aboutQuestion({ known, nearest, unseen }: OwnQuestion): string {
  if (known !== null) return QUESTION_TYPES[known.type].name;
  const words = unseen.length === 0 ? [] : [`Words that did not occur in training: ${unseen.join(', ')}.`];
  const like = nearest === null ? [] : [`The most similar training question: ${nearest}?`];
  return ['The run was not trained on such a question.', ...words, ...like].join(' ');
}
