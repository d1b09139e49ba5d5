import { type GridRow, type TableFormat, renderGrid } from '@tass/evaluation';
import { printable } from '@tass/program';
import { attentionFigures } from './attention';
import { useFigures } from './use';
import { cautions } from './cautions';
import { shownColumns } from './columns';
import { costFigures } from './cost';
import { groundingFigures } from './grounding';
import type { Difference, Leaderboard, LeaderboardColumn, MethodRow, PublishedRow } from './leaderboard';
import type { MethodFigures } from './method-figures';
import { counted, decimals, pValue, signed } from './numbers';
import { ELSEWHERE_NOTE, provenance, publishedTables, tableTitle } from './published-tables';
import { referenceOf } from './reference';
import { describeTest, sideBySide, TESTS_NOTE, TESTS_TITLE } from './test-sets';
import { LEVEL, verdictOf } from './significance';

/** The leaderboard for a terminal: the table by question type, the differences from the reference, what was left out. A final newline. */
export const renderText = (leaderboard: Leaderboard): string => render(leaderboard, 'text');

/** The same as Markdown. Text from data is escaped. */
export const renderMarkdown = (leaderboard: Leaderboard): string => render(leaderboard, 'markdown');

const MARKS = { better: ' ▲', worse: ' ▼' } as const;
const DIFFERENCES = ['All', 'A-Avg', 'V-Avg', 'AV-Avg'];

function render(leaderboard: Leaderboard, format: TableFormat): string {
  const escape = format === 'markdown' ? markdown : printable;
  const heading = (text: string, level: number): string => (format === 'markdown' ? `${'#'.repeat(level)} ${text}` : text);
  const { title, created, dataset, publishedRemark, leftOut } = leaderboard;
  const { here, elsewhere } = publishedTables(leaderboard);
  const what = `${escape(dataset.name)}, ${dataset.split}: ${counted(dataset.questions, 'question')} on ${counted(dataset.videos, 'video')}`;
  const parts = [
    `${heading(escape(title), 1)}\n${format === 'markdown' ? '\n' : ''}${what}; sha256 ${escape(dataset.digest)}; ${escape(created)}`,
    mainTable(leaderboard, format, escape),
    legend(leaderboard, escape),
    ...(publishedRemark === null ? [] : [escape(publishedRemark)]),
    ...testsTable(leaderboard, format, escape),
    ...differenceTable(leaderboard, format, escape),
    ...figuresTable(costFigures(leaderboard), format, escape),
    ...figuresTable(groundingFigures(leaderboard), format, escape),
    ...figuresTable(attentionFigures(leaderboard), format, escape),
    ...figuresTable(useFigures(leaderboard), format, escape),
  ];
  const list = (title: string, lines: readonly string[]): void => {
    if (lines.length > 0) parts.push(`${heading(title, 2)}\n${format === 'markdown' ? '\n' : ''}${lines.join('\n')}`);
  };
  list(
    'Cautions',
    cautions(leaderboard).map((caution) => `- ${escape(caution)}`),
  );
  const sources = (rows: readonly PublishedRow[]): string[] => rows.map((row) => `- ${escape(row.name)}: ${escape(provenance(row))}`);
  const onTests = leaderboard.tests.flatMap(({ label, published }) =>
    published.map((row) => ({ ...row, name: `${row.name} on ${label}` })),
  );
  list('Where the published rows were read', sources([...here, ...onTests]));
  for (const table of elsewhere)
    list(escape(tableTitle(table)), [plainTable(table.rows, leaderboard, format, escape), '', ELSEWHERE_NOTE, ...sources(table.rows)]);
  list(
    'Left out',
    leftOut.map(({ run, reason }) => `- ${escape(run)}: ${escape(reason)}`),
  );
  return `${parts.join('\n\n')}\n`;
}

type Escape = (text: string) => string;

function mainTable(leaderboard: Leaderboard, format: TableFormat, escape: Escape): string {
  const { methods, priors } = leaderboard;
  const { here } = publishedTables(leaderboard);
  const columns = shownColumns(leaderboard);
  const measured = methods.map((method) => [
    methodName(method, leaderboard, escape),
    ...columns.map((column) => measuredCell(method, column)),
  ]);
  const plain = (rows: readonly PlainRow[]): string[][] => plainRows(rows, columns, escape);
  const rows: GridRow[] = [['n', ...columns.map(({ total }) => String(total))], ...measured];
  if (priors.length > 0) rows.push({ heading: 'Baselines that use answer frequencies only' }, ...plain(priors));
  if (here.length > 0) rows.push({ heading: 'Published on these questions, not measured here' }, ...plain(here));
  const marked = columns.map(({ id }) => methods.some(({ against }) => verdictOf(against?.[id]) !== null));
  const aligned = rows.map((row) => ('heading' in row ? row : row.map((cell, at) => (marked[at - 1] ? roomForMark(cell) : cell))));
  return renderGrid(gridHeaders(columns, escape), aligned, format);
}

/** The heading of a test set's first column, which is over all its questions, is the test set. */
function testsTable(leaderboard: Leaderboard, format: TableFormat, escape: Escape): string[] {
  const view = sideBySide(leaderboard);
  if (view === null) return [];
  const columns = view.columns.map((column) => ({ ...column, header: column.header === 'All' ? column.group : column.header }));
  const table = mainTable({ ...view, columns }, format, escape);
  const lines = leaderboard.tests.map((test) => `- ${escape(describeTest(test))}`).join('\n');
  return [
    format === 'markdown'
      ? `## ${TESTS_TITLE}\n\n${table}\n\n${TESTS_NOTE}\n\n${lines}`
      : `${TESTS_TITLE}\n${table}\n${TESTS_NOTE}\n${lines}`,
  ];
}

