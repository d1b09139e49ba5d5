import { type Count, type Score, formatTable } from './index';

/** A score with `correct` right answers of 100, 101, 102, ... questions of the types. */
function score(...correct: number[]): Score {
  const types = correct.map((right, type): Count => ({ correct: right, total: 100 + type }));
  const sum = (counts: Count[]): Count => ({
    correct: counts.reduce((so, count) => so + count.correct, 0),
    total: counts.reduce((so, count) => so + count.total, 0),
  });
  const groups = { Audio: sum(types.slice(0, 2)), Visual: sum(types.slice(2, 4)), 'Audio-Visual': sum(types.slice(4)) };
  return { types, groups, all: sum(types) };
}
const one = score(10, 20, 30, 40, 50, 60, 70, 80, 90);

it("prints percent in the field's column order, counts under the headings", () => {
  expect(formatTable([{ name: 'TASS', scores: [one] }]).split('\n')).toEqual([
    '     | A-Count  A-Comp  A-Avg | V-Count  V-Loc  V-Avg | Exist  Count    Loc   Comp   Temp  AV-Avg |   All',
    'n    |     100     101    201 |     102    103    205 |   104    105    106    107    108     530 |   936',
    'TASS |   10.00   19.80  14.93 |   29.41  38.83  34.15 | 48.08  57.14  66.04  74.77  83.33   66.04 | 48.08',
  ]);
});

it('prints several rows, several seeds as mean and deviation, as Markdown', () => {
  const other = score(12, 20, 30, 40, 50, 60, 70, 80, 90);
  const third = score(14, 20, 30, 40, 50, 60, 70, 80, 90);
  const lines = formatTable(
    [
      { name: 'majority | per template', scores: [one] },
      { name: 'TASS', scores: [one, other, third] },
    ],
    'markdown',
  ).split('\n');
  expect(lines[1]).toMatch(/^\| -+ (\| -+: ){13}\|$/);
  expect(lines[3]).toMatch(/^\| majority \\\| per template \| +10\.00 \| /);
  expect(lines[4]).toMatch(/^\| TASS \(3 seeds\) +\| 12\.00 ± 2\.00 \| 19\.80 ± 0\.00 \| 15\.92 ± 1\.00 \| /); // 30, 32, 34 of 201
  expect(new Set(lines.map(({ length }) => length)).size).toBe(1);
});

it('prints a dash where no question is of a type', () => {
  const none: Score = { ...one, types: one.types.map((count, type) => (type === 3 ? { correct: 0, total: 0 } : count)) };
  expect(formatTable([{ name: 'TASS', scores: [none, none] }]).split('\n')[2]).toMatch(/29\.41 ± 0\.00 +- +34\.15 ± 0\.00 \|/);
});

it('refuses rows of different questions, and rows without a score', () => {
  const fewer: Score = { ...one, types: one.types.map((count, type) => (type === 8 ? { correct: 1, total: 7 } : count)) };
  const rows = [
    { name: 'TASS', scores: [one] },
    { name: 'other', scores: [one, fewer] },
  ];
  expect(() => formatTable(rows)).toThrow('formatTable: "other" has 7 questions under Temp, expected 108 as in the first row');
  expect(() => formatTable([{ name: 'TASS', scores: [] }])).toThrow('formatTable: "TASS" has no score');
  expect(() => formatTable([])).toThrow('formatTable: there is no row');
});
