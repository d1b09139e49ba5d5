import { type GridRow, type TableFormat, renderGrid } from '@tass/evaluation';
import { printable } from '@tass/program';
import { ATTENTION_NOTE, ATTENTION_TITLE, attentionLines } from './attention';
import { cautions } from './cautions';
import { shownColumns } from './columns';
import type { Difference, Leaderboard, LeaderboardColumn, MethodRow } from './leaderboard';
import { counted, decimals, pValue, signed } from './numbers';
import { referenceOf } from './reference';
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
  const { title, created, dataset, published, leftOut } = leaderboard;
  const what = `${escape(dataset.name)}, ${dataset.split}: ${counted(dataset.questions, 'question')} on ${counted(dataset.videos, 'video')}`;
  const parts = [
    `${heading(escape(title), 1)}\n${format === 'markdown' ? '\n' : ''}${what}; sha256 ${escape(dataset.digest)}; ${escape(created)}`,
    mainTable(leaderboard, format, escape),
    legend(leaderboard, escape),
    ...differenceTable(leaderboard, format, escape),
    ...attentionTable(leaderboard, format, escape),
  ];
  const list = (title: string, lines: readonly string[]): void => {
    if (lines.length > 0) parts.push(`${heading(title, 2)}\n${format === 'markdown' ? '\n' : ''}${lines.join('\n')}`);
  };
  list(
    'To be minded',
    cautions(leaderboard).map((caution) => `- ${escape(caution)}`),
  );
  list(
    'Where the published rows (test questions of MUSIC-AVQA) were read',
    published.map(({ name, source, note }) => `- ${escape(name)}: ${escape(source)}; ${escape(note)}`),
  );
  list(
    'Left out',
    leftOut.map(({ run, reason }) => `- ${escape(run)}: ${escape(reason)}`),
  );
  return `${parts.join('\n\n')}\n`;
}

type Escape = (text: string) => string;

function mainTable(leaderboard: Leaderboard, format: TableFormat, escape: Escape): string {
  const { methods, priors, published } = leaderboard;
  const columns = shownColumns(leaderboard);
  const measured = methods.map((method) => [
    methodName(method, leaderboard, escape),
    ...columns.map((column) => measuredCell(method, column)),
  ]);
  const plain = (rows: readonly { name: string; figures: Readonly<Record<string, number>> }[]): string[][] =>
    rows.map(({ name, figures }) => [escape(name), ...columns.map(({ id }) => (id in figures ? decimals(figures[id]) : '-'))]);
  const rows: GridRow[] = [['n', ...columns.map(({ total }) => String(total))], ...measured];
  if (priors.length > 0) rows.push({ heading: 'Rules that only know how frequent answers are' }, ...plain(priors));
  if (published.length > 0) rows.push({ heading: 'Published, not measured here' }, ...plain(published));
  const marked = columns.map(({ id }) => methods.some(({ against }) => verdictOf(against?.[id]) !== null));
  const aligned = rows.map((row) => ('heading' in row ? row : row.map((cell, at) => (marked[at - 1] ? roomForMark(cell) : cell))));
  const headers = columns.map(({ header, group }, at) => ({ header: escape(header), opensGroup: group !== columns[at - 1]?.group }));
  return renderGrid([{ header: '', align: 'left' }, ...headers], aligned, format);
}

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
  const accuracy = 'Accuracy in percent; several seeds as mean ± standard deviation (of a sample, n - 1).';
  if (!reference) return accuracy;
  return `${accuracy}\n▲ above and ▼ below the reference ${escape(reference.name)}: p below ${LEVEL} after Holm's correction, the same in every pair of seeds.`;
}

function differenceTable(leaderboard: Leaderboard, format: TableFormat, escape: Escape): string[] {
  const { columns, methods, bootstrap } = leaderboard;
  const reference = referenceOf(leaderboard);
  const compared = methods.filter(({ against }) => against !== null);
  if (!reference || compared.length === 0) return [];
  const title = `Against ${escape(reference.name)}, in points`;
  const note = `Intervals and p: paired bootstrap over videos (${bootstrap.resamples} resamples, seed ${bootstrap.seed}); p after Holm's correction.\nThey speak of other test videos for these networks; what other trainings change, the differences by seed show.`;
  const grid = compared.length === 1 ? byColumn(compared[0], columns, format, escape) : byMethod(compared, columns, format, escape);
  return [format === 'markdown' ? `## ${title}\n\n${grid}\n\n${note}` : `${title}\n${grid}\n${note}`];
}

/** Of one method, a line for each column. */
function byColumn({ name, against }: MethodRow, columns: readonly LeaderboardColumn[], format: TableFormat, escape: Escape): string {
  const rows = columns.flatMap(({ id, total }) => {
    const one = against?.[id];
    return one ? [[id, String(total), ...inNumbers(one), bySeed(one)]] : [];
  });
  const headers = ['n', escape(name), '95 %', 'p', 'by seed'].map((header, at) => ({ header, opensGroup: at === 1 || at === 4 }));
  return renderGrid([{ header: '', align: 'left' }, ...headers], rows, format);
}

/** Of several, a line for each, with the averages. */
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

function attentionTable(leaderboard: Leaderboard, format: TableFormat, escape: Escape): string[] {
  const lines = attentionLines(leaderboard);
  if (lines.length === 0) return [];
  const rows = lines.map(({ name, visual, audio }) => [escape(name), visual, audio]);
  const grid = renderGrid(
    [{ header: '', align: 'left' }, ...['visual', 'audio'].map((header) => ({ header, opensGroup: true }))],
    rows,
    format,
  );
  return [
    format === 'markdown' ? `## ${ATTENTION_TITLE}\n\n${grid}\n\n${ATTENTION_NOTE}` : `${ATTENTION_TITLE}\n${grid}\n${ATTENTION_NOTE}`,
  ];
}

const bySeed = (one: Difference | undefined): string => one?.pairs.map((points) => signed(points, 1)).join(' ') ?? '-';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const markdown = (text: string): string =>
  printable(text)
    .replaceAll(/[\\`*_[\]~|#!]/g, '\\$&')
    .replaceAll(/[&<>]/g, (sign) => ENTITIES[sign]);
