import { ANSWERS, type Question } from '@tass/dataset-music-avqa';
import { fitPrior } from '@tass/evaluation';
import { counted } from '@tass/program';
import type { PriorAnswer } from '@tass/question-page';

/** The most frequent training answer for a question's template. */
export function priorOf(train: readonly Question[]): (question: Question) => PriorAnswer {
  const prior = fitPrior(train, 'template');
  return (question) => {
    const answer = prior.predict(question);
    const alike = train.filter(({ template }) => template === question.template);
    const isKnown = alike.length > 0;
    return {
      rule: isKnown
        ? `the most frequent answer to ${counted(alike.length, 'training question')} of this template`
        : 'the most frequent answer to training questions of this type, as none has this template',
      answer: ANSWERS[answer],
      share: isKnown ? alike.filter((one) => one.answer === answer).length / alike.length : null,
    };
  };
}
