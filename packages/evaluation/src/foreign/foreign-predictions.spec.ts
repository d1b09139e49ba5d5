import { gzipSync } from 'node:zlib';
import { ANSWERS } from '@tass/dataset-music-avqa';
import { ForeignFile } from '../fixtures/foreign-file';
import { question } from '../fixtures/questions';
import { readForeignPredictions } from '../index';

const questions = [11, 7, 30].map((id) => question(id, 'v'));
const [cello, moreThanTen, guitar] = ['cello', 'more than ten', 'acoustic_guitar'].map((answer) => ANSWERS.indexOf(answer));
const file = new ForeignFile(questions);
afterAll(() => file.remove());

const rows = [
  { question_id: 7, predicted: 'More than ten ' },
  { question_id: '11', predicted: 'cello' },
  { question_id: 30.0, predicted: 'Acoustic Guitar' },
];
const lines = rows.map((row) => JSON.stringify(row));
const csv = 'question_id,predicted\n7,more than ten\n11,cello\n30,acoustic_guitar\n';
it.each<[string, string | Buffer | object]>([
  ['a JSON list', rows],
  ['a JSON list, indented', JSON.stringify(rows, null, 2)],
  ['a JSON map', { 7: 'more_than_ten', 11: 'cello', 30: 'Acoustic Guitar' }],
  ['a JSON map to objects', { 7: { pred: 'more_than_ten' }, 11: { pred: 'cello', n: [1] }, 30: { pred: 'Acoustic Guitar' } }],
  ['a JSON list below a key', { model: 'x', scores: { All: 0.7 }, frames: [1, 2], results: rows }],
  ['a JSON map below a key', { predictions: { 7: 'more_than_ten', 11: 'cello', 30: 'Acoustic Guitar' } }],
  ['a long JSON list below a key', { results: rows.map((row) => ({ ...row, note: 'x'.repeat(1e6) })) }],
  ['a JSON list packed by gzip', gzipSync(JSON.stringify(rows))],
  ['JSON lines', lines.join('\n')],
  ['JSON lines of Windows with an empty line', `\uFEFF${lines.join('\r\n')}\r\n\r\n`],
  ["NaN and Infinity in Python's JSON", `[${lines.join(',').replaceAll('{', '{"loss": NaN, "margin": -Infinity, "all": [NaN, "}"], ')}]`],
  ['CSV', csv],
  ['CSV of Windows with a byte order mark', `\uFEFF${csv.replaceAll('\n', '\r\n')}`],
  ['CSV with semicolons', csv.replaceAll(',', ';')],
  ['CSV with semicolons, as Excel marks them', `sep=;\n${csv.replaceAll(',', ';')}`],
  ['CSV in UTF-16', Buffer.from(`\uFEFF${csv.replaceAll(',', '\t')}`, 'utf16le')],
  ['CSV in UTF-16, the other byte order', Buffer.from(`\uFEFF${csv}`, 'utf16le').swap16()],
  ['CSV with ids as floats and with zeros', 'id,pred\n7.0,more than ten\n011,cello\n"30.0",acoustic_guitar'],
  ['CSV with a comma at the end of each line', csv.replaceAll(/(\d.*)\n/g, '$1,\n')],
  ['CSV with quotes within a field', 'id,note,pred\n7,the 5" one,more than ten\n11,,cello\n30,,acoustic_guitar\n'],
  ["CSV with pandas' column of row numbers", ',id,pred\n0,7,more than ten\n1,11,cello\n2,30,acoustic_guitar\n'],
  [
    'CSV with quotes, other columns, in another order',
    'pred,"note, with ""quotes""\nand lines",id\n"more than ten","a,\nb",7\ncello,,11\nacoustic guitar,x,30\n',
  ],
  ['TSV', 'qid\tprediction\r\n7\tmore than ten\r\n11\tcello\r\n30\tacoustic_guitar'],
  ['TSV with empty fields', '\n\nnote\tid\tmore\tpred\n\t7\t\tmore than ten\n"a\tb"\t11\t\tcello\n\t30\t \tacoustic_guitar\t\n'],
  ['answers under `answer`', rows.map((row) => ({ id: row.question_id, answer: row.predicted, video: 'x' }))],
])('reads %s', (_, content) => expect(file.answers(content)).toEqual([cello, moreThanTen, guitar]));

it('says below which key', () => {
  expect(file.reading({ model: 'x', results: rows })).toBe(
    'predictions below "results" under "predicted", matched by "question_id"; no other keys',
  );
});

it('reads JSON lines of a single question', () => {
  file.read(rows);
  const one = new ForeignFile([questions[1]]);
  expect(one.answers('{"id": 7, "answer": "no"}\n')).toEqual([ANSWERS.indexOf('no')]);
  one.remove();
});

