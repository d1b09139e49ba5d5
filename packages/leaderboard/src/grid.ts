export type TableFormat = 'text' | 'markdown';

export interface GridColumn {
  readonly header: string;
  readonly opensGroup?: boolean; // a bar stands before it in plain text
}

/** A row of cells, the first a name; or a line of its own that names the rows after it. */
export type GridRow = readonly string[] | { readonly heading: string };

/** Lines of a table: names to the left, figures to the right, without a final newline. */
export function renderGrid(columns: readonly GridColumn[], rows: readonly GridRow[], format: TableFormat): string {
  const cells = [columns.map(({ header }) => header), ...rows.filter((row) => 'length' in row)];
  const widths = columns.map((_, at) => Math.max(3, ...cells.map((row) => row[at].length)));
  const fit = (cell: string, at: number): string => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]));
  const line = (row: readonly string[]): string =>
    format === 'markdown'
      ? `| ${row.map(fit).join(' | ')} |`
      : row.map((cell, at) => (at === 0 ? '' : columns[at].opensGroup ? ' | ' : '  ') + fit(cell, at)).join('');
  const heading = (text: string): string =>
    format === 'markdown' ? line([`**${text}**`, ...columns.slice(1).map(() => '')]) : `\n${text}`;
  const rule =
    format === 'markdown' ? [`| ${widths.map((width, at) => '-'.repeat(width - 1) + (at === 0 ? '-' : ':')).join(' | ')} |`] : [];
  return [line(cells[0]), ...rule, ...rows.map((row) => ('heading' in row ? heading(row.heading) : line(row).trimEnd()))].join('\n');
}
