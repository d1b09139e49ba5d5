import { shellWord } from '@tass/program';
import { methodName, withoutFolders, withoutSeed } from './names';
import type { RunState } from './run-state';
import type { SweepCell, SweepRecord } from './sweep-record';
import { figuresOf, type Figures, type RunOfCell } from './sweep-results';

export interface SweepNote {
  readonly text: string; // Markdown
  readonly best: RunOfCell | undefined;
}

interface Method {
  readonly name: string;
  readonly cells: readonly CellResult[];
}

interface CellResult extends SweepCell {
  readonly state: RunState | undefined; // undefined: not begun
  readonly finished?: { readonly run: RunOfCell; readonly figures: Figures };
}

const MOST_ROWS = 40; // MLflow keeps 8000 characters

/**
 * The description of a sweep's run: a table of its methods, sorted by their mean on val, and its best run on val. Test figures decide
 * nothing. `linkTo`: a run's page, or undefined if the server does not know the run.
 */
export function sweepNote(
  sweep: SweepRecord,
  runs: ReadonlyMap<string, readonly RunOfCell[]>,
  linkTo: (run: RunOfCell) => string | undefined,
): SweepNote {
  const cells = sweep.cells.map((cell) => resultOf(cell, runs.get(cell.address) ?? []));
  const methods = methodsOf(cells, sweep).sort((a, b) => (meanOf(b, 'val') ?? -1) - (meanOf(a, 'val') ?? -1));
  const rows = methods.slice(0, MOST_ROWS).map(rowOf);
  const more = methods.length - rows.length;
  const [best] = cells
    .flatMap((cell) => (cell.finished?.figures.val === undefined ? [] : [{ ...cell.finished, cell }]))
    .sort((a, b) => b.figures.val! - a.figures.val!);
  const parts = [
    best ? `Best on val: ${linked(`${methodName(best.cell, sweep)} · seed ${best.run.seed}`, linkTo(best.run))}: val ${percent(best.figures.val)}, test ${percent(best.figures.test)}.` : '', // prettier-ignore
    [rowOfCells(['method', 'seeds done', 'val', 'test']), '|---|---|---|---|', ...rows].join('\n'),
    more > 0 ? `${more} more methods: ${leaderboard(sweep)}` : '',
    `${stateOf(cells)}. Accuracy on all questions in percent, mean ± standard deviation over the seeds that are done; val chooses the epoch and the order. By question type, with tests: ${leaderboard(sweep)}`,
  ];
  return { text: parts.filter(Boolean).join('\n\n'), best: best?.run };
}

const leaderboard = ({ id }: SweepRecord): string => `\`npx nx run evaluator:leaderboard ${shellWord(`--sweep=${id}`)}\``;

/** If a cell was computed several times, the best of its runs counts. */
function resultOf(cell: SweepCell, runs: readonly RunOfCell[]): CellResult {
  const run = runs.find(({ state }) => state === 'FINISHED');
  const states = runs.map(({ state }) => state);
  const state = (['FINISHED', 'RUNNING', 'FAILED', 'KILLED'] as const).find((one) => states.includes(one));
  return { ...cell, state, ...(run && { finished: { run, figures: figuresOf(run) } }) };
}

/** Methods of the same name get the names of their cells. */
function methodsOf(cells: readonly CellResult[], sweep: SweepRecord): Method[] {
  const keys = [...new Set(cells.map(({ name }) => withoutSeed(name)))];
  const named = keys.map((key) => {
    const of = cells.filter(({ name }) => withoutSeed(name) === key);
    return { key, name: methodName(of[0], sweep), cells: of };
  });
  return named.map(({ key, name, cells: of }) => {
    const isTwice = named.filter((other) => other.name === name).length > 1;
    return { name: isTwice ? `${name} [${withoutFolders(key)}]` : name, cells: of };
  });
}

function rowOf(method: Method): string {
  const done = method.cells.filter(({ finished }) => finished).length;
  return rowOfCells([method.name, `${done} of ${method.cells.length}`, spread(method, 'val'), spread(method, 'test')]);
}

/** Non-breaking spaces, because MLflow sets columns without a gap. */
const rowOfCells = (texts: readonly string[]): string => `| ${texts.map((text) => `${escaped(text)}&emsp;`).join(' | ')} |`;

const escaped = (text: string): string =>
  text
    .replaceAll(/[\\`*_{}[\]>#|~]/g, '\\$&')
    .replaceAll('<', '&lt;')
    .replaceAll('\n', ' ');

const linked = (text: string, address: string | undefined): string => (address ? `[${escaped(text)}](${address})` : escaped(text));

const valuesOf = ({ cells }: Method, split: keyof Figures): number[] => cells.flatMap(({ finished }) => finished?.figures[split] ?? []);

function meanOf(method: Method, split: keyof Figures): number | undefined {
  const values = valuesOf(method, split);
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The sample standard deviation (n - 1), as in the evaluator's tables. */
function spread(method: Method, split: keyof Figures): string {
  const values = valuesOf(method, split);
  const mean = meanOf(method, split);
  if (mean === undefined || values.length < 2) return percent(mean);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return `${percent(mean)} ± ${percent(Math.sqrt(variance))}`;
}

const percent = (value: number | undefined): string => value?.toFixed(2) ?? '-';

function stateOf(cells: readonly CellResult[]): string {
  const count = (wanted: RunState | undefined): number => cells.filter(({ state }) => state === wanted).length;
  const others = [
    [count('RUNNING'), 'running'],
    [count('FAILED'), 'failed'],
    [count('KILLED'), 'stopped'],
    [count(undefined), 'not begun'],
  ] as const;
  const parts = others.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return `${count('FINISHED')} of ${cells.length} cells are done${parts.length > 0 ? `, ${parts.join(', ')}` : ''}`;
}
