import { ANSWERS, answerIndex } from './answers';
import { QUESTION_TYPES } from './question-types';

it('has the 42 answers at their official places', () => {
  expect(ANSWERS).toHaveLength(42);
  expect(new Set(ANSWERS).size).toBe(42);
  expect([0, 3, 7, 14, 20, 30, 33, 36, 41].map((index) => ANSWERS[index])).toEqual([
    'two',
    'zero',
    'yes',
    'right',
    'more than ten',
    'acoustic_guitar',
    'ten',
    'simultaneously',
    'suona',
  ]);
  expect(ANSWERS.map(answerIndex)).toEqual(ANSWERS.map((_, index) => index));
  expect(answerIndex('theremin')).toBeUndefined();
});

it("has the nine types in the tables' order, each with its group and a name of its own", () => {
  expect(QUESTION_TYPES.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(QUESTION_TYPES.map(({ short }) => short).join(' ')).toBe('A-Count A-Comp V-Count V-Loc AV-Exist AV-Count AV-Loc AV-Comp AV-Temp');
  expect(QUESTION_TYPES.map(({ modality }) => modality).join()).toBe(
    'Audio,Audio,Visual,Visual,Audio-Visual,Audio-Visual,Audio-Visual,Audio-Visual,Audio-Visual',
  );
});
