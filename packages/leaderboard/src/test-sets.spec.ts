import { escaped, hostileTexts, tagsOf } from '@tass/testing';
import { hostileLeaderboard, smallLeaderboard } from './fixtures/small-leaderboard';
import { testSets } from './fixtures/test-sets';
import { renderCsv, renderJson, renderLatex, renderMarkdown, renderPage, renderText } from './index';
import { publishedTables } from './published-tables';
import { sideBySide, withTests } from './test-sets';

const leaderboard = { ...smallLeaderboard, tests: testSets };
const hostile = (text: string) => ({
  ...hostileLeaderboard(text),
  tests: testSets.map((test) => ({ ...test, label: text, name: text, digest: text })),
});

it('prints a group of columns for each test set, the own one first, and what each is', () => {
  expect(renderText(leaderboard)).toContain(`
Test sets side by side
                          |            own             A |              O             A | O, tail    A
n                         |          300             200 |         1200             500 |     400    0
TASS (2 seeds, reference) | 52.00 ± 2.83    61.00 ± 1.41 | 45.25 ± 0.50    41.00 ± 1.00 |   30.00    -
theirs                    |        33.33 ▼         61.50 |        35.75 ▼         44.00 |       -    -

Baselines that use answer frequencies only
majority                  |        30.13           40.00 |        25.00               - |       -    -

Published on these questions, not measured here
paper                     |        70.50               - |        66.50               - |       -    -
elsewhere                 |            -               - |            -           61.00 |       -    -
Each group of columns is a test set: all its questions, then its audio (A), visual (V) and audio-visual (AV) ones. Differences from the reference are tested within a test set.
- O: Other (without 3 questions); 1,200 questions on 1 video; sha256 ${'e2'.repeat(32)}
- O, tail: Other: rare answers; 400 questions on 1 video; sha256 ${'e2'.repeat(32)}
`);
  expect(renderText(leaderboard)).toContain('\n- paper: A paper, table 1; one run\n- paper on O: Its table 4\n- elsewhere on O: A blog\n');
});

it('repeats no published row that is on the own test set only', () => {
  const [paper] = smallLeaderboard.published;
  const view = sideBySide({ ...leaderboard, published: [paper, { ...paper, name: 'once' }] });
  expect(view?.published.map(({ name }) => name)).toEqual(['paper', 'elsewhere']);
});

it('adds nothing where no other test set was asked for', () => {
  expect(sideBySide(smallLeaderboard)).toBeNull();
  expect(withTests(smallLeaderboard)).toBe(smallLeaderboard);
  for (const render of [renderText, renderMarkdown, renderLatex, renderPage]) expect(render(smallLeaderboard)).not.toContain('Test sets');
});

it('has every type, run and statistic of every test set in CSV, after those of the own one', () => {
  const [header, ...lines] = renderCsv(leaderboard)
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
  const valueIn = (level: string, run: string, column: string): (string | undefined)[] =>
    lines.filter((line) => line[0] === level && line[4] === run).map((line) => line[header.indexOf(column)]);
  expect(header.slice(header.indexOf('A-Avg'), header.indexOf('other-tail All') + 1)).toEqual(
    ['A-Avg', 'All', 'disjoint', 'other A-Count', 'other A-Avg', 'other All', 'other-tail A-Avg', 'other-tail All'], // prettier-ignore
  );
  expect(valueIn('questions', '', 'other All')).toEqual(['1200']);
  expect(valueIn('method', '', 'other All difference')).toEqual(['', '-9.5']);
  expect(valueIn('method', '', 'other A-Count low')).toEqual(['39', '']);
  expect([valueIn('run', 'run-1', 'other-tail All'), valueIn('run', 'run-2', 'other-tail All')]).toEqual([[''], ['30']]);
  expect(valueIn('prior', '', 'other All')).toEqual(['25']);
  expect(lines.filter(([level]) => level === 'published').map((line) => line[header.indexOf('other All')])).toEqual(['', '', '66.5', '']);
});

it('is a second table in LaTeX and in Markdown, and data in JSON', () => {
  const tex = renderLatex(leaderboard);
  expect(tex.match(/\\begin\{table\*\}/g)).toHaveLength(2);
  const second = tex.slice(tex.lastIndexOf('\\begin{table*}'));
  expect(second).toContain(' & \\multicolumn{2}{c}{own} & \\multicolumn{2}{c}{O} & \\multicolumn{2}{c}{O, tail} \\\\\n');
  expect(second).toContain('\ntheirs & 33.33$^{\\downarrow}$ & \\textbf{61.50} & 35.75$^{\\downarrow}$ & \\textbf{44.00} & -- & -- \\\\\n');
  expect(second).toContain('\n% paper: on world, test: A paper, table 1; one run; on Other, all: Its table 4\n');
  expect(renderMarkdown(leaderboard)).toMatch(/\n\n## Test sets side by side\n\n\| +\| +own \| +A \| +O \|/);
  expect(JSON.parse(renderJson(leaderboard)).tests).toEqual(testSets);
});

it('is in the page below the main table, with links from published rows to their sources', () => {
  const page = renderPage(leaderboard);
  const section = page.slice(page.indexOf('<div class="tests">')).split('</section>')[0];
  expect(section.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')).toContain(
    'Method own O O, tail All n 300 A n 200 All n 1,200 A n 500 All n 400 A n 0 TASS reference 2 seeds 52.00 ± 2.83',
  );
  const [table] = section.split('</table>');
  const linked = [...table.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id);
  expect(linked).toEqual(['test-source-1', 'test-source-2']);
  for (const id of linked) expect(section).toContain(`<div id="${id}">`);
  const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

it('shows published rows on these test sets in no table of their own', () => {
  const published = [...smallLeaderboard.published, ...testSets[0].published];
  expect(publishedTables({ ...leaderboard, published }).elsewhere.map(({ questions }) => questions)).toEqual(['old test']);
  expect(renderText({ ...leaderboard, published })).not.toContain('Published on Other');
});

it.each(hostileTexts)('keeps %s a text', (text) => {
  const page = renderPage(hostile(text));
  expect(tagsOf(page)).toBe(tagsOf(renderPage(hostile('harmless'))));
  expect(page).toContain(escaped(text));
  expect(renderText(hostile('\u001b[2J\u202eevil\nname')).replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u202e]/);
});