describe('counts all mistakes and shows the first few', () => {
  it.each<[string, string | object, string]>([
    [
      'a row without its id',
      [rows[0], { predicted: 'no' }, rows[2]],
      '2 mistakes\n  row 2: has no question_id\n  1 of 3 questions have no prediction: 11. All count, and they must be of this split',
    ],
    ['a row with another key', [rows[0], rows[1], { question_id: 30, pred: 'no' }], 'row 3: question 30: has no predicted'],
    ['an unknown answer', { 7: 'no', 11: 'guitar', 30: 'no' }, 'key "11": question 11: the answer "guitar" is not one of the 42'],
    ['an index beyond', 'id,answer\n7,43\n11,0\n30,1', 'line 2: question 7: the answer is 43, expected an index from 0 to 41'],
    [
      'neither text nor index',
      { 7: null, 11: 0.5, 30: ['no'] },
      '3 mistakes\n  key "7": question 7: the answer is null, expected text or an index\n  key "11": question 11: the answer is 0.5, expected',
    ],
    ['a question twice', [...rows, rows[1]], 'row 4: question 11 is answered in row 2 already'],
    ['a question twice in a map', '{"7": "no", "11": "yes", "7": "yes", "30": "no"}', 'key "7": question 7 is answered in key "7" already'],
    [
      'a key twice',
      '[{"id": 7, "pred": "no", "pred": "yes"}, {"id": 11, "pred": "no"}, {"id": 30, "pred": "no"}]',
      'row 1: has the key "pred" twice',
    ],
    ['an id of another split', [...rows, { question_id: 99, predicted: 1 }], 'row 4: question 99 is not among the 3 questions'],
    ['an id that is none', [...rows, { question_id: 'a1', predicted: 1 }], 'row 4: the question id is "a1", expected a whole number'],
    ['a damaged line', `${lines[0]}\n${lines[1]}\n{"question_id": 30,\n`, 'line 3: is no JSON object'],
    ['a comma that is not quoted', 'id,note,pred\n7,a,b,no\n11,,no\n30,,no\n', 'line 2: has 4 fields, the header has 3'],
    ['a field that is missing', 'id,pred\n7,no\n11\n30,no\n', 'line 3: has 1 fields, the header has 2'],
  ])('%s', (_, content, message) => expect(file.refusal(content)).toContain(message));

  it('of many, with how many questions are left at the end', () => {
    const others = Array.from({ length: 40 }, (_, id) => ({ id: 100 + id, pred: 'no' }));
    expect(file.refusal(others).split('\n')).toEqual([
      '41 mistakes',
      ...[1, 2, 3, 4].map((row) => `  row ${row}: question ${99 + row} is not among the 3 questions`),
      '  3 of 3 questions have no prediction: 11, 7, 30. All count, and they must be of this split',
      '  and 36 more',
    ]);
  });
});

describe('refuses', () => {
  it.each<[string, string | Buffer | object, string | RegExp]>([
    ['nothing', ' \n', 'is empty, expected predictions'],
    ['a header alone', 'id,pred\n', 'has no rows, expected predictions'],
    ['an empty map', '{}', 'has no rows, expected predictions'],
    ['neither JSON nor CSV', 'hello\nworld', /^no key holds ids of these questions\. The keys are "hello"\. Name it with --id-key=NAME/],
    ['a cut off list', '[\n{"id": 7,', 'is not JSON: line 2: expected the end of this item; the file is cut off, found "{\\"id\\": 7,"'],
    ['a cut off map', '{"7": "no", "11": ', 'is not JSON: line 1: expected another item; the file is cut off'],
    ['a comma too many', '{"7": "no", "11": "no",}', 'is not JSON: line 1: expected another item after the comma, found "}"'],
    ['a comma too few', '[{"id": 7}\n{"id": 11}]', 'is not JSON: line 2: expected "," or "]", found "{\\"id\\": 11}]"'],
    ['Python in place of JSON', "{'7': 'no'}", `is not JSON: line 1: expected a key in quotes, found "'7': 'no'}"`],
    ['a list of answers', ['no', 'yes', 'no'], 'is a plain list of answers, expected a question id with each'],
    [
      'a table by columns',
      { id: [7, 11, 30], pred: ['no', 'no', 'no'] },
      'could be below "id" or "pred". Keep one list of objects or one map',
    ],
    ['a table by columns of pandas', { id: { 0: 7, 1: 11 }, pred: { 0: 'no', 1: 'no' } }, 'could be below "id" or "pred"'],
    ['two lists', { val: rows, test: rows }, 'the predictions could be below "val" or "test". Keep one list of objects or one map'],
    ['lists in a list', rows.map((row) => Object.values(row)), 'row 1 is a list, expected an object with an id and an answer'],
    ['a text without quotes', '[\n{"id": 7,\n"pred": no}]', 'is not JSON: line 3: expected a JSON value, found "no}]"'],
    ['brackets that do not fit', '[\n{"id": 7, "pred": "no"]\n]', 'is not JSON: line 2: expected "," or "}", found "]'],
    ['a text without quotes below a key', '{"all":\n[{"id": 7,\n"pred": no}]}', 'is not JSON: line 3: expected a JSON value'],
    ['CSV without a header', '7,no\n11,yes\n30,no', 'has no header: its first line is "7,no". Write the names of the columns above it'],
    ['a name given twice', 'id,pred,pred\n7,no,yes', 'its header names "pred" twice'],
    ['two separators', 'id;pred,x\n7;no,x', 'line 1: the separator could be "," or ";": both are there 1 times'],
    ['a packed file that is cut off', gzipSync('id,pred\n').subarray(0, 15), 'is no complete gzip file (unexpected end of file, 15 bytes)'],
    ['a workbook', Buffer.from('PK\u0003\u0004'), 'is a zip archive (.xlsx, .npz), expected'],
    ['zero bytes', Buffer.from('id,pred\n7,no', 'utf16le'), 'is no text in UTF-8 (it has zero bytes)'],
  ])('%s', (_, content, message) => expect(file.refusal(content)).toMatch(message));

  it('a file that is not there', () => {
    expect(() => readForeignPredictions(`${file.path}.none`, questions)).toThrow(/none: is not there/);
  });
});
