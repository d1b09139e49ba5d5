import { gunzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { escaped, hostileTexts, tagsOf } from '@tass/testing';
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

const sectionOf = (text: string, id: string): string => text.slice(text.indexOf(`<section id="${id}"`)).split('</section>')[0];
const textOf = (markup: string): string =>
  markup
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

it('shows templates across methods, the best bold', () => {
  const section = sectionOf(renderPage(smallLeaderboard), 'templates');
  expect(textOf(section)).toContain('Template Type n TASS theirs How many? A-Count 8 50.0 100.0 Which first? AV-Temp 3 100.0 0.0');
  expect([...section.matchAll(/<b>([\d.]+)/g)].map(([, best]) => best)).toEqual(['100.0', '100.0']);
});

it('shows which answers are mistaken for which, folded', () => {
  const section = sectionOf(renderPage(smallLeaderboard), 'confusion');
  expect(textOf(section)).toContain(
    'TASS 5 wrong answers in 2 runs Right Given Times of all with this right answer two cello 3 37.5 % cello two 2 66.7 %',
  );
  expect(textOf(section)).toContain('theirs 0 wrong answers in 1 run');
  expect(section).not.toContain('<details open');
});

it('shows calibration where predictions have probabilities, and says where they have none', () => {
  const section = sectionOf(renderPage(smallLeaderboard), 'calibration');
  expect(section).toContain('aria-label="TASS: ECE 15.00 ± 0.00. 75 % sure: 75 % right of 20"');
  expect(textOf(section)).toContain('Without probabilities: theirs.');
  const [, theirs] = smallLeaderboard.methods;
  expect(renderPage({ ...smallLeaderboard, methods: [theirs], reference: null })).toContain('No predictions here have probabilities');
});

it('links the files of runs inside of the project by the way that is given, and says where there are none', () => {
  const linked = sectionOf(renderPage(smallLeaderboard, '../..'), 'runs');
  expect([...linked.matchAll(/href="([^"]*)"/g)].map(([, way]) => way)).toEqual(
    ['config.yaml', 'report.md', 'metrics.jsonl', 'predictions-test.jsonl'].map((file) => `../../runs/tass-small/run-1/${file}`),
  );
  expect(linked.match(/>elsewhere</g)).toHaveLength(2);
  const without = sectionOf(renderPage(smallLeaderboard), 'runs');
  expect(without).not.toContain('href');
  expect(without).toContain('Their files are not linked');
  expect(renderPage(hostileLeaderboard('javascript:alert(1)//"><b>'), '..')).toContain('href="../javascript%3Aalert(1)/');
});

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
  expect(small).toMatch(/<div id="source-1">\s*<dt>paper<\/dt>\s*<dd>A paper, table 1; one run<\/dd>/);
  expect(small.indexOf('<table id="table"')).toBeLessThan(small.indexOf('Published on world, old test'));
  const [main] = /<table id="table"[^]*?<\/table>/.exec(small) as RegExpExecArray;
  expect([main.includes('70.50'), main.includes('80.50')]).toEqual([true, false]);
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
  expect(quoted).toContain('&#39;--exp=a&#39;\\&#39;&#39;b; rm -rf $HOME&#39; ');
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

it('carries the data as JSON, gzipped', () => {
  const [, packed] = /id="data">([^<]*)<\/script>/.exec(renderPage(smallLeaderboard)) as RegExpExecArray;
  const data = JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString());
  expect(data).toMatchObject({ schemaVersion: 1, title: 'Small', reference: 'aa', bootstrap: { resamples: 1000, seed: 7 } });
  expect(data.methods[1].figures.All).toEqual({ mean: 33.333333, deviation: null, low: 30, high: 36 });
});

it.each(hostileTexts)('keeps %s a text', (text) => {
  const hostile = renderPage(hostileLeaderboard(text));
  expect(tagsOf(hostile)).toBe(tagsOf(renderPage(hostileLeaderboard('harmless'))));
  expect(hostile).toContain(escaped(text));
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
  expect(sectionOf(large, 'curves').match(/<figure>/g)).toHaveLength(charted.length);
  expect(sectionOf(large, 'calibration').match(/<figure>/g)).toHaveLength(charted.length);
  expect(sectionOf(large, 'confusion').match(/data-method/g)).toHaveLength(charted.length);
  expect(large.match(/<tr class="method/g)).toHaveLength(methods);
  expect(large.includes('Only the best 40 methods and the reference')).toBe(methods > 40);
});

it('refuses a reference that is no method', () => {
  expect(() => renderPage({ ...smallLeaderboard, reference: 'cc' })).toThrow('the reference cc is not among the methods');
});
