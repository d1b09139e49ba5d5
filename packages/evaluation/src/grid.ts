export type TableFormat = 'text' | 'markdown';

export interface Column {
  readonly header: string;
  readonly align: 'left' | 'right';
  readonly opensGroup?: boolean; // a bar stands before it in plain text
}

/** Lines of a table, aligned in both formats, without a final newline. `rows` [rows][columns]. */
export function renderGrid(columns: readonly Column[], rows: readonly (readonly string[])[], format: TableFormat): string {
  const escaped = format === 'markdown' ? rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|'))) : rows;
  const widths = columns.map(({ header }, at) => Math.max(3, header.length, ...escaped.map((row) => row[at].length)));
  const fit = (cell: string, at: number): string => (columns[at].align === 'left' ? cell.padEnd(widths[at]) : cell.padStart(widths[at]));
  const headers = columns.map(({ header }) => header);
  if (format === 'markdown') {
    const rule = columns.map(({ align }, at) => '-'.repeat(widths[at] - 1) + (align === 'left' ? '-' : ':'));
    return [headers, rule, ...escaped].map((row) => `| ${row.map(fit).join(' | ')} |`).join('\n');
  }
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => between(columns, at) + fit(cell, at))
      .join('')
      .trimEnd();
  return [headers, ...escaped].map(line).join('\n');
}

const between = (columns: readonly Column[], at: number): string => (at === 0 ? '' : columns[at].opensGroup ? ' | ' : '  ');
