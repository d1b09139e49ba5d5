import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANSWERS } from '@tass/dataset-music-avqa';
import { PredictionError, readAnswerOrder, readForeignPredictions } from '../index';
import { question } from '../fixtures/questions';

const questions = [11, 7, 30].map((id) => question(id, 'v'));
const [cello, moreThanTen, guitar] = ['cello', 'more than ten', 'acoustic_guitar'].map((answer) => ANSWERS.indexOf(answer));

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'foreign-'))));
afterAll(() => rmSync(folder, { recursive: true }));
const reading = (text: string | object, order?: readonly string[]): Uint8Array => {
  const file = join(folder, 'file');
  writeFileSync(file, typeof text === 'string' ? text : JSON.stringify(text));
  return readForeignPredictions(file, questions, order);
};
const refusal = (text: string | object): string => {
  try {
    reading(text);
  } catch (error) {
    expect(error).toBeInstanceOf(PredictionError);
    return (error as Error).message.replaceAll(folder, '');
  }
  throw new Error('it was read');
};

const rows = [
  { question_id: 7, predicted: 'More than ten ' },
  { question_id: '11', predicted: 'cello' },
  { question_id: 30, predicted: guitar },
];
it.each<[string, string | object]>([
  ['a JSON list', rows],
  ['a JSON list, indented', JSON.stringify(rows, null, 2)],
  ['a JSON map', { 7: 'more_than_ten', 11: cello, 30: 'Acoustic Guitar' }],
  ['JSON lines', rows.map((row) => JSON.stringify(row)).join('\n')],
  ['JSON lines of Windows with an empty line', `\uFEFF${rows.map((row) => JSON.stringify(row)).join('\r\n')}\r\n\r\n`],
  ['CSV', 'question_id,predicted\n7,more than ten\n11,cello\n30,acoustic_guitar\n'],
  [
    'CSV with quotes, other columns, in another order',
    'pred,"note, with ""quotes""\nand lines",id\n"more than ten","a,\nb",7\ncello,,11\n30,x,30\n',
  ],
  ['TSV', 'qid\tprediction\r\n7\tmore than ten\r\n11\tcello\r\n30\t30'],
  [
    "this project's own, with the right answer beside",
    rows.map((row) => ({ questionId: row.question_id, answer: 0, predicted: row.predicted })),
  ],
  ['answers under `answer`', rows.map((row) => ({ id: row.question_id, answer: row.predicted, video: 'x' }))],
])('reads %s', (_, content) => expect([...reading(content)]).toEqual([cello, moreThanTen, guitar]));

it('reads JSON lines of a single question', () => {
  const file = join(folder, 'one');
  writeFileSync(file, '{"id": 7, "answer": "no"}\n');
  expect([...readForeignPredictions(file, [questions[1]])]).toEqual([ANSWERS.indexOf('no')]);
});

describe('indices in another order', () => {
  const order = [...ANSWERS].reverse();
  const orderFrom = (content: string | object): string[] => {
    const file = join(folder, 'order');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return readAnswerOrder(file);
  };

  it.each<[string, string | object]>([
    ['a list', order],
    ['answer -> index', Object.fromEntries(ANSWERS.map((answer, index) => [answer, 41 - index]))],
    ['index -> answer', Object.fromEntries(ANSWERS.map((answer, index) => [41 - index, answer.toUpperCase()]))],
    ['a line an answer', `${order.join('\n')}\n`],
  ])('are read by %s', (_, content) => {
    expect(orderFrom(content)).toEqual(order);
    expect([...reading({ 7: 41 - moreThanTen, 11: 'cello', 30: 41 - guitar }, orderFrom(content))]).toEqual([cello, moreThanTen, guitar]);
  });

  it.each<[string, string | object, string]>([
    ['answers missing', order.slice(2), 'order: 2 mistakes\n  "tuba" is missing\n  "suona" is missing'],
    ['an unknown one', [...order.slice(0, -1), 'guitar'], 'order: 2 mistakes\n  "guitar" is none of the 42 answers\n  "two" is missing'],
    ['one twice', [...order, 'two'], 'order: there are 43 answers, expected each of the 42 once'],
    ['a gap', { two: 0, cello: 2 }, 'order: "cello" has the index 2, expected 0 to 1, each once'],
    ['no JSON', '[1', 'order: is not JSON'],
  ])('are refused with %s', (_, content, message) => expect(() => orderFrom(content)).toThrow(message));
});

describe('counts all mistakes and shows the first few', () => {
  it.each<[string, string | object, string]>([
    [
      'a row without its id',
      [rows[0], { predicted: 'no' }, rows[2]],
      '2 mistakes\n  row 2: has no question_id (nor questionId, id, qid)\n  1 of 3 questions have no prediction: 11. All count, and they must be of this split',
    ],
    [
      'a row with another key',
      [rows[0], rows[1], { question_id: 30, pred: 1 }],
      'row 3: has no predicted (nor prediction, pred, predicted_answer, pred_answer, answer)',
    ],
    ['an unknown answer', { 7: 'no', 11: 'guitar', 30: 'no' }, 'key "11": question 11: the answer "guitar" is none of the 42'],
    ['an index beyond', 'id,answer\n7,42\n11,0\n30,1', 'line 2: question 7: the answer is 42, expected an index from 0 to 41'],
    [
      'neither text nor index',
      { 7: null, 11: 0.5, 30: ['no'] },
      '3 mistakes\n  key "7": question 7: the answer is null, expected text or an index\n  key "11": question 11: the answer is 0.5, expected',
    ],
    ['a question twice', [...rows, rows[1]], 'row 4: question 11 is answered in row 2 already'],
    ['an id of another split', [...rows, { question_id: 99, predicted: 1 }], 'row 4: question 99 is not among the 3 questions'],
    ['an id that is none', [...rows, { question_id: 'a1', predicted: 1 }], 'row 4: the question id is "a1", expected a whole number'],
    [
      'a damaged line',
      `${JSON.stringify(rows[0])}\n${JSON.stringify(rows[1])}\n{"question_id": 30,\n`,
      '2 mistakes\n  line 3: is no JSON object\n  1 of 3 questions have no prediction: 30',
    ],
    ['a list of numbers', [1, 2, 3], '4 mistakes\n  row 1: is no JSON object\n'],
  ])('%s', (_, content, message) => expect(refusal(content)).toContain(`evaluation: /file: ${message}`));

  it('of many, with how many questions are left at the end', () => {
    const others = Array.from({ length: 40 }, (_, id) => ({ id: 100 + id, pred: 'no' }));
    expect(refusal(others).split('\n')).toEqual([
      'evaluation: /file: 41 mistakes',
      ...[1, 2, 3, 4].map((row) => `  row ${row}: question ${99 + row} is not among the 3 questions`),
      '  3 of 3 questions have no prediction: 11, 7, 30. All count, and they must be of this split',
      '  and 36 more',
    ]);
  });

  it.each<[string, string, string]>([
    ['nothing', ' \n', 'is empty, expected predictions'],
    [
      'neither JSON nor CSV',
      'hello\nworld',
      'is neither JSON nor CSV with a header that names the question id (question_id, questionId, id, qid): its first line is "hello"',
    ],
    ['a cut off list', '[{"id": 7,', 'is not JSON ('],
    ['a cut off map', '{"7": "no", "11": ', 'is not JSON ('],
  ])('%s', (_, content, message) => expect(refusal(content)).toContain(`evaluation: /file: ${message}`));

  it('and a file that is not there', () => {
    expect(() => readForeignPredictions(join(folder, 'none'), questions)).toThrow(/none: cannot be read \(ENOENT/);
  });
});
