import { CsvError, parse } from 'csv-parse/sync';
import { PredictionError } from '../match-predictions';
import { shown } from './wording';

/** An unclosed quote is reported after this many bytes. */
const MOST_BYTES = 2 ** 20;
const SEPARATORS = [',', ';', '\t', '|'];

/**
 * Passes each record of a CSV text to `take`, with the line in which it begins, from 1. The separator is the comma, semicolon, tab or bar that
 * is most frequent in the first line; a first line `sep=;` names it. A quoted field may hold separators, line ends and doubled quotes
 * (RFC 4180); blanks around a field and empty lines do not count. An error in `take` ends the reading.
 * Throws PredictionError for a quote that is not closed and for a record of more than 1 MB, with its line.
 */
export function readCsv(file: string, text: Buffer, take: (fields: readonly string[], line: number) => void): void {
  refuseLongLines(file, text);
  const firstLine = textOf(text, nextFilled(text, 0));
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
    const line = nextFilled(text, last);
    const what =
      error.code === 'CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE'
        ? `opens a quote that ends within a field, in line ${error.lines}`
        : 'opens a quote that is not closed';
    throw new PredictionError(`${file}: line ${line.number} ${what}: ${shown(textOf(text, line).slice(0, 100))}`, {
      cause: error,
    });
  }
}

/** csv-parse limits the text between separators, not their number. */
function refuseLongLines(file: string, text: Buffer): void {
  for (let start = 0; text.length - start > MOST_BYTES;) {
    const end = text.lastIndexOf('\n', start + MOST_BYTES); // all lines up to here are short
    if (end >= start) start = end + 1;
    else {
      const line = text.toString('utf8', start, start + 100);
      const guess = line.includes('"') ? ' (perhaps a quote is not closed)' : '';
      const number = text.subarray(0, start).filter((byte) => byte === 10).length + 1;
      throw new PredictionError(`${file}: line ${number} is longer than ${MOST_BYTES / 2 ** 20} MB${guess}: ${shown(line)}`);
    }
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
  throw new PredictionError(`${file}: line 1: ${problem}. Quote the names that hold one`);
}

interface Line {
  readonly start: number;
  readonly end: number; // without the line feed
  readonly number: number; // from 1
}

function* linesOf(text: Buffer): Generator<Line> {
  for (let start = 0, number = 1; start <= text.length; number++) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    yield { start, end, number };
    start = end + 1;
  }
}

/** The beginning of a long line. */
const textOf = (text: Buffer, { start, end }: Line): string =>
  text.toString('utf8', start, Math.min(end, start + MOST_BYTES)).replace(/\r$/, '');

/** The first line that is not empty, after so many others. */
function nextFilled(text: Buffer, after: number): Line {
  let last: Line = { start: 0, end: 0, number: 0 };
  for (last of linesOf(text)) if (last.number > after && textOf(text, last).trim() !== '') return last;
  return last;
}
