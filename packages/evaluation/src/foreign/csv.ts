import { CsvError, parse } from 'csv-parse/sync';
import { PredictionError } from '../match-predictions';
import { shown } from './wording';

/** A quote that is never closed is noticed after this many bytes. */
const MOST_BYTES = 2 ** 20;
const SEPARATORS = [',', ';', '\t', '|'];

/**
 * Gives each record of a CSV text to `take`, with the line in which it begins, from 1. The separator is the comma, semicolon, tab or bar that
 * is most frequent in the first line; a first line `sep=;` names it. A quoted field may hold separators, line ends and doubled quotes
 * (RFC 4180); blanks around a field and empty lines do not count. What `take` throws ends the reading.
 * Throws PredictionError for a quote that is not closed and for a record of more than 1 MB, with its line.
 */
export function readCsv(file: string, text: Buffer, take: (fields: readonly string[], line: number) => void): void {
  const [firstLine] = linesOf(text);
  const named = /^"?sep=(.)"?$/.exec(firstLine)?.[1];
  let last = named === undefined ? 0 : 1; // line in which the last record ends
  try {
    parse(text, {
      delimiter: named ?? separatorOf(file, firstLine),
      from_line: last + 1,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true, // 5" within a field
      skip_empty_lines: true,
      trim: true,
      max_record_size: MOST_BYTES,
      on_record: (fields: string[], { lines }) => {
        last = lines;
        const lineEnds = fields.reduce((sum, field) => sum + (field.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
        if (fields.some((field) => field !== '')) take(fields, lines - lineEnds);
        return null; // nothing is kept here
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { line, number } = nextFilled(text, last);
    const what = !line.includes('"')
      ? `is longer than ${MOST_BYTES / 2 ** 20} MB`
      : error.code === 'CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE'
        ? `opens a quote that ends within a field, in line ${error.lines}`
        : 'opens a quote that is not closed';
    throw new PredictionError(`evaluation: ${file}: line ${number} ${what}: ${shown(line.slice(0, 100))}`, { cause: error });
  }
}

function separatorOf(file: string, firstLine: string): string {
  const outsideQuotes = firstLine.replaceAll(/"[^"]*"/g, '');
  const counts = SEPARATORS.map((separator) => outsideQuotes.split(separator).length - 1);
  const most = Math.max(...counts);
  if (most === 0) return ',';
  const found = SEPARATORS.filter((_, at) => counts[at] === most);
  if (found.length === 1) return found[0];
  const problem = `the separator could be ${found.map(shown).join(' or ')}: both are there ${most} times`;
  throw new PredictionError(`evaluation: ${file}: line 1: ${problem}. Quote the names that hold one`);
}

/** The first line with anything on it after so many others. */
function nextFilled(text: Buffer, after: number): { readonly line: string; readonly number: number } {
  let number = 0;
  for (const line of linesOf(text)) if (++number > after && line.trim() !== '') return { line, number };
  return { line: '', number };
}

/** Lines without their ends; of a long one the first 1 MB. */
function* linesOf(text: Buffer): Generator<string> {
  for (let start = 0; start <= text.length;) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    yield text.toString('utf8', start, Math.min(end, start + MOST_BYTES)).replace(/\r$/, '');
    start = end + 1;
  }
}
