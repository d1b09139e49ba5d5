import { ANSWERS, type Question } from '@tass/dataset-music-avqa';
import { PredictionError } from '../match-predictions';
import { KNOWN_ORDERS } from './answer-order';
import { type ChosenKey, cellsOf, choosePrediction } from './choose-prediction';
import { type DigitOptions, type Reading, answerUnder, ENOUGH, chooseReading, expectation, mostFrequent } from './digits';
import { namesPrediction } from './key-names';
import { type MatchedRows, matchById, matchByPosition, otherVideos } from './match-rows';
import { readTable } from './read-table';
import type { Table } from './table';
import type { Cell } from './values';
import { listed, option, percentOf, quoted, shown } from './wording';

/** How to read a file; omitted parts are detected from its content, or the file is refused. */
export interface ForeignOptions extends DigitOptions {
  readonly predictionKey?: string;
  readonly idKey?: string; // of the question id; by position, the key that counts the rows
  /** `position`: for questions without their own ids, one prediction for each in their order. */
  readonly matchBy?: 'id' | 'position'; // default 'id'
  readonly withoutId?: number; // rows of the dataset that have no id, for the message where a file is keyed by ids
  readonly repeatedIds?: number; // ids of several rows, for the same message
}

export interface ForeignPredictions {
  readonly answers: Uint8Array; // [questions], indices in ANSWERS
  readonly reading: string; // one line: which keys were read and which were not, and how numbers were read
}

/**
 * Predictions of another program. The file is a JSON list of objects, a JSON map from question id to answer, JSON lines, or CSV with a
 * header; by position also a list of answers; packed by gzip or not. The list or map may be the only one below a key of an object. Which
 * keys hold ids and answers is found from the values of all keys. An answer is one of the 42 in words (case does not count, nor whether words
 * are joined by a blank, an underscore or a hyphen; punctuation around it does not count either, but is reported) or a number, read as
 * `chooseReading` describes.
 * Throws PredictionError when several keys or several readings of numbers could be meant, with the accuracy under each; for predictions that
 * equal the official answers throughout, unless `predictionKey` names them; and with the number of mistakes and the first of them,
 * each with its line or row: every question needs one answer, and a row that names a video must name its question's.
 */
export function readForeignPredictions(file: string, questions: readonly Question[], options: ForeignOptions = {}): ForeignPredictions {
  const { predictionKey, idKey, matchBy = 'id', withoutId = 0, repeatedIds = 0 } = options;
  const { table, form, below } = readTable(file, questions.length);
  const rows =
    matchBy === 'id'
      ? matchById(table, questions, form, idKey)
      : matchByPosition(table, questions.length, { withoutId, repeatedIds }, form, idKey);
  const truth = questions.map(({ answer }) => answer);
  const chosen = predictionKey === undefined ? choosePrediction(table, rows, truth, options) : { key: predictionKey, truth: [], same: [] };
  const mistakes = new Map([...otherVideos(table, rows, questions), ...rows.mistakes, ...table.problems]); // row -> mistake
  /** Wrong rows come first: they may be the only cause of a doubt. */
  const refusal = (doubt?: string): PredictionError => {
    const inOrder = [...mistakes].sort(([a], [b]) => a - b).map(([row, mistake]) => `${table.places[row]}: ${mistake}`);
    const all = [...inOrder, ...(rows.missing === undefined ? [] : [rows.missing])];
    return new PredictionError(listed(file, all.length > 0 ? all : [doubt ?? '']));
  };
  if ('refusal' in chosen) throw refusal(chosen.refusal);
  const { key } = chosen;
  const column = table.column(key, '--prediction-key');
  const cells = cellsOf(column, rows, questions.length);
  const isOfficial = showsOfficialOrder(table, rows, key, truth);
  const { digits = isOfficial ? 'indices' : undefined, order = isOfficial ? KNOWN_ORDERS[0] : undefined } = options;
  const reading = chooseReading(cells, truth, { digits, order });
  if ('doubt' in reading) throw refusal(reading.doubt);
  const answers = cells.map((cell) => answerUnder(reading, cell));
  rows.questionOf.forEach((question, row) => {
    if (question === undefined || answers[question] >= 0 || mistakes.has(row)) return;
    const mistake = column[row] === undefined ? `has no ${key}` : wrongAnswer(column[row], cells[question], reading);
    mistakes.set(row, matchBy === 'id' ? `question ${questions[question].id}: ${mistake}` : mistake);
  });
  if (mistakes.size > 0 || rows.missing !== undefined) throw refusal();
  if (predictionKey === undefined) refuseTruth(answers, truth, key, table);
  const place = below === undefined ? '' : ` below ${shown(below)}`;
  const said = [sentence(`${file}: predictions${place}`, table, rows, chosen, cells, reading), lowAccuracy(answers, truth)]
    .filter((part) => part !== '')
    .join('; ');
  return { answers: Uint8Array.from(answers), reading: said };
}

