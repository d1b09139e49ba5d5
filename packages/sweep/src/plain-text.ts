import { cut } from '@tass/progress';

/** A duration in words: `8 s`, `12 min`, `3 h 20 min`, `2 days 4 h`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 24 * 60) return withRest(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return withRest(Math.floor(hours / 24), hours < 48 ? 'day' : 'days', hours % 24, 'h');
}

const withRest = (whole: number, unit: string, rest: number, smaller: string): string =>
  `${whole} ${unit}${rest > 0 ? ` ${rest} ${smaller}` : ''}`;

/** Any text on one line, without control characters. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').replace(/\p{Cc}/gu, '').trim(); // prettier-ignore

/** Columns, two blanks apart; columns that are empty in all rows are left out. Lines are cut to `width`. */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[], width = Infinity): string {
  const used = header.flatMap((_, column) => (rows.some((row) => row[column] !== '') ? [column] : []));
  const lines = [header, ...rows].map((row) => used.map((column) => oneLine(row[column])));
  const widths = used.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const line = (cells: readonly string[]) => cells.map((cell, column) => cell.padEnd(widths[column])).join('  ');
  return lines.map((cells) => cut(line(cells).trimEnd(), width)).join('\n');
}
