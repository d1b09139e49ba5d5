export type TableFormat = 'text' | 'markdown';

export interface GridColumn {
  readonly header: string;
  readonly align?: 'left' | 'right'; // default right
  readonly opensGroup?: boolean; // a bar precedes it in plain text
}

/** A row of cells, or a line of its own that names the rows after it. */
export type GridRow = readonly string[] | { readonly heading: string };

/** Lines of a table, aligned in both formats, without a final newline. For Markdown the texts have to be escaped already. */
export function renderGrid(columns: readonly GridColumn[], rows: readonly GridRow[], format: TableFormat): string {
  const isMarkdown = format === 'markdown';
  const headers = columns.map(({ header }) => header);
  const cells = [headers, ...rows.filter((row) => 'length' in row)];
  const widths = columns.map((_, at) => Math.max(3, ...cells.map((row) => row[at].length)));
  const isLeft = (at: number): boolean => columns[at].align === 'left';
  const fit = (cell: string, at: number): string => (isLeft(at) ? cell.padEnd(widths[at]) : cell.padStart(widths[at]));
  const between = (at: number): string => (at === 0 ? '' : columns[at].opensGroup ? ' | ' : '  ');
  const line = (row: readonly string[]): string =>
    isMarkdown
      ? `| ${row.map(fit).join(' | ')} |`
      : row.map((cell, at) => between(at) + fit(cell, at)).join('').trimEnd(); // prettier-ignore
  const heading = (text: string): string => (isMarkdown ? line([`**${text}**`, ...headers.slice(1).map(() => '')]) : `\n${text}`);
  const rule = isMarkdown ? [`| ${widths.map((width, at) => '-'.repeat(width - 1) + (isLeft(at) ? '-' : ':')).join(' | ')} |`] : [];
  return [line(headers), ...rule, ...rows.map((row) => ('heading' in row ? heading(row.heading) : line(row)))].join('\n');
}

/** Text of data as a cell may hold it. */
export const cellText = (text: string, format: TableFormat): string => (format === 'markdown' ? text.replaceAll('|', '\\|') : text);