/** Whether the file has numeric predictions next to numeric official answers, which reveal what the numbers mean. */
function showsOfficialOrder(table: Table, rows: MatchedRows, key: string, truth: readonly number[]): boolean {
  const cellsUnder = (name: string): Cell[] => cellsOf(table.columns.get(name) ?? [], rows, truth.length);
  if (cellsUnder(key).some(({ word }) => word !== undefined)) return false;
  const others = table.keys.filter((name) => name !== key && name !== rows.key);
  return others.some((name) => cellsUnder(name).every(({ number }, at) => number === truth[at]));
}

function wrongAnswer(value: unknown, cell: Cell, reading: Reading): string {
  if (cell.number !== undefined) return `the answer is ${cell.number}, ${expectation(cell, reading)}`;
  return typeof value === 'string'
    ? `the answer ${shown(value)} is not one of the 42`
    : `the answer is ${shown(value)}, expected text or an index`;
}

/** From this many questions on, nearly all right is as suspicious as all right: they may be the official answers of another release. */
const MANY = 100;

/** Throws PredictionError for the official answers in place of predictions. */
function refuseTruth(answers: readonly number[], truth: readonly number[], key: string, table: Table): void {
  const right = answers.filter((answer, at) => answer === truth[at]).length;
  const isSuspicious = truth.length >= MANY && !namesPrediction(key) && right >= 0.99 * truth.length;
  if (right < truth.length && !isSuspicious) return;
  const count = right === truth.length ? `all ${right}` : `${right} of ${truth.length}`;
  throw table.refusal(
    `${shown(key)} equals the official answers of ${count} questions, so it is the truth rather than predictions. The keys are ${quoted(table.keys)}. Choose with --prediction-key=NAME; ${option('prediction-key', key)} scores it all the same`,
  );
}

/** A warning for a result that a single answer to all questions would beat: ids may be shifted. */
function lowAccuracy(answers: readonly number[], truth: readonly number[]): string {
  const right = answers.filter((answer, at) => answer === truth[at]).length;
  const [constant, best] = mostFrequent(truth);
  if (truth.length < ENOUGH || right >= best) return '';
  return `right in ${percentOf(right, truth.length)}, less than "${ANSWERS[constant]}" for all questions (${percentOf(best, truth.length)})`;
}

function sentence(
  predictions: string,
  table: Table,
  rows: MatchedRows,
  chosen: ChosenKey,
  cells: readonly Cell[],
  reading: Reading,
): string {
  const others = table.keys.filter((key) => key !== chosen.key && key !== rows.key);
  const about = (key: string): string =>
    chosen.truth.includes(key)
      ? `${shown(key)} (the official answers)`
      : chosen.same.includes(key)
        ? `${shown(key)} (the same)`
        : shown(key);
  const ids = rows.key === undefined ? 'matched by position' : `matched by ${shown(rows.key)}`;
  const numbers = cells.filter(({ number }) => number !== undefined).length;
  const punctuated = cells.flatMap((cell) => cell.punctuated ?? []);
  const parts = [
    `${predictions} under ${shown(chosen.key)}, ${ids}`,
    others.length === 0 ? 'no other keys' : `other keys: ${others.slice(0, 20).map(about).join(', ')}${others.length > 20 ? ` and ${others.length - 20} more` : ''}`, // prettier-ignore
    ...(numbers > 0 ? [`${numbers} of ${cells.length} answers are numbers, read as ${reading.name}`] : []),
    ...(punctuated.length > 0 ? [`${punctuated.length} of ${cells.length} answers are read without the punctuation around them, such as ${shown(punctuated[0])}`] : []), // prettier-ignore
  ];
  return parts.join('; ');
}
