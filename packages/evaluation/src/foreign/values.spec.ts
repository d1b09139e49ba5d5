import { ANSWERS } from '@tass/dataset-music-avqa';
import { ForeignFile } from '../fixtures/foreign-file';
import { question } from '../fixtures/questions';
import { cellOf } from './values';

it.each<[string, string]>([
  ['Yes.', 'yes'],
  [' two! ', 'two'],
  ['"left"', 'left'],
  ["'no'", 'no'],
  ['**Acoustic-Guitar**', 'acoustic_guitar'],
  ['\u201cmore than 10.\u201d', 'more than ten'],
  ['\u662f', ''],
  ['yes, it is', ''],
  ['no / yes', ''],
  ['The answer is two.', ''],
  ['2 instruments', ''],
  ['guitar', ''],
  ['...', ''],
])('%j is read as %j', (text, answer) => expect(ANSWERS[cellOf(text).word ?? -1] ?? '').toBe(answer));

it.each<[string, number | undefined]>([
  ['2', 2],
  ['2.', 2],
  ['"2"', 2],
  ['2.0', 2],
  ['.5', undefined],
  ['0.5', undefined],
  ['-5', undefined],
  ['10+', undefined],
  ['>10', undefined],
  ['1,000', undefined],
  ['5%', undefined],
])('%j is the number %j', (text, number) => expect(cellOf(text).number).toBe(number));

it('punctuation is reported', () => {
  const file = new ForeignFile([1, 2, 3].map((id) => question(id, 'v')));
  expect(file.reading({ 1: 'Yes.', 2: '2.', 3: 'no' })).toBe(
    'predictions under "value", matched by "key"; no other keys; 1 of 3 answers are numbers, read as counts; 2 of 3 answers are read without the punctuation around them, such as "Yes."',
  );
  expect(file.refusal('id,answer,response\n1,no,Yes.\n2,no,2.\n3,yes,no\n')).toContain('2 keys hold answers');
  expect(file.refusal('1,Yes.\n2,No.\n')).toContain('has no header: its first line is "1,Yes."');
  expect(file.answers('Yes.\nNo.\nTwo.\n', { matchBy: 'position' })).toEqual(['yes', 'no', 'two'].map((answer) => ANSWERS.indexOf(answer)));
  file.remove();
});
