import type { Question } from '@tass/dataset-music-avqa';
import { groupByTemplate } from './group-templates';
import { type Prediction, markCorrect } from './match-predictions';
import { mcnemar } from './mcnemar';
import type { Prior } from './prior';
import type { Count } from './score';

export interface TemplateScore {
  readonly type: number; // index in QUESTION_TYPES
  readonly template: string;
  readonly model: Count;
  readonly prior: Count; // of the same questions
  readonly p: number; // exact McNemar of the model against the prior, two-sided
}

/**
 * Right answers by template, with those of a prior, to list templates that a model has not learned. In the order of the types,
 * then of first appearance. A template of two types gives two rows.
 * Throws PredictionError unless there is exactly one prediction for each question.
 */
export function scoreTemplates(predictions: readonly Prediction[], questions: readonly Question[], prior: Prior): TemplateScore[] {
  const right = markCorrect(predictions, questions);
  return groupByTemplate(questions).map(({ type, template, questions: indices }): TemplateScore => {
    const pairs = indices.map((index) => ({
      model: right[index] === 1,
      prior: prior.predict(questions[index]) === questions[index].answer,
    }));
    const count = (holds: (pair: (typeof pairs)[number]) => boolean): number => pairs.filter(holds).length;
    return {
      type,
      template,
      model: { correct: count(({ model }) => model), total: pairs.length },
      prior: { correct: count((pair) => pair.prior), total: pairs.length },
      p: mcnemar(
        count((pair) => pair.prior && !pair.model),
        count((pair) => pair.model && !pair.prior),
      ),
    };
  });
}
