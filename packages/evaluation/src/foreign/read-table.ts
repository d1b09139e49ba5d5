import { PredictionError } from '../match-predictions';
import { cellOf, wholeNumber } from './values';
import { readCsv } from './csv';
import { JsonError, type JsonItem, jsonItems, parseValue } from './json-items';
import { Table } from './table';
import { readUtf8 } from './text-file';
import { shown } from './wording';

/** The names of the two columns of a JSON map; a list of answers alone has the second. */
export const MAP_KEY = 'key';
const MAP_VALUE = 'value';

/** `rows`: objects or records with named keys; `map`: from id to answer; `list`: answers alone. */
export type Form = 'rows' | 'map' | 'list';

interface TableOfFile {
  readonly table: Table;
  readonly form: Form;
  readonly below?: string; // the key of the object around it
}

/**
 * Reads a file of predictions in any of its forms: a JSON list of objects or of answers, a JSON map from id to answer or to an object, one of
 * both below a key of an object, JSON lines, CSV with a header, or an answer a line. Throws PredictionError for any other form.
 */
export function readTable(file: string, questions: number): TableOfFile {
  const bytes = readUtf8(file);
  const table = new Table(file, 3 * questions + 1000);
  const start = /\S/.exec(bytes.toString('utf8', 0, 2 ** 16))?.[0];
  if (start === undefined) throw table.refusal('is empty, expected predictions');
  const added = start === '[' || start === '{' ? addJson(file, bytes.toString(), table) : { form: addCsv(file, bytes, table) };
  if (table.rows === 0 || table.columns.size === 0) throw table.refusal('has no rows, expected predictions');
  return { table, ...added };
}

type Added = Omit<TableOfFile, 'table'>;

function addJson(file: string, text: string, table: Table): Added {
  try {
    if (/^\s*\[/.test(text)) return { form: addList(text, table) };
    if (hasManyLines(text)) return { form: addLines(text, table) };
    return IDS_FIRST.test(text) ? { form: addMap(text, table) } : addObject(text, table);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new PredictionError(`${file}: is not JSON: ${error.message}`, { cause: error });
  }
}

/** The keys and values of the object that is the text, or a range of it. Throws JsonError. */
function* entriesOf(text: string, range?: JsonItem): Generator<[string, unknown]> {
  for (const item of jsonItems(text, range)) yield [item.key ?? '', parseValue(text, item)];
}

/** The keys and values of an item that is an object; another value is its only one. */
const valuesOf = (text: string, item: JsonItem): Iterable<[string, unknown]> =>
  text[item.from] === '{' ? entriesOf(text, item) : [[MAP_VALUE, parseValue(text, item)]];

function addList(text: string, table: Table, range?: JsonItem): Form {
  let form: Form = 'list';
  for (const item of jsonItems(text, range)) {
    if (text[item.from] === '{') form = 'rows';
    if (text[item.from] === '[') throw table.refusal(`row ${table.rows + 1} is a list, expected an object with an id and an answer`);
    table.add(`row ${table.rows + 1}`, valuesOf(text, item));
  }
  return form;
}

/** Whether the first line that is not empty is an object, and more lines follow. */
function hasManyLines(text: string): boolean {
  const [first, next] = filledLines(text);
  return next !== undefined && /^\{.*\}$/.test(first.line);
}

function* filledLines(text: string): Generator<{ readonly line: string; readonly number: number }> {
  for (let start = 0, number = 1; start < text.length; number++) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    const line = text.slice(start, end).trim();
    if (line !== '') yield { line, number };
    start = end + 1;
  }
}

function addLines(text: string, table: Table): Form {
  for (const { line, number } of filledLines(text)) {
    const isObject = line.startsWith('{');
    try {
      table.add(`line ${number}`, isObject ? entriesOf(line) : []);
      if (!isObject) table.fail('is no JSON object');
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      table.fail('is no JSON object');
    }
  }
  return 'rows';
}

/** The beginning of a map whose keys are ids. */
const IDS_FIRST = /^\s*\{\s*"\s*\d+(\.0+)?\s*"\s*:/;

function addMap(text: string, table: Table, range?: JsonItem): Form {
  for (const item of jsonItems(text, range)) {
    const { key = '' } = item;
    table.add(`key ${shown(key)}`, withKey(key, valuesOf(text, item)));
  }
  return 'map';
}

/**
 * An object around the only list of objects or map from ids in it, as `{"model": ..., "results": [...]}`; without these around the only list;
 * without any list one object of JSON lines.
 */
function addObject(text: string, table: Table): Added {
  const keys: string[] = [];
  const [records, lists]: JsonItem[][] = [[], []];
  for (const item of jsonItems(text, { most: text.length })) {
    keys.push(item.key ?? '');
    table.expectKeys(keys);
    const start = beginning(text, item);
    if (/^\[\s*\{/.test(start) || IDS_FIRST.test(start)) records.push(item);
    else if (start.startsWith('[')) lists.push(item);
  }
  const around = records.length > 0 ? records : lists;
  if (around.length === 0) {
    table.add('row 1', entriesOf(text));
    return { form: 'rows' };
  }
  const names = around.slice(0, 20).map(({ key }) => shown(key));
  if (around.length > 1)
    throw table.refusal(
      `the predictions could be below ${names.join(' or ')}. Keep one list of objects or one map from id to answer (pandas: orient="records")`,
    );
  const [item] = around;
  return { form: (text[item.from] === '[' ? addList : addMap)(text, table, item), below: item.key };
}

const beginning = (text: string, { from, to }: JsonItem): string => text.slice(from, Math.min(to, from + 200));

function* withKey(key: string, values: Iterable<[string, unknown]>): Generator<[string, unknown]> {
  yield [MAP_KEY, key];
  yield* values;
}

function addCsv(file: string, bytes: Buffer, table: Table): Form {
  let header: readonly string[] | undefined;
  let form: Form = 'rows';
  readCsv(file, bytes, (fields, line) => {
    if (header === undefined) {
      if (isAnswerAlone(fields)) [form, header] = ['list', [MAP_VALUE]];
      else {
        header = headerOf(fields, table);
        return;
      }
    }
    const names = header;
    table.add(`line ${line}`, fields.slice(0, names.length).map((field, at) => [names[at], field] as const)); // prettier-ignore
    if (fields.length < names.length || fields.slice(names.length).some((field) => field !== ''))
      table.fail(`has ${fields.length} fields, the header has ${names.length}`);
  });
  return form;
}

const isAnswerAlone = (fields: readonly string[]): boolean =>
  fields.length === 1 && (cellOf(fields[0]).word ?? cellOf(fields[0]).number) !== undefined;

/** The names of the columns. Throws PredictionError for a name given twice, and for a first line that is a prediction. */
function headerOf(fields: readonly string[], table: Table): string[] {
  table.expectKeys(fields);
  const numbers = fields.filter((field) => wholeNumber(field) !== undefined).length;
  if (numbers > 0 && (numbers === fields.length || fields.some((field) => cellOf(field).word !== undefined)))
    throw table.refusal(`has no header: its first line is ${shown(fields.join(','))}. Write the names of the columns above it`);
  const names = fields.map((field, at) => (field === '' ? `column ${at + 1}` : field));
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw table.refusal(`its header names ${shown(twice)} twice`);
  return names;
}
