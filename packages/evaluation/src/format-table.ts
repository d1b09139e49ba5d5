import { QUESTION_TYPES } from '@tass/dataset-music-avqa';
import { mean, sampleDeviation } from './distribution';
import { type GridColumn, type TableFormat, cellText, renderGrid } from './grid';
import { type Count, type Score, percent } from './score';

export interface TableRow {
  readonly name: string;
  readonly scores: readonly Score[]; // one, or one a seed, all on the same questions
}

interface Cell extends GridColumn {
  readonly of: (score: Score) => Count;
}
const type = (index: number, opensGroup = false): Cell => {
  const { modality, short } = QUESTION_TYPES[index];
  return { header: modality === 'Audio-Visual' ? short.slice(3) : short, opensGroup, of: (score) => score.types[index] };
};
const average = (header: string, of: (score: Score) => Count, opensGroup = false): Cell => ({ header, opensGroup, of });

/** A-Count A-Comp A-Avg | V-Count V-Loc V-Avg | Exist Count Loc Comp Temp AV-Avg | All */
const CELLS: readonly Cell[] = [
  ...[type(0, true), type(1), average('A-Avg', ({ groups }) => groups.Audio)],
  ...[type(2, true), type(3), average('V-Avg', ({ groups }) => groups.Visual)],
  ...[type(4, true), type(5), type(6), type(7), type(8), average('AV-Avg', ({ groups }) => groups['Audio-Visual'])],
  average('All', ({ all }) => all, true),
];

/**
 * The table of the field: percent by question type with two decimals, the number of questions under each heading. Several seeds give
 * their mean ± standard deviation (of a sample, n - 1). '-' if no question is of that type.
 * Throws RangeError when there is no score, or when rows were scored on different questions.
 */
export function formatTable(rows: readonly TableRow[], format: TableFormat = 'text'): string {
  const empty = rows.length === 0 ? '' : rows.find(({ scores }) => scores.length === 0)?.name;
  if (empty !== undefined)
    throw new RangeError(`formatTable: ${empty === '' ? 'there is no row' : `"${empty}" has no score`}, expected one`);
  const totals = CELLS.map(({ of }) => of(rows[0].scores[0]).total);
  for (const { name, scores } of rows) refuseOtherQuestions(name, scores, totals);
  const columns: GridColumn[] = [{ header: '', align: 'left' }, ...CELLS];
  const lines = rows.map(({ name, scores }) => [
    cellText(scores.length === 1 ? name : `${name} (${scores.length} seeds)`, format),
    ...CELLS.map(({ of }) => meanAndDeviation(scores.map((score) => percent(of(score))))),
  ]);
  return renderGrid(columns, [['n', ...totals.map(String)], ...lines], format);
}

function refuseOtherQuestions(name: string, scores: readonly Score[], totals: readonly number[]): void {
  for (const score of scores) {
    const other = CELLS.findIndex(({ of }, at) => of(score).total !== totals[at]);
    if (other < 0) continue;
    const given = `${CELLS[other].of(score).total} questions under ${CELLS[other].header}`;
    throw new RangeError(
      `formatTable: "${name}" has ${given}, expected ${totals[other]} as in the first row. Score all on the same questions`,
    );
  }
}

function meanAndDeviation(values: readonly number[]): string {
  const middle = mean(values);
  const deviation = sampleDeviation(values);
  if (Number.isNaN(middle)) return '-';
  return deviation === null ? middle.toFixed(2) : `${middle.toFixed(2)} ± ${deviation.toFixed(2)}`;
}
