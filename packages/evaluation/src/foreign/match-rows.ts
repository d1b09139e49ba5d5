import { ANSWERS, type Question } from '@tass/dataset-music-avqa';
import { counted } from '@tass/program';
import { wholeNumber } from './values';
import { namesId, namesPosition, namesVideo } from './key-names';
import { type Form, MAP_KEY } from './read-table';
import type { Table } from './table';
import { SHOWN, option, quoted, shown } from './wording';

/** Which question each row of a file is for. */
export interface MatchedRows {
  readonly key: string | undefined; // that names the question; undefined: the order of the rows
  readonly questionOf: readonly (number | undefined)[]; // [rows], index of the question
  readonly mistakes: ReadonlyMap<number, string>; // row -> why it is for no question
  readonly missing: string | undefined; // the message about questions without a row
}

/**
 * Matches rows by question id. The key of the ids is the one whose values are ids of these questions, under any name; of several the one
 * that is named as an id. Throws PredictionError if that leaves none or several.
 */
export function matchById(table: Table, questions: readonly Question[], form: Form, idKey?: string): MatchedRows {
  if (form === 'list') throw table.refusal('is a plain list of answers, expected a question id with each');
  const position = new Map(questions.map(({ id }, at) => [id, at]));
  const key = idKey ?? chooseIdKey(table, position);
  const questionOf: (number | undefined)[] = [];
  const mistakes = new Map<number, string>();
  const rowOf = new Map<number, number>(); // question id -> first row
  const column = table.column(key, '--id-key');
  for (let row = 0; row < table.rows; row++) {
    const id = column[row];
    const number = wholeNumber(id);
    const at = number === undefined ? undefined : position.get(number);
    const before = number === undefined ? undefined : rowOf.get(number);
    if (id === undefined) mistakes.set(row, `has no ${key}`);
    else if (number === undefined) mistakes.set(row, `the question id is ${shown(id)}, expected a whole number`);
    else if (at === undefined) mistakes.set(row, `question ${number} is not among the ${questions.length} questions`);
    else if (before !== undefined) mistakes.set(row, `question ${number} is answered in ${table.places[before]} already`);
    else questionOf[row] = at;
    if (number !== undefined && before === undefined) rowOf.set(number, row);
  }
  const missing = questions.filter(({ id }) => !rowOf.has(id));
  return { key, questionOf, mistakes, missing: missing.length > 0 ? missingQuestions(missing, questions.length) : undefined };
}

function chooseIdKey(table: Table, position: ReadonlyMap<number, number>): string {
  const found = [...table.columns].map(([key, column]) => {
    const numbers = column.map(wholeNumber).filter((number) => number !== undefined && position.has(number));
    return { key, count: new Set(numbers).size };
  });
  const least = Math.min(table.rows, position.size) / 2;
  const holding = found.filter(({ count }) => count >= least).map(({ key }) => key);
  const named = (holding.length > 0 ? holding : table.keys).filter(namesId);
  const candidates = named.length > 0 ? named : holding;
  if (candidates.length === 1 || (candidates.length > 1 && areEqual(table, candidates))) return candidates[0];
  const keys = `The keys are ${quoted(table.keys)}`;
  if (candidates.length === 0)
    throw table.refusal(`no key holds ids of these questions. ${keys}. Name it with --id-key=NAME, if it is there`);
  throw table.refusal(`the question ids could be under ${candidates.map(shown).join(' or ')}. Choose with --id-key=NAME. ${keys}`);
}

const areEqual = (table: Table, keys: readonly string[]): boolean => {
  const [first, ...others] = keys.map((key) => table.column(key, '--id-key').map(wholeNumber));
  return others.every((other) => other.length === first.length && other.every((number, row) => number === first[row]));
};

function missingQuestions(missing: readonly Question[], total: number): string {
  const ids = missing.slice(0, SHOWN).map(({ id }) => id).join(', '); // prettier-ignore
  const more = missing.length > SHOWN ? ` and ${missing.length - SHOWN} more` : '';
  return `${missing.length} of ${total} questions have no prediction: ${ids}${more}. All count, and they must be of this split`;
}

