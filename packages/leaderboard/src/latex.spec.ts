import { hostileLeaderboard, smallLeaderboard } from './fixtures/small-leaderboard';
import { sampleLeaderboard } from './fixtures/sample-leaderboard';
import { renderLatex } from './index';

it('is a booktabs table with groups, marks and a legend', () => {
  const lines = renderLatex(smallLeaderboard).split('\n');
  expect(lines.slice(5)).toEqual([
    '\\begin{tabular}{l r r}',
    '\\toprule',
    ' & \\multicolumn{1}{c}{Audio} & \\multicolumn{1}{c}{All} \\\\',
    '\\cmidrule(lr){2-2} \\cmidrule(lr){3-3}',
    'Method & A-Avg & All \\\\',
    '$n$ & 200 & 300 \\\\',
    '\\midrule',
    'TASS$^{\\ast}$ & 61.00 $\\pm$ 1.41 & \\textbf{52.00} $\\pm$ 2.83 \\\\',
    'theirs & \\textbf{61.50} & 33.33$^{\\downarrow}$ \\\\',
    '\\midrule',
    'majority & 40.00 & 30.13 \\\\',
    '\\midrule',
    '% paper: A paper, table 1; one run',
    'paper$^{\\dagger}$ & -- & 70.50 \\\\',
    '\\bottomrule',
    '\\end{tabular}}',
    '\\end{table*}',
    '',
  ]);
  expect(lines[3]).toBe(
    "\\caption{Small. Accuracy in percent on world (test), $n$ questions by type. Mean $\\pm$ standard deviation over seeds. Bold: the best of the measured means. $\\ast$: the reference. $\\uparrow$: above it, $\\downarrow$: below it, with $p < 0.05$ after Holm's correction (bootstrap over videos) and in every pair of seeds. $\\dagger$: published, not measured here.}",
  );
});

it("has the field's columns under their groups, the extra ones left out", () => {
  const lines = renderLatex(sampleLeaderboard({ methods: 3, seeds: 1 })).split('\n');
  expect(lines).toContain('\\begin{tabular}{l rrr rrr rrrrrr r}');
  expect(lines).toContain('\\cmidrule(lr){2-4} \\cmidrule(lr){5-7} \\cmidrule(lr){8-13} \\cmidrule(lr){14-14}');
  const rows = lines.filter((line) => line.endsWith(' \\\\') && !line.includes('multicolumn'));
  expect(new Set(rows.map((row) => row.split(' & ').length))).toEqual(new Set([14]));
});

it('escapes what TeX would act on', () => {
  const nasty = '\\input{x} 50% of $a_b$ & #1 ~ ^ "q" <|>\n[2em]';
  const rows = renderLatex(hostileLeaderboard(nasty)).split('\n');
  const escaped =
    '\\textbackslash{}input\\{x\\} 50\\% of \\$a\\_b\\$ \\& \\#1 \\textasciitilde{} \\textasciicircum{} \\textquotedbl{}q\\textquotedbl{} \\textless{}\\textbar{}\\textgreater{} {[}2em]';
  expect(rows.filter((row) => row.startsWith(escaped))).toHaveLength(4); // two methods, a prior, a published row
  const uncommented = rows.filter((row) => !row.startsWith('%')).join('\n');
  expect(uncommented.replaceAll(/\\[\\{}%]/g, '').replaceAll(/[^{}]/g, '')).toMatch(/^(\{\}|\{|\})*$/);
  const depth = [...uncommented.replaceAll(/\\[{}]/g, '')].reduce((sum, sign) => sum + Number(sign === '{') - Number(sign === '}'), 0);
  expect(depth).toBe(0);
});
