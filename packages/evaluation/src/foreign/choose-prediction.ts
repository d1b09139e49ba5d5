import { type DigitOptions, answerUnder, readingsOf } from './digits';
import { namesId, namesOther, namesPrediction } from './key-names';
import type { MatchedRows } from './match-rows';
import type { Table } from './table';
import { type Cell, cellOf, wholeNumber } from './values';
import { option, percentOf, quoted, shown } from './wording';

/** The key that holds the predictions. */
export interface ChosenKey {
  readonly key: string;
  readonly truth: readonly string[]; // other keys: those that hold the official answers
  readonly same: readonly string[]; // those that hold the same predictions
}

/** A key that could hold the predictions. */
interface Candidate {
  readonly key: string;
  readonly answers: readonly number[]; // [questions], index in ANSWERS under the usual reading, or -1
  readonly right: number; // of the questions
  readonly isBesides: boolean; // its numbers only mark or count the rows
}

/**
 * Finds the key that holds the predictions by the values of all keys. If several hold answers none is preferred, with one exception: a
 * key named as a prediction, if all others hold the official answers. `truth` [questions].
 * Returns a refusal if several could be meant. Throws PredictionError if none could.
 */
export function choosePrediction(
  table: Table,
  rows: MatchedRows,
  truth: readonly number[],
  options: DigitOptions,
): ChosenKey | { readonly refusal: string } {
  const keys = table.keys.filter((key) => key !== rows.key);
  const groups = equalOnes(candidatesAmong(keys, table, rows, truth, options));
  if (groups.length === 0) return { key: onlyKey(keys, table), truth: [], same: [] };
  const official = groups.filter(([{ right }]) => right === truth.length);
  const predictions = groups.filter((group) => !official.includes(group));
  const isNamed = (group: readonly Candidate[]): boolean => group.some(({ key }) => namesPrediction(key));
  const isCertain = predictions.length === 1 && isNamed(predictions[0]) && !official.some(isNamed);
  if (groups.length > 1 && !isCertain) return { refusal: severalCandidates(groups.flat(), truth.length, keys) };
  const [group] = isCertain ? predictions : groups;
  const { key } = group.find(({ key: name }) => namesPrediction(name)) ?? group[0];
  const others = (ones: readonly Candidate[]): string[] => ones.map(({ key: name }) => name).filter((name) => name !== key);
  return { key, truth: isCertain ? others(official.flat()) : [], same: others(group) };
}

/** A column's answer to each question [questions]. */
export function cellsOf(column: readonly unknown[], { questionOf }: MatchedRows, questions: number): Cell[] {
  const cells: Cell[] = new Array(questions).fill({});
  questionOf.forEach((question, row) => {
    if (question !== undefined) cells[question] = cellOf(column[row]);
  });
  return cells;
}

function candidatesAmong(
  keys: readonly string[],
  table: Table,
  rows: MatchedRows,
  truth: readonly number[],
  options: DigitOptions,
): Candidate[] {
  const candidates = keys.flatMap((key): Candidate[] => {
    const column = table.columns.get(key) ?? [];
    const filled = column.filter((value) => value !== undefined && value !== null && value !== '');
    const written = filled.filter((value) => typeof value === 'string' || wholeNumber(value) !== undefined);
    const cells = cellsOf(column, rows, truth.length);
    const hasWords = cells.some(({ word }) => word !== undefined);
    const readable = filled.map(cellOf).filter(({ word, number = Infinity }) => word !== undefined || number <= 42);
    const isMost = (part: readonly unknown[]): boolean => 2 * part.length >= filled.length && 2 * filled.length >= table.rows;
    const isCandidate = (isMost(readable) && (hasWords || !(namesOther(key) || namesId(key)))) || (isMost(written) && namesPrediction(key));
    if (!isCandidate) return [];
    const [usual] = readingsOf(hasWords, options);
    const answers = cells.map((cell) => answerUnder(usual, cell));
    const right = answers.filter((answer, at) => answer === truth[at]).length;
    return [{ key, answers, right, isBesides: !hasWords && !namesPrediction(key) && marksOrCounts(column) }];
  });
  const answering = candidates.filter(({ isBesides }) => !isBesides);
  return answering.length > 0 ? answering : candidates;
}

/** Whether numbers are one or two, as right and wrong are marked, or count the rows. */
function marksOrCounts(column: readonly unknown[]): boolean {
  const numbers = column.map(wholeNumber);
  const [first = 0] = numbers;
  return new Set(numbers).size <= 2 || numbers.every((number, row) => number === first + row);
}

/** Candidates with the same answers, together. */
function equalOnes(candidates: readonly Candidate[]): Candidate[][] {
  const groups: Candidate[][] = [];
  for (const candidate of candidates) {
    const group = groups.find(([{ answers }]) => answers.every((answer, at) => answer === candidate.answers[at]));
    if (group) group.push(candidate);
    else groups.push([candidate]);
  }
  return groups;
}

/** If no key holds answers: the one whose values are reported. */
function onlyKey(keys: readonly string[], table: Table): string {
  const named = keys.filter(namesPrediction);
  const plausible = named.length > 0 ? named : keys.filter((key) => !namesOther(key));
  if (plausible.length === 1) return plausible[0];
  throw table.refusal(
    `no key holds answers, each one of the 42 or a number without other words. The keys are ${quoted(table.keys)}. Name it with --prediction-key=NAME, if it is there`,
  );
}

function severalCandidates(candidates: readonly Candidate[], total: number, keys: readonly string[]): string {
  const names = candidates.map(({ key }) => key);
  const readings = candidates.map(
    ({ key, right }) =>
      `${percentOf(right, total)} as ${shown(key)}${right === total ? ', which holds the official answers' : ''}: ${option('prediction-key', key)}`,
  );
  const others = keys.filter((key) => !names.includes(key));
  const rest = others.length > 0 ? `. Other keys: ${quoted(others)}` : '';
  return `${candidates.length} keys hold answers. Choose the one with the predictions${rest}\n  ${readings.join('\n  ')}`;
}
