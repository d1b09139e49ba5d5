import { type Batch, MASKED } from './plan-batches';
import type { Question } from './question';
import { MAX_WORDS, type Vocabulary } from './vocabulary';

export interface BatchLabels {
  readonly answers: Int32Array; // [videos * questions], index in ANSWERS; 0 where masked
  readonly mask: Float32Array; // [videos * questions], 1 for a question, 0 for an empty slot
  readonly types: Int32Array; // [videos * questions], index in QUESTION_TYPES; MASKED where masked
}

export interface BatchWords {
  readonly words: Int32Array; // [videos * questions * maxWords], index in the vocabulary; padding where masked
  readonly wordMask: Float32Array; // [videos * questions * maxWords], 1 for a word
}

/** The labels of a batch. `questions` is the list that was planned. */
export function batchLabels(batch: Batch, questions: readonly Question[]): BatchLabels {
  const { questionIndex } = batch;
  return {
    answers: questionIndex.map((index) => (index === MASKED ? 0 : questions[index].answer)),
    mask: Float32Array.from(questionIndex, (index) => (index === MASKED ? 0 : 1)),
    types: questionIndex.map((index) => (index === MASKED ? MASKED : questions[index].type)),
  };
}

/** A batch's questions as vocabulary indices. Throws RangeError for a question of more than `maxWords` words. */
export function batchWords(batch: Batch, questions: readonly Question[], vocabulary: Vocabulary, maxWords = MAX_WORDS): BatchWords {
  const words = new Int32Array(batch.questionIndex.length * maxWords).fill(vocabulary.paddingIndex);
  batch.questionIndex.forEach((index, slot) => {
    if (index !== MASKED) words.set(vocabulary.encode(questions[index].words, maxWords), slot * maxWords);
  });
  return { words, wordMask: Float32Array.from(words, (word) => (word === vocabulary.paddingIndex ? 0 : 1)) };
}