type PlainRow = Pick<PublishedRow, 'name' | 'figures'>;

const plainRows = (rows: readonly PlainRow[], columns: readonly LeaderboardColumn[], escape: Escape): string[][] =>
  rows.map(({ name, figures }) => [escape(name), ...columns.map(({ id }) => (id in figures ? decimals(figures[id]) : '-'))]);

/** Published rows on other questions, with the columns for which any of them has a figure. */
function plainTable(rows: readonly PublishedRow[], leaderboard: Leaderboard, format: TableFormat, escape: Escape): string {
  const columns = leaderboard.columns.filter(({ id }) => rows.some(({ figures }) => id in figures));
  return renderGrid(gridHeaders(columns, escape), plainRows(rows, columns, escape), format);
}

const gridHeaders = (columns: readonly LeaderboardColumn[], escape: Escape): Parameters<typeof renderGrid>[0] => [
  { header: '', align: 'left' },
  ...columns.map(({ header, group }, at) => ({ header: escape(header), opensGroup: group !== columns[at - 1]?.group })),
];

const roomForMark = (cell: string): string => (/[▲▼]$/.test(cell) ? cell : `${cell}  `);

function measuredCell({ figures, against }: MethodRow, { id }: LeaderboardColumn): string {
  const figure = figures[id];
  if (!figure) return '-';
  const verdict = verdictOf(against?.[id]);
  return (
    decimals(figure.mean) + (figure.deviation === null ? '' : ` ± ${decimals(figure.deviation)}`) + (verdict === null ? '' : MARKS[verdict])
  );
}

function methodName({ id, name, runs }: MethodRow, { reference }: Leaderboard, escape: Escape): string {
  const remarks = [...(runs.length > 1 ? [`${runs.length} seeds`] : []), ...(id === reference ? ['reference'] : [])];
  return escape(name) + (remarks.length > 0 ? ` (${remarks.join(', ')})` : '');
}

function legend(leaderboard: Leaderboard, escape: Escape): string {
  const reference = referenceOf(leaderboard);
  const accuracy = 'Accuracies are in percent. A figure over several seeds is the mean ± standard deviation (of a sample, n - 1).';
  if (!reference) return accuracy;
  return `${accuracy}\n▲ and ▼ mark methods that are significantly better and worse than ${escape(reference.name)}: p is below ${LEVEL} after Holm's correction, and every pair of seeds has the same direction.`;
}

function differenceTable(leaderboard: Leaderboard, format: TableFormat, escape: Escape): string[] {
  const { columns, methods, bootstrap } = leaderboard;
  const reference = referenceOf(leaderboard);
  const compared = methods.filter(({ against }) => against !== null);
  if (!reference || compared.length === 0) return [];
  const title = `Against ${escape(reference.name)}, in points`;
  const note = `Intervals and p come from a paired bootstrap over videos (${bootstrap.resamples} resamples, seed ${bootstrap.seed}); p is after Holm's correction.\nThe intervals estimate how these networks would do on other test videos; the differences by seed show the effect of retraining.`;
  const grid = compared.length === 1 ? byColumn(compared[0], columns, format, escape) : byMethod(compared, columns, format, escape);
  return [format === 'markdown' ? `## ${title}\n\n${grid}\n\n${note}` : `${title}\n${grid}\n${note}`];
}

/** For one method, a line for each column. */
function byColumn({ name, against }: MethodRow, columns: readonly LeaderboardColumn[], format: TableFormat, escape: Escape): string {
  const rows = columns.flatMap(({ id, total }) => {
    const one = against?.[id];
    return one ? [[id, String(total), ...inNumbers(one), bySeed(one)]] : [];
  });
  const headers = ['n', escape(name), '95 %', 'p', 'by seed'].map((header, at) => ({ header, opensGroup: at === 1 || at === 4 }));
  return renderGrid([{ header: '', align: 'left' }, ...headers], rows, format);
}

/** For several methods, a line for each, with the averages. */
function byMethod(compared: readonly MethodRow[], columns: readonly LeaderboardColumn[], format: TableFormat, escape: Escape): string {
  const shown = DIFFERENCES.flatMap((id) => columns.filter((column) => column.id === id && column.total > 0));
  const rows = compared.map(({ name, against }) => [
    escape(name),
    ...shown.flatMap(({ id }) => (against?.[id] ? inNumbers(against[id]) : ['-', '-', '-'])),
    bySeed(against?.All),
  ]);
  const headers = shown.flatMap(({ id }) => [{ header: id, opensGroup: true }, { header: '95 %' }, { header: 'p' }]);
  return renderGrid([{ header: '', align: 'left' }, ...headers, { header: 'All, by seed', opensGroup: true }], rows, format);
}

const inNumbers = ({ difference, low, high, adjusted }: Difference): string[] => [
  signed(difference),
  `[${signed(low)}, ${signed(high)}]`,
  pValue(adjusted),
];

function figuresTable({ title, note, headers, lines }: MethodFigures, format: TableFormat, escape: Escape): string[] {
  if (lines.length === 0) return [];
  const rows = lines.map(({ name, cells }) => [escape(name), ...cells]);
  const grid = renderGrid([{ header: '', align: 'left' }, ...headers.map((header) => ({ header, opensGroup: true }))], rows, format);
  return [format === 'markdown' ? `## ${title}\n\n${grid}\n\n${note}` : `${title}\n${grid}\n${note}`];
}

const bySeed = (one: Difference | undefined): string => one?.pairs.map((points) => signed(points, 1)).join(' ') ?? '-';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const markdown = (text: string): string =>
  printable(text)
    .replaceAll(/[\\`*_[\]~|#!]/g, '\\$&')
    .replaceAll(/[&<>]/g, (sign) => ENTITIES[sign]);
