import { createHash } from 'node:crypto';
import { hostileLeaderboard, smallLeaderboard } from '../fixtures/small-leaderboard';
import { sampleLeaderboard } from '../fixtures/sample-leaderboard';
import { renderPage } from '../index';

const page = renderPage(sampleLeaderboard({ methods: 6, seeds: 3 }));
const cellsOf = (text: string, row: RegExp): string[] => {
  const [, cells] = row.exec(text) as RegExpExecArray;
  return cells.split('</td>').map((cell) =>
    cell
      .replaceAll(/<[^>]*>|\s+/g, ' ')
      .trim()
      .replaceAll(/ +/g, ' '),
  );
};

it('asks for nothing from anywhere', () => {
  const attributes = [...page.matchAll(/\s(?:src|srcset|href|action|data|poster|xlink:href)="([^"]*)"/g)].map(([, value]) => value);
  expect(attributes.filter((value) => !value.startsWith('#') && !value.startsWith('data:image/svg+xml,'))).toEqual([]);
  expect(page).not.toMatch(/@import|url\(|<iframe|<object|<embed|fetch\(|XMLHttpRequest|WebSocket/);
  expect(page).not.toMatch(/ style="| on[a-z]+="/);
});

it('allows its own style and program only, by their digests', () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1].replaceAll('&#39;', "'");
  const digest = (tag: string): string => {
    const [, text] = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page) as RegExpExecArray;
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  };
  expect(policy).toBe(
    `default-src 'none'; style-src ${digest('style')}; script-src ${digest('script')}; img-src data:; base-uri 'none'; form-action 'none'`,
  );
});

it('shows mean, deviation, interval and mark of each method, and plain rows without', () => {
  const small = renderPage(smallLeaderboard);
  expect(cellsOf(small, /<tr class="method reference">\s*<th[^]*?<\/th>([^]*?)<\/tr>/)).toEqual([
    '61.00 ± 1.41 57.3–65.0',
    '52.00 ± 2.83 49.0–55.5',
    '',
  ]);
  expect(cellsOf(small, /<tr class="method">\s*<th[^]*?<\/th>([^]*?)<\/tr>/)).toEqual(['61.50 58.0–66.0', '33.33 ▼ 30.0–36.0', '']);
  expect(cellsOf(small, /<tr class="seed">\s*<th[^]*?<\/th>([^]*?)<\/tr>/)).toEqual(['60.00', '50.00', '']);
  expect(small).toMatch(/<a class="badge" href="#source-1">published<\/a>/);
  expect(small).toMatch(/<div id="source-1">\s*<dt>paper<\/dt>\s*<dd>A paper, table 1; older data<\/dd>/);
  expect(small).not.toContain('id="show-extra"'); // no extra column has a question
  expect(small).toContain('TASS answers 52.00 % of all questions right (95 % interval 49.00 to 55.50, 2 runs), the most of 2 methods.');
  expect(small).toContain('Of 1 method compared with the reference TASS, 1 is significantly worse and none better.');
});

it('says how to make the runs again, and how foreign predictions are scored', () => {
  const small = renderPage(smallLeaderboard);
  expect(small).toContain('npx nx run trainer:train --exp=tass-small -m loss.synchrony=0 dataset.root=PATH seed=1,2\n');
  expect(small).toContain('npx nx run evaluator:evaluate --run=run-1 --split=test\n<');
  expect(small).toContain('npx nx run evaluator:score --predictions=theirs.json dataset.root=FOLDER\n');
  const quoted = renderPage(hostileLeaderboard("a'b; rm -rf $HOME"));
  expect(quoted).toContain('--exp=&#39;a&#39;\\&#39;&#39;b; rm -rf $HOME&#39; ');
});

it('takes runs outside of a git checkout for runs', () => {
  const methods = smallLeaderboard.methods.map((method) => ({ ...method, runs: method.runs.map((run) => ({ ...run, code: null })) }));
  const page = renderPage({ ...smallLeaderboard, methods });
  expect(page.match(/evaluator:score/g)).toHaveLength(1);
  expect(page.match(/predictions of another program: not known/g)).toHaveLength(1);
});

it('says of equal methods that they are equal', () => {
  const [one] = smallLeaderboard.methods;
  const same = renderPage({ ...smallLeaderboard, methods: [one, { ...one, id: 'cc', name: 'same' }] });
  expect(same).toContain('2 runs), the most of 2 methods, shared with 1 other.');
});

it('carries the data as JSON', () => {
  const [, text] = /<script type="application\/json" id="data">([^]*?)<\/script>/.exec(renderPage(smallLeaderboard)) as RegExpExecArray;
  const data = JSON.parse(text);
  expect(data).toMatchObject({ schemaVersion: 1, title: 'Small', reference: 'aa', bootstrap: { resamples: 1000, seed: 7 } });
  expect(data.methods[1].figures.All).toEqual({ mean: 33.333333, deviation: null, low: 30, high: 36 });
});

it.each([
  '</script><img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '</title></style><script>alert(1)</script>',
  '<!--',
])('keeps %s a text', (text) => {
  const tags = (of: string): string => (of.match(/<\/?[a-z!-][^\s>]*/gi) ?? []).join('');
  const hostile = renderPage(hostileLeaderboard(text));
  expect(tags(hostile)).toBe(tags(renderPage(hostileLeaderboard('harmless'))));
  expect(hostile).toContain(text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`));
});

it('works with one method and one seed, without reference, published rows, priors, curves and figures', () => {
  const alone = renderPage({
    ...smallLeaderboard,
    methods: [{ ...smallLeaderboard.methods[1], figures: {}, against: null }],
    columns: [],
    reference: null,
    published: [],
    priors: [],
    leftOut: [],
  });
  expect(alone).toContain('No reference was chosen');
  expect(alone).toContain('No run has a curve.');
  expect(alone).toContain('No run was left out.');
  expect(alone).not.toMatch(/NaN|Infinity|undefined|null/.exec(alone.replaceAll(/<script[^]*?<\/script>/g, ''))?.[0] ?? /$^/);
  expect(renderPage(sampleLeaderboard({ methods: 1, seeds: 1 }))).toContain('There is no other method.');
});

it.each([
  [40, 5],
  [200, 1],
])('is below 2 MB for %i methods of %i seeds, with the charts of the best', (methods, seeds) => {
  const leaderboard = sampleLeaderboard({ methods, seeds, epochs: 30 });
  const charted = leaderboard.methods.filter(({ id }, at) => at < 40 || id === leaderboard.reference);
  const large = renderPage(leaderboard);
  expect(Buffer.byteLength(large)).toBeLessThan(2_000_000);
  expect(large.match(/<figure>/g)).toHaveLength(charted.length);
  expect(large.match(/<tr class="method/g)).toHaveLength(methods);
  expect(large.includes('The best 40 methods and the reference')).toBe(methods > 40);
});

it('refuses a reference that is no method', () => {
  expect(() => renderPage({ ...smallLeaderboard, reference: 'cc' })).toThrow('the reference cc is not among the methods');
});
