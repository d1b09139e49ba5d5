import { printable } from '@tass/program';
import { cautions } from './cautions';
import type { Leaderboard, LeaderboardColumn, MethodRow } from './leaderboard';
import { provenance, publishedTables } from './published-tables';
import { referenceOf } from './reference';
import { LEVEL, bestShown, verdictOf } from './significance';
import { describeTest, sideBySide, TESTS_NOTE } from './test-sets';

/**
 * A table for a paper (packages booktabs and, for wide ones, graphicx): the field's columns in their order under their groups, without the
 * extra ones; mean ± standard deviation, the best measured mean bold, significant differences from the reference marked, a legend in the
 * caption. Test sets side by side are a second table. Text from data is escaped. A final newline.
 */
export function renderLatex(leaderboard: Leaderboard): string {
  const view = sideBySide(leaderboard);
  const ofTests = (shown: Leaderboard): string => {
    const sets = leaderboard.tests.map((test) => `% ${printable(describeTest(test))}`);
    return `${sets.join('\n')}\n${table(shown, `${latex(shown.title)}. ${latex(TESTS_NOTE)} ${legend(shown)}`)}`;
  };
  return `${[
    '% \\usepackage{booktabs} and \\usepackage{graphicx}',
    ...cautions(leaderboard).map((caution) => `% ${printable(caution)}`),
    table(leaderboard, caption(leaderboard)),
    ...(view === null ? [] : [ofTests(view)]),
  ].join('\n')}\n`;
}

function table(leaderboard: Leaderboard, text: string): string {
  const columns = leaderboard.columns.filter(({ group }) => group !== 'extra');
  const sections = [measuredRows(leaderboard, columns), plainRows(leaderboard.priors, columns), publishedLines(leaderboard, columns)];
  const groups = groupsOf(columns);
  return [
    '\\begin{table*}',
    '\\centering',
    `\\caption{${text}}`,
    '\\resizebox{\\textwidth}{!}{%',
    `\\begin{tabular}{l${groups.map(({ size }) => ` ${'r'.repeat(size)}`).join('')}}`,
    '\\toprule',
    row(['', ...groups.map(({ name, size }) => `\\multicolumn{${size}}{c}{${latex(name)}}`)]),
    groups.map(({ first, size }) => `\\cmidrule(lr){${first}-${first + size - 1}}`).join(' '),
    row(['Method', ...columns.map(({ header }) => latex(header))]),
    row(['$n$', ...columns.map(({ total }) => String(total))]),
    ...sections.filter((lines) => lines.length > 0).flatMap((lines) => ['\\midrule', ...lines]),
    '\\bottomrule',
    '\\end{tabular}}',
    '\\end{table*}',
  ].join('\n');
}

function measuredRows(leaderboard: Leaderboard, columns: readonly LeaderboardColumn[]): string[] {
  const best = columns.map((column) => bestShown(leaderboard.methods, column));
  const cell = ({ figures, against }: MethodRow, { id }: LeaderboardColumn, at: number): string => {
    const figure = figures[id];
    if (!figure) return '--';
    const mean = figure.mean.toFixed(2);
    const deviation = figure.deviation === null ? '' : ` $\\pm$ ${figure.deviation.toFixed(2)}`;
    const mark = { better: '$^{\\uparrow}$', worse: '$^{\\downarrow}$', none: '' }[verdictOf(against?.[id]) ?? 'none'];
    return `${mean === best[at] ? `\\textbf{${mean}}` : mean}${deviation}${mark}`;
  };
  return leaderboard.methods.map((method) =>
    row([
      latex(method.name) + (method.id === leaderboard.reference ? '$^{\\ast}$' : ''),
      ...columns.map((column, at) => cell(method, column, at)),
    ]),
  );
}

const plainRows = (
  rows: readonly { readonly name: string; readonly figures: Readonly<Record<string, number>> }[],
  columns: readonly LeaderboardColumn[],
  mark = '',
): string[] =>
  rows.map(({ name, figures }) => row([latex(name) + mark, ...columns.map(({ id }) => (id in figures ? figures[id].toFixed(2) : '--'))]));

/** Only those on the same questions. */
function publishedLines(leaderboard: Leaderboard, columns: readonly LeaderboardColumn[]): string[] {
  const { here } = publishedTables(leaderboard);
  return [...here.map((row) => `% ${printable(`${row.name}: ${provenance(row)}`)}`), ...plainRows(here, columns, '$^{\\dagger}$')];
}

const caption = (leaderboard: Leaderboard): string => {
  const { title, dataset } = leaderboard;
  return `${latex(title)}. Accuracy in percent on ${latex(dataset.name)} (${dataset.split}), $n$ questions by type. ${legend(leaderboard)}`.trim();
};

/** What the marks of a table mean. */
function legend(leaderboard: Leaderboard): string {
  const { methods } = leaderboard;
  const reference = referenceOf(leaderboard);
  const sentences: string[] = [];
  if (methods.some(({ runs }) => runs.length > 1)) sentences.push('Mean $\\pm$ standard deviation over seeds.');
  if (methods.length > 1) sentences.push('Bold: the best of the measured means.');
  if (reference) {
    sentences.push(
      `$\\ast$: the reference. $\\uparrow$: above it, $\\downarrow$: below it, with $p < ${LEVEL}$ after Holm's correction (bootstrap over videos) and in every pair of seeds.`,
    );
  }
  if (publishedTables(leaderboard).here.length > 0) sentences.push('$\\dagger$: published, not measured here.');
  return sentences.join(' ');
}

function groupsOf(columns: readonly LeaderboardColumn[]): { name: string; first: number; size: number }[] {
  const groups: { name: string; first: number; size: number }[] = [];
  columns.forEach(({ group }, at) => {
    const last = groups.at(-1);
    if (last?.name === group) last.size += 1;
    else groups.push({ name: group, first: at + 2, size: 1 });
  });
  return groups;
}

const row = (cells: readonly string[]): string => `${cells.join(' & ')} \\\\`;

const COMMANDS: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
  '[': '{[}', // at the beginning of a row it would be an option of the \\ before it
  '±': '$\\pm$',
  '→': '$\\to$',
};
const latex = (text: string): string => printable(text).replaceAll(/[\\{}$&#^_~%<>|"[±→]/g, (sign) => COMMANDS[sign] ?? `\\${sign}`);
