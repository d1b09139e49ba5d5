import { join } from 'node:path';
import { type Question, Vocabulary, readAnnotations } from './index';

const { questions } = readAnnotations(join(__dirname, '../fixtures/avqa-val.json'));
const asked = (...words: string[]): Question => ({ ...questions[0], words });
const vocabulary = Vocabulary.fromQuestions([asked('Is', 'the', 'cello', 'loud'), asked('Is', 'it', 'the', 'tuba')]);

it('is padding, the words in order of first appearance, unknown', () => {
  expect(vocabulary.entries).toEqual(['<pad>', 'Is', 'the', 'cello', 'loud', 'it', 'tuba', '<unk>']);
  expect(vocabulary).toMatchObject({ size: 8, paddingIndex: 0, unknownIndex: 7 });
});

it('encodes with padding, unknown words apart, case kept', () => {
  expect(vocabulary.encode(['Is', 'is', 'the', 'banjo', 'tuba'], 7)).toEqual(Int32Array.of(1, 7, 2, 7, 6, 0, 0));
  expect(vocabulary.encode(['tuba'])).toHaveLength(14);
  expect([vocabulary.has('tuba'), vocabulary.has('Tuba')]).toEqual([true, false]);
});

it('never cuts a question off', () => {
  expect(() => vocabulary.encode(['Is', 'the', 'cello'], 2)).toThrow(
    'Vocabulary: "Is the cello" has 3 words, expected at most 2. Raise maxWords',
  );
  expect(vocabulary.encode(['Is', 'the'], 2)).toEqual(Int32Array.of(1, 2));
});

it.each(['<pad>', '<unk>'])('refuses %s as a word of a question', (word) => {
  expect(() => Vocabulary.fromQuestions([asked('Is', word)])).toThrow(`Vocabulary: "${word}" occurs more than once`);
});