/** Why question ids cannot match the dataset's rows. */
interface UnfitIds {
  readonly withoutId: number; // rows
  readonly repeatedIds: number; // ids of several rows
}

/**
 * Matches rows by position: in the order of the dataset's file, or by a key `position`, `index` or `row` that counts it from 0 or from 1.
 * Throws PredictionError for rows with question ids, unless there is one row for each question, if two keys could hold the
 * positions, and if a key without such a name counts the rows in another order.
 */
export function matchByPosition(
  table: Table,
  total: number,
  { withoutId, repeatedIds }: UnfitIds,
  form: Form,
  idKey?: string,
): MatchedRows {
  const ids = form === 'map' ? MAP_KEY : table.keys.find(namesId);
  const named = table.keys.filter(namesPosition);
  if (idKey === undefined && named.length > 1 && !areEqual(table, named))
    throw table.refusal(`the positions could be under ${named.map(shown).join(' or ')}. Choose with --id-key=NAME`);
  const [key] = idKey === undefined ? named : [idKey];
  const counter = key ?? (form === 'map' ? MAP_KEY : undefined);
  const byKey = counter === undefined ? undefined : positions(table.column(counter, '--id-key'), total);
  const matched = { mistakes: new Map<number, string>(), missing: undefined };
  if (byKey) return { key: counter, questionOf: byKey, ...matched };
  if (key === undefined && ids !== undefined)
    throw table.refusal(
      `is keyed by question ids (${shown(ids)}), but ${withoutId} of the ${total} rows of this dataset have none${repeatedIds > 0 ? ` and ${repeatedIds} ids have several rows` : ''}. Write a prediction for each row, in the order of the dataset's file, without ids or with a key "position" that counts from 0`,
    );
  if (table.rows !== total)
    throw table.refusal(
      `has ${counted(table.rows, 'row')}, the dataset has ${total}: expected a prediction for each, in the order of its file`,
    );
  if (key !== undefined) throw table.refusal(`the key ${shown(key)} does not count the ${total} rows of the dataset from 0 or from 1`);
  const other =
    total > ANSWERS.length ? table.keys.find((name) => isReordered(positions(table.column(name, '--id-key'), total))) : undefined;
  if (other !== undefined)
    throw table.refusal(
      `the key ${shown(other)} counts the rows, but in another order than theirs, as after a shuffle. If it is the position in the dataset's file, write ${option('id-key', other)}; else leave it out`,
    );
  return { key: undefined, questionOf: Array.from({ length: total }, (_, at) => at), ...matched };
}

const isReordered = (order: readonly number[] | undefined): boolean => order?.some((position, row) => position !== row) ?? false;

/** Positions from 0 of a column that holds each of 0 to n - 1 or 1 to n once; else undefined. */
function positions(column: readonly unknown[], total: number): number[] | undefined {
  const numbers = column.map(wholeNumber);
  const least = numbers.includes(0) ? 0 : 1;
  const isEach =
    numbers.length === total &&
    new Set(numbers).size === total &&
    numbers.every((number) => number !== undefined && number >= least && number < total + least);
  return isEach ? numbers.map((number) => (number as number) - least) : undefined;
}

/** Rows that name another video of the dataset than their question has (row -> mistake): their ids or positions are shifted. */
export function otherVideos(table: Table, { questionOf }: MatchedRows, questions: readonly Question[]): Map<number, string> {
  const videos = new Set(questions.map(({ videoId }) => videoId));
  const mistakes = new Map<number, string>();
  for (const key of table.keys.filter(namesVideo)) {
    const column = table.column(key, '--id-key');
    questionOf.forEach((question, row) => {
      const value = column[row];
      if (question === undefined || typeof value !== 'string') return;
      const given = value.replace(/\.\w+$/, ''); // .mp4
      const { videoId } = questions[question];
      if (given !== videoId && videos.has(given))
        mistakes.set(row, `${shown(key)} is ${shown(value)}, its question is on ${shown(videoId)}`);
    });
  }
  return mistakes;
}
