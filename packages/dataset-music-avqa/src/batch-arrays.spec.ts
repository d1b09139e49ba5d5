import { join } from 'node:path';
import { type Batch, MASKED, Vocabulary, batchLabels, batchWords, readAnnotations } from './index';

const { questions } = readAnnotations(join(__dirname, '../fixtures/avqa-val.json'));
const batch: Batch = {
  videoIds: ['00000007', '00000031', 'sa00000012'],
  questionsPerVideo: 2,
  questionIndex: Int32Array.of(4, 1, 5, MASKED, 3, 2),
};

it('labels every question and masks empty slots', () => {
  expect(batchLabels(batch, questions)).toEqual({
    answers: Int32Array.of(41, 4, 7, 0, 22, 20),
    mask: Float32Array.of(1, 1, 1, 0, 1, 1),
    types: Int32Array.of(8, 7, 1, MASKED, 3, 5),
  });
});

it('gives the words of every question, padding elsewhere', () => {
  const vocabulary = Vocabulary.fromQuestions([questions[4], questions[3]]); // 1 Which one enters last, 5 Where does this happen, 9 unknown
  const { words, wordMask } = batchWords({ ...batch, questionIndex: Int32Array.of(4, MASKED, 3, 2) }, questions, vocabulary, 8);
  expect([...words]).toEqual([
    ...[1, 2, 3, 4, 0, 0, 0, 0],
    ...[0, 0, 0, 0, 0, 0, 0, 0],
    ...[5, 6, 7, 8, 0, 0, 0, 0],
    ...[9, 9, 9, 9, 9, 9, 0, 0],
  ]);
  expect([...wordMask]).toEqual([...words].map((word) => (word > 0 ? 1 : 0)));
  expect(() => batchWords(batch, questions, vocabulary, 8)).toThrow('has 14 words, expected at most 8');
});
