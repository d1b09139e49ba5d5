import { QUESTION_TYPES } from '@tass/dataset-music-avqa';
import { scoreByType, scoreColumns } from './index';
import { question } from './fixtures/questions';

/** Positions of the questions of a column. */
const membersOf = ({ columns, members }: ReturnType<typeof scoreColumns>, id: string): number[] => {
  const bit = 1 << columns.findIndex((column) => column.id === id);
  return [...members.keys()].filter((index) => members[index] & bit);
};

it('has the columns of the field in their order, then three more', () => {
  const { columns } = scoreColumns([question(1, 'a')], { train: [question(2, 'b')] });
  expect(columns.map(({ header }) => header).join(' ')).toBe(
    'A-Count A-Comp A-Avg V-Count V-Loc V-Avg Exist Count Loc Comp Temp AV-Avg All disjoint head tail',
  );
  expect(columns.map(({ group }) => group)).toEqual([
    ...Array(3).fill('Audio'),
    ...Array(3).fill('Visual'),
    ...Array(6).fill('Audio-Visual'),
    'All',
    ...Array(3).fill('extra'),
  ]);
  expect(new Set(columns.map(({ id }) => id)).size).toBe(16);
  expect(scoreColumns([question(1, 'a')], { train: [] }).columns).toHaveLength(13); // nothing known of what was seen
});

it('counts as the score by type does', () => {
  const questions = Array.from({ length: 40 }, (_, id) => question(id, `v${id}`, (id * id) % 9));
  const { columns } = scoreColumns(questions, { train: [] });
  const { types, groups, all } = scoreByType(
    questions.map(({ id }) => ({ questionId: id, predicted: 0 })),
    questions,
  );
  const total = Object.fromEntries(columns.map((column) => [column.id, column.total]));
  expect(QUESTION_TYPES.map(({ short }) => total[short])).toEqual(types.map((count) => count.total));
  expect([total['A-Avg'], total['V-Avg'], total['AV-Avg'], total.All]).toEqual([...Object.values(groups), all].map((count) => count.total));
});

it('knows the questions on videos that are neither in train nor in val', () => {
  const questions = ['a', 'b', 'c', 'c', 'd'].map((video, id) => question(id, video));
  const [train, val] = [[question(10, 'a')], [question(11, 'd'), question(12, 'a')]];
  expect(membersOf(scoreColumns(questions, { train, val }), 'disjoint')).toEqual([1, 2, 3]);
  const ofVal = scoreColumns(questions, { train });
  expect(membersOf(ofVal, 'disjoint')).toEqual([1, 2, 3, 4]);
  expect(ofVal.columns.find(({ id }) => id === 'disjoint')?.description).toBe('questions on videos that are not in train');
});

it('parts head from tail by the count of the answer in train, within the type, at 1.2 times the mean', () => {
  // Type 0: answers 1, 2, 3 occur 6, 4 and 2 times: mean 4, so more than 4.8 is head. Type 4: 3 and 2 times: mean 2.5, more than 3: none.
  const train = [
    ...Array.from({ length: 12 }, (_, id) => question(id, 'v', 0, id < 6 ? 1 : id < 10 ? 2 : 3)),
    ...Array.from({ length: 5 }, (_, id) => question(20 + id, 'v', 4, id < 3 ? 4 : 7)),
  ];
  const asked: [type: number, answer: number][] = [[0, 1], [0, 2], [0, 3], [0, 9], [4, 4], [4, 7], [4, 1], [8, 1]]; // prettier-ignore
  const columns = scoreColumns(
    asked.map(([type, answer], id) => question(100 + id, 'w', type, answer)),
    { train },
  );
  expect(membersOf(columns, 'head')).toEqual([0]); // answer 1 of type 4, frequent in another type only, is tail, as is all of type 8, unseen in train
  expect(membersOf(columns, 'tail')).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

it('a count of exactly 1.2 times the mean is tail', () => {
  const train = Array.from({ length: 10 }, (_, id) => question(id, 'v', 0, id < 6 ? 1 : 2)); // 6 and 4, mean 5
  expect(membersOf(scoreColumns([question(10, 'w', 0, 1)], { train }), 'tail')).toEqual([0]);
});
