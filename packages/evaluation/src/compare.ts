import { QUESTION_TYPES, type Question } from '@tass/dataset-music-avqa';
import { type BootstrapOptions, type BootstrapResult, bootstrapOverVideos } from './bootstrap';
import { holm } from './holm';
import { type Prediction, markCorrect } from './match-predictions';
import { mcnemar } from './mcnemar';
import type { Count } from './score';

export interface Comparison {
  readonly name: string; // a type's short name, 'A-Avg', 'V-Avg', 'AV-Avg' or 'All'
  readonly first: Count;
  readonly second: Count;
  readonly onlyFirst: number; // questions that only the first got right
  readonly onlySecond: number;
  readonly mcnemar: number; // exact two-sided p value, questions as independent
  readonly adjusted?: number; // the same after Holm's correction over the question types present; of types only
  readonly bootstrap: BootstrapResult; // over videos
}

interface Part {
  readonly name: string;
  readonly isType: boolean;
  readonly has: (type: number) => boolean;
}
const PARTS: readonly Part[] = [
  ...QUESTION_TYPES.map(({ index, short }) => ({ name: short, isType: true, has: (type: number) => type === index })),
  ...(['Audio', 'Visual', 'Audio-Visual'] as const).map((modality, group) => ({
    name: ['A-Avg', 'V-Avg', 'AV-Avg'][group],
    isType: false,
    has: (type: number) => QUESTION_TYPES[type].modality === modality,
  })),
  { name: 'All', isType: false, has: () => true },
];

/**
 * Two models on the same questions, paired: for each type, group and over all, in that order. Parts without a question are left out.
 * Throws PredictionError unless each has exactly one prediction for each question.
 */
export function compare(
  first: readonly Prediction[],
  second: readonly Prediction[],
  questions: readonly Question[],
  options: BootstrapOptions,
): Comparison[] {
  const marks = [markCorrect(first, questions, 'first predictions'), markCorrect(second, questions, 'second predictions')];
  const present = PARTS.filter(({ has }) => questions.some(({ type }) => has(type)));
  const compared = present.map(({ name, has }) => {
    const asked = questions.flatMap(({ type }, index) => (has(type) ? [index] : []));
    const [a, b] = marks.map((mark) => Int32Array.from(asked, (index) => mark[index]));
    const counts = [a, b].map((mark) => ({ correct: mark.reduce((sum, right) => sum + right, 0), total: asked.length }));
    const onlyFirst = a.filter((right, at) => right > b[at]).length;
    const onlySecond = b.filter((right, at) => right > a[at]).length;
    const ofPart = asked.map((index) => questions[index]);
    const bootstrap = bootstrapOverVideos(ofPart, a, b, options);
    return { name, first: counts[0], second: counts[1], onlyFirst, onlySecond, mcnemar: mcnemar(onlyFirst, onlySecond), bootstrap };
  });
  const types = compared.filter((_, index) => present[index].isType);
  const adjusted = holm(types.map((comparison) => comparison.mcnemar));
  return compared.map((comparison) => {
    const type = types.indexOf(comparison);
    return type < 0 ? comparison : { ...comparison, adjusted: adjusted[type] };
  });
}
