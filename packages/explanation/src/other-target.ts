import { ANSWERS, seededRandom, shuffled, type Question } from '@tass/dataset-music-avqa';
import type { BatchSource } from '@tass/experiment';

const NO_INSTRUMENTS =
  'two zero no six yes one four three seven five right left more than ten nine indoor middle outdoor eight simultaneously';
/** The instruments among the answers, by their names in questions. */
const INSTRUMENTS: readonly string[] = ANSWERS.filter(
  (answer) => !answer.split(' ').some((word) => NO_INSTRUMENTS.split(' ').includes(word)),
);

export interface OtherTarget {
  readonly question: Question; // with the other instrument's name
  readonly from: string;
  readonly to: string;
}

/**
 * The question with its first instrument replaced by another that it does not name, drawn by the question's id from those that the run
 * knows: from the words of its training or, if it reads text features, from questions with features. Undefined if it names none, or no
 * other is known.
 */
export function otherTarget(question: Question, { vocabulary, needed, features }: BatchSource): OtherTarget | undefined {
  const isThere = ({ text }: Question): boolean =>
    ['sentence', 'words', ...(needed.prompt ? ['prompt'] : [])].every((field) => features!.missing(field, [text]).length === 0);
  return otherTargets(question, vocabulary).find((other) => !needed.text || isThere(other.question));
}

/** The question with its first instrument replaced by each other one that the run knows, in the order in which `otherTarget` looks for features. */
export function otherTargets(question: Question, vocabulary: BatchSource['vocabulary']): OtherTarget[] {
  const place = question.words.findIndex((word) => INSTRUMENTS.includes(word));
  if (place < 0) return [];
  const others = INSTRUMENTS.filter((one) => !question.words.includes(one) && vocabulary.has(one));
  return shuffled(others, seededRandom(question.id)).map((to) => {
    const words = question.words.map((word, at) => (at === place ? to : word));
    return { question: { ...question, words, text: words.join(' ') }, from: question.words[place], to };
  });
}
