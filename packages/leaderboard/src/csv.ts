import type { Difference, Figure, Leaderboard, RunRow } from './leaderboard';

import { withTests } from './test-sets';

type Value = string | number | null | undefined;
interface CsvRow {
  readonly head: Readonly<Partial<Record<(typeof HEAD)[number], Value>>>;
  readonly accuracy: Readonly<Record<string, number>>;
  readonly figures?: Readonly<Record<string, Figure>>;
  readonly against?: Readonly<Record<string, Difference>> | null;
}

const HEAD = [
  'level',
  'method',
  'name',
  'experiment',
  'run',
  'seed',
  'seeds',
  'code',
  'engine',
  'epoch',
  'visual entropy',
  'audio entropy',
  'parameters',
  'training seconds',
  'peak megabytes',
  'dataset',
  'questions',
  'source',
  'protocol',
  'note',
] as const;
const STATISTICS = ['deviation', 'low', 'high', 'difference', 'difference low', 'difference high', 'p', 'adjusted p'] as const;

/**
 * One row for each method (`level` is `method`: means over seeds) and, after it, for each of its runs (`run`); then priors (`prior`) and
 * published rows (`published`), whose `dataset` and `questions` name what they are on. Accuracies in percent are under the columns' ids, then each column's statistics, `A-Count deviation` and so
 * on, which only methods have; those of other test sets follow, under ids such as `music-avqa-r A-Count`. A first data row (`questions`) has the number of questions. Numbers are unrounded; unknown ones are empty.
 * RFC 4180: CRLF, quotes where needed. Text that a spreadsheet would read as a formula gets an apostrophe before it; JSON has it unchanged.
 */
export function renderCsv(leaderboard: Leaderboard): string {
  const { columns, methods, priors, published } = withTests(leaderboard);
  const totals = Object.fromEntries(columns.map(({ id, total }) => [id, total]));
  const rows: CsvRow[] = [
    { head: { level: 'questions' }, accuracy: totals },
    ...methods.flatMap(({ id, name, experiment, runs, figures, against }): CsvRow[] => {
      const accuracy = Object.fromEntries(Object.entries(figures).map(([column, { mean }]) => [column, mean]));
      const method = { method: id, name, experiment };
      return [
        { head: { level: 'method', ...method, seeds: runs.length }, accuracy, figures, against },
        ...runs.map((run) => runRow(method, run)),
      ];
    }),
    ...priors.map(({ name, figures }): CsvRow => ({ head: { level: 'prior', name }, accuracy: figures })),
    ...published.map(({ figures, ...head }): CsvRow => ({ head: { level: 'published', ...head }, accuracy: figures })),
  ];
  const ids = columns.map(({ id }) => id);
  const header = [...HEAD, ...ids, ...ids.flatMap((id) => STATISTICS.map((statistic) => `${id} ${statistic}`))];
  const lines = rows.map(({ head, accuracy, figures, against }) => [
    ...HEAD.map((key) => head[key]),
    ...ids.map((id) => accuracy[id]),
    ...ids.flatMap((id) => statistics(figures?.[id], against?.[id])),
  ]);
  return [header, ...lines].map((line) => `${line.map(field).join(',')}\r\n`).join('');
}

const runRow = (method: CsvRow['head'], { id, seed, code, engine, epoch, attention, cost, figures }: RunRow): CsvRow => ({
  head: {
    ...{ level: 'run', ...method, run: id, seed, code, engine, epoch },
    ...{ 'visual entropy': attention?.visual, 'audio entropy': attention?.audio },
    ...{ parameters: cost.parameters, 'training seconds': cost.trainingSeconds, 'peak megabytes': cost.peakMegabytes },
  },
  accuracy: figures,
});

function statistics(figure: Figure | undefined, difference: Difference | undefined): Value[] {
  const of = [figure?.deviation, figure?.low, figure?.high];
  return [...of, difference?.difference, difference?.low, difference?.high, difference?.p, difference?.adjusted];
}

const FORMULA = /^[\s]*[=+\-@＝＋－＠]/;

function field(value: Value): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const harmless = FORMULA.test(value) || /^[\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
