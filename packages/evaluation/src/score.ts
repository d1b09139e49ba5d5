import { type Modality, QUESTION_TYPES, type Question } from '@tass/dataset-music-avqa';
import { type Prediction, markCorrect } from './match-predictions';

export interface Count {
  readonly correct: number;
  readonly total: number;
}

export interface Score {
  readonly types: readonly Count[]; // [9], in the order of QUESTION_TYPES
  readonly groups: Readonly<Record<Modality, Count>>; // micro averages: sums over the types of a modality
  readonly all: Count;
}

/** Top-1 accuracy in percent; NaN if there was no question. */
export const percent = ({ correct, total }: Count): number => (100 * correct) / total;

/**
 * Right answers by question type and their micro averages, as all published tables of MUSIC-AVQA have them (code).
 * Throws PredictionError unless there is exactly one prediction for each question.
 */
export function scoreByType(predictions: readonly Prediction[], questions: readonly Question[]): Score {
  const right = markCorrect(predictions, questions);
  const types = QUESTION_TYPES.map(() => ({ correct: 0, total: 0 }));
  questions.forEach(({ type }, index) => {
    types[type].correct += right[index];
    types[type].total += 1;
  });
  const group = (modality: Modality): Count => sum(types.filter((_, type) => QUESTION_TYPES[type].modality === modality));
  return { types, groups: { Audio: group('Audio'), Visual: group('Visual'), 'Audio-Visual': group('Audio-Visual') }, all: sum(types) };
}

function sum(counts: readonly Count[]): Count {
  const total = (key: keyof Count): number => counts.reduce((so, count) => so + count[key], 0);
  return { correct: total('correct'), total: total('total') };
}
