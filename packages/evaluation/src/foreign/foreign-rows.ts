import { PredictionError } from '../match-predictions';
import { parseCsv } from './csv';
import { parseJson, shown } from './foreign-text';

/** One prediction as a file of another program has it, not yet looked at. */
export interface ForeignRow {
  readonly place: string; // `row 3`, `line 7`, `key 4711`
  readonly id: unknown;
  readonly answer: unknown;
  readonly problem?: string; // why there is neither
}

const ID_KEYS = ['question_id', 'questionId', 'id', 'qid'];
// `answer` last: where a file also has a key that says it is a prediction, `answer` is the right one.
const ANSWER_KEYS = ['predicted', 'prediction', 'pred', 'predicted_answer', 'pred_answer', 'answer'];

/** The rows of a predictions file of another program, whichever of the forms it has. Throws PredictionError where it has none of them. */
export function foreignRows(file: string, text: string): ForeignRow[] {
  const start = text.trimStart()[0];
  if (start === undefined) throw new PredictionError(`evaluation: ${file}: is empty, expected predictions`);
  if (start === '[') return rowsOfObjects(parseJson(file, text) as unknown[], (at) => `row ${at + 1}`);
  if (start !== '{') return rowsOfCsv(file, text);
  const lines = text.split(/\r?\n/);
  const filled = lines.flatMap((line, at) => (line.trim() === '' ? [] : [{ line, at }]));
  const isLines = filled.length > 1 && filled.slice(0, 2).every(({ line }) => /^\s*\{.*\}\s*$/.test(line));
  if (isLines || isRecord(quietJson(text))) return rowsOfLines(filled);
  return Object.entries(parseJson(file, text) as Record<string, unknown>).map(([id, answer]) => ({
    place: `key ${JSON.stringify(id)}`,
    id,
    answer,
  }));
}

/** A single object with an id and an answer: JSON lines of one line. */
const isRecord = (content: unknown): boolean => {
  const keys = content !== null && typeof content === 'object' ? Object.keys(content) : [];
  return ID_KEYS.some((key) => keys.includes(key)) && ANSWER_KEYS.some((key) => keys.includes(key));
};

function rowsOfLines(lines: readonly { readonly line: string; readonly at: number }[]): ForeignRow[] {
  const rows = lines.map(({ line }) => quietJson(line));
  return rowsOfObjects(rows, (at) => `line ${lines[at].at + 1}`);
}

function rowsOfCsv(file: string, text: string): ForeignRow[] {
  const [header, ...records] = parseCsv(text);
  if (!ID_KEYS.some((key) => header.fields.includes(key)))
    throw new PredictionError(
      `evaluation: ${file}: is neither JSON nor CSV with a header that names the question id (${ID_KEYS.join(', ')}): its first line is ${shown(header.fields.join(','))}`,
    );
  const rows = records.map(({ fields }) => Object.fromEntries(header.fields.map((name, at) => [name, fields[at]])));
  return rowsOfObjects(rows, (at) => `line ${records[at].line}`);
}

/** The keys are those of the first object; every other needs them too. */
function rowsOfObjects(rows: readonly unknown[], placeOf: (at: number) => string): ForeignRow[] {
  const objects = rows.map((row) =>
    row !== null && typeof row === 'object' && !Array.isArray(row) ? (row as Record<string, unknown>) : undefined,
  );
  const first = objects.find((row) => row !== undefined) ?? {};
  const idKey = ID_KEYS.find((key) => key in first) ?? ID_KEYS[0];
  const answerKey = ANSWER_KEYS.find((key) => key in first) ?? ANSWER_KEYS[0];
  return objects.map((row, at) => {
    const place = placeOf(at);
    if (row === undefined) return { place, id: undefined, answer: undefined, problem: 'is no JSON object' };
    const absent = [
      row[idKey] === undefined ? `has no ${idKey} (nor ${ID_KEYS.filter((key) => key !== idKey).join(', ')})` : '',
      row[answerKey] === undefined ? `has no ${answerKey} (nor ${ANSWER_KEYS.filter((key) => key !== answerKey).join(', ')})` : '',
    ].filter((one) => one !== '');
    return { place, id: row[idKey], answer: row[answerKey], ...(absent.length > 0 ? { problem: absent.join(' and ') } : {}) };
  });
}

function quietJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
