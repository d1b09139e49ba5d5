import { ANSWERS } from '@tass/dataset-music-avqa';
import { ForeignFile } from '../fixtures/foreign-file';
import { question } from '../fixtures/questions';
import type { ForeignOptions } from './foreign-predictions';

const [no, yes, tuba] = ['no', 'yes', 'tuba'].map((answer) => ANSWERS.indexOf(answer));

describe('the key of the question ids', () => {
  const file = new ForeignFile([0, 1, 2].map((id) => question(id, 'v')));
  afterAll(() => file.remove());

  it.each<[string, object, string]>([
    ['by its values, whatever its name', [0, 1, 2].map((id) => ({ sample: id, text: 'no', id: `s${id}` })), '"sample"'],
    ['by its name where several hold ids', [0, 1, 2].map((id) => ({ n: id, QuestionID: id, text: 'no' })), '"QuestionID"'],
    ['the first of two that are equal', [0, 1, 2].map((id) => ({ id, question_id: `${id}`, text: 'no' })), '"id"'],
  ])('is found %s', (_, content, key) => expect(file.reading(content)).toContain(`matched by ${key}`));

  const two = [0, 1, 2].map((id) => ({ id, question_id: 2 - id, text: ['no', 'yes', 'tuba'][id] }));
  it('is not guessed', () => {
    expect(file.refusal(two)).toBe(
      'the question ids could be under "id" or "question_id". Choose with --id-key=NAME. The keys are "id", "question_id", "text"',
    );
    expect(file.answers(two, { idKey: 'id' })).toEqual([no, yes, tuba]);
    expect(file.answers(two, { idKey: 'question_id' })).toEqual([tuba, yes, no]);
    expect(file.refusal(two, { idKey: 'qid' })).toBe(
      'no row has the key "qid" that --id-key names. The keys are "id", "question_id", "text"',
    );
  });
});

describe('questions without ids of their own, by position', () => {
  const file = new ForeignFile([7, 7, 30].map((id) => question(id, 'v')));
  afterAll(() => file.remove());
  const options: ForeignOptions = { matchBy: 'position', withoutId: 2 };
  const answers = ['no', 'yes', 'tuba'];

  it.each<[string, string | object]>([
    ['a list', answers],
    ['a list of objects', answers.map((prediction) => ({ prediction }))],
    ['JSON lines', answers.map((prediction) => JSON.stringify({ prediction })).join('\n')],
    ['an answer a line', answers.join('\n')],
    ['a text in quotes a line', answers.map((answer) => JSON.stringify(answer)).join('\n')],
    ['CSV of one column', ['prediction', ...answers].join('\n')],
    ['positions from 0, in another order', [2, 0, 1].map((position) => ({ position, prediction: answers[position] }))],
    ['positions from 1, in another order', 'index,pred\n3,tuba\n1,no\n2,yes\n'],
    ['positions next to ids', [2, 0, 1].map((position) => ({ position, id: 7, prediction: answers[position] }))],
    ['a map of positions', { 2: 'tuba', 0: 'no', 1: 'yes' }],
  ])('are read from %s', (_, content) => expect(file.answers(content, options)).toEqual([no, yes, tuba]));

  it('says so', () => {
    expect(file.reading(answers, options)).toBe('predictions under "value", matched by position; no other keys');
    expect(file.reading('row,pred\n0,no\n1,yes\n2,no\n', options)).toBe('predictions under "pred", matched by "row"; no other keys');
  });

  const keyed =
    'is keyed by question ids ("id"), but 2 of the 3 rows of this dataset have none. Write a prediction for each row, in the order';
  it.each<[string, string | object, string]>([
    ['ids', [7, 7, 30].map((id) => ({ id, prediction: 'no' })), keyed],
    ['ids of some rows', [7, 30].map((id) => ({ id, prediction: 'no' })), keyed],
    ['a map of the ids that are there', { 7: 'no', 30: 'no' }, keyed.replace('"id"', '"key"')],
    ['a map of ids', { 7: 'no', 30: 'no', 31: 'no' }, keyed.replace('"id"', '"key"')],
    ['a row too few', answers.slice(1), 'has 2 rows, the dataset has 3: expected a prediction for each, in the order of its file'],
    ['a row too many', [...answers, 'no'], 'has 4 rows, the dataset has 3'],
    [
      'a position twice',
      'position,pred\n0,no\n1,no\n1,no\n',
      'the key "position" does not count the 3 rows of the dataset from 0 or from 1',
    ],
    [
      'positions under two keys',
      [0, 1, 2].map((index) => ({ index, position: 2 - index, pred: 'no' })),
      'the positions could be under "index" or "position". Choose with --id-key=NAME',
    ],
    [
      'a position that is missing',
      [{ position: 0, pred: 'no' }, { pred: 'no' }, { position: 2, pred: 'no' }],
      'the key "position" does not count the 3 rows of the dataset from 0 or from 1',
    ],
    ['an answer that is missing', [{ pred: 'no' }, { text: 'x' }, { pred: 'no' }], 'row 2: has no pred'],
    ['an unknown answer', ['no', 'guitar', 'no'], 'row 2: the answer "guitar" is not one of the 42'],
  ])('are refused with %s', (_, content, message) => expect(file.refusal(content, options)).toContain(message));
});

describe('rows that were shuffled with their positions under a key that is not named as one', () => {
  const total = 50;
  const file = new ForeignFile(Array.from({ length: total }, () => question(7, 'v')));
  afterAll(() => file.remove());
  const order = Array.from({ length: total }, (_, row) => (row * 7) % total);
  const shuffled = order.map((idx) => ({ idx, prediction: idx === 3 ? 'tuba' : 'no' }));

  it('are not matched by their order', () => {
    expect(file.refusal(shuffled, { matchBy: 'position' })).toBe(
      'the key "idx" counts the rows, but in another order than theirs, as after a shuffle. If it is the position in the dataset\'s file, write --id-key=idx; else leave it out',
    );
    expect(file.refusal(`,pred\n${order.map((idx) => `${idx},no\n`).join('')}`, { matchBy: 'position' })).toContain(
      'the key "column 1" counts',
    );
  });

  it('are matched by the key that is asked for', () => {
    expect(file.answers(shuffled, { matchBy: 'position', idKey: 'idx' })).toEqual(
      Array.from({ length: total }, (_, at) => (at === 3 ? tuba : no)),
    );
  });
});

describe('rows with the videos of other questions', () => {
  const file = new ForeignFile(['a', 'b', 'c'].map((video, id) => question(id, video)));
  afterAll(() => file.remove());
  const rows = (videos: readonly string[]): object[] => videos.map((video_id, id) => ({ id, video_id, pred: 'no' }));

  it.each(['id', 'position'] as const)('are mistakes where rows are matched by %s', (matchBy) => {
    const shifted = rows(['a', 'c.mp4', 'b']).map((row, position) => (matchBy === 'id' ? row : { ...row, position }));
    expect(file.refusal(shifted, { matchBy })).toBe(
      '2 mistakes\n  row 2: "video_id" is "c.mp4", its question is on "b"\n  row 3: "video_id" is "b", its question is on "c"',
    );
  });

  it('are none where the videos are named otherwise', () => {
    expect(file.answers(rows(['a.mp4', 'b', 'x']))).toEqual([no, no, no]);
  });
});
