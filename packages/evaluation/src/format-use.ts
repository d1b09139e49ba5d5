import type { MethodStatistics } from './compare-methods';
import { probability, signed } from './format-details';
import { type GridColumn, type TableFormat, cellText, renderGrid } from './grid';
import type { ScoreColumns } from './score-columns';

const TYPE_FIRST: readonly string[] = ['A-Count', 'V-Count', 'AV-Exist', 'All'];

/**
 * How much accuracy a network loses when its grounding is taken away. The first row has the percent of the network as it is, the others points
 * of difference from it, for All with the interval over videos, p of the same resamples after Holm's correction over the rows, and McNemar's.
 */
export function formatUse(
  asTrained: { readonly name: string } & Pick<MethodStatistics, 'figures'>,
  rows: readonly ({ readonly name: string } & Pick<MethodStatistics, 'against'>)[],
  { columns }: ScoreColumns,
  format: TableFormat = 'text',
): string {
  const shown = columns.filter(({ group }) => group !== 'extra');
  const headers: GridColumn[] = [
    { header: '', align: 'left' },
    ...shown.map(({ id, header }) => ({ header, opensGroup: TYPE_FIRST.includes(id) })),
    ...['All from', 'to', 'p', 'McNemar'].map((header) => ({ header })),
  ];
  const plain = [
    cellText(asTrained.name, format),
    ...shown.map(({ id }) => asTrained.figures[id]?.mean.toFixed(2) ?? '-'),
    ...['', '', '', ''],
  ];
  const changed = rows.map(({ name, against }) => {
    const { low, high, adjusted, mcnemar } = against!.All;
    const differences = shown.map(({ id }) => (against![id] === undefined ? '-' : signed(against![id].difference)));
    return [cellText(name, format), ...differences, signed(low), signed(high), probability(adjusted), probability(mcnemar[0])];
  });
  return renderGrid(headers, [plain, ...changed], format);
}
