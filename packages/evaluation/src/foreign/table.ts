import { PredictionError } from '../match-predictions';
import { quoted, shown } from './wording';

const MOST_COLUMNS = 200;
const MOST_CHARACTERS = 200; // of a text that is kept: an answer or an id is shorter

/** A file of predictions as rows and named columns, not yet understood. Throws PredictionError when it is far larger than its questions need. */
export class Table {
  readonly places: string[] = []; // [rows], `row 3`, `line 7` or `key "4711"`
  readonly columns = new Map<string, unknown[]>(); // [rows] or fewer each, undefined if a row has no such key
  readonly problems = new Map<number, string>(); // row -> why nothing can be taken from it

  constructor(
    private readonly file: string,
    private readonly mostRows: number,
  ) {}

  get rows(): number {
    return this.places.length;
  }

  get keys(): string[] {
    return [...this.columns.keys()];
  }

  add(place: string, values: Iterable<readonly [key: string, value: unknown]>): void {
    if (this.rows === this.mostRows) throw this.refusal(`has more than ${this.mostRows} rows, far more than there are questions`);
    const row = this.places.push(place) - 1;
    for (const [key, value] of values) {
      const column = this.columns.get(key) ?? this.newColumn(key);
      if (column.length > row) this.problems.set(row, `has the key ${shown(key)} twice`);
      else column[row] = kept(value);
    }
  }

  /** A row from which nothing, or not everything, can be taken. */
  fail(problem: string): void {
    this.problems.set(this.rows - 1, problem);
  }

  /** The values of a key [rows]. Throws PredictionError for a key that no row has. */
  column(key: string, option: string): readonly unknown[] {
    const column = this.columns.get(key);
    if (column) return Array.from(this.places, (_, row) => column[row]); // a gap would be left out by `every`
    throw this.refusal(`no row has the key ${shown(key)} that ${option} names. The keys are ${quoted(this.keys)}`);
  }

  refusal(what: string): PredictionError {
    return new PredictionError(`${this.file}: ${what}`);
  }

  /** Throws PredictionError for more keys than a table may have. */
  expectKeys(keys: readonly string[]): void {
    if (keys.length <= MOST_COLUMNS) return;
    throw this.refusal(`has more than ${MOST_COLUMNS} keys (${quoted(keys, 3)}), expected an id, an answer and a few more`);
  }

  private newColumn(key: string): unknown[] {
    if (this.columns.size === MOST_COLUMNS) this.expectKeys([...this.keys, key]);
    const column: unknown[] = [];
    this.columns.set(key, column);
    return column;
  }
}

/** Long texts, such as a model's reasoning, are cut, with a mark that no answer has; a copy, as a mere slice would keep the whole text in memory. */
const kept = (value: unknown): unknown =>
  typeof value === 'string' && value.length > MOST_CHARACTERS ? Buffer.from(`${value.slice(0, MOST_CHARACTERS)}…`).toString() : value;
