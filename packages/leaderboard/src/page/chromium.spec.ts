import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hostileLeaderboard } from '../fixtures/small-leaderboard';
import { sampleLeaderboard } from '../fixtures/sample-leaderboard';
import { renderPage } from '../index';

const program = process.env.CHROMIUM ?? (spawnSync('chromium', ['--version']).status === 0 ? 'chromium' : null);
const whenThere = program === null ? describe.skip : describe;

/** Stands before the page's policy, so it is not bound by it: notes every violation and error, then does `act` and writes what it returns. */
const probe = (act: string): string => `<script>
  const troubles = [];
  addEventListener('error', (event) => troubles.push('error: ' + event.message), true);
  addEventListener('unhandledrejection', (event) => troubles.push('rejection: ' + event.reason));
  addEventListener('securitypolicyviolation', (event) => troubles.push('violation: ' + event.violatedDirective + ' ' + event.blockedURI));
  window.alert = (text) => troubles.push('alert: ' + text);
  addEventListener('load', () => setTimeout(() => {
    const result = (() => { ${act} })();
    const requests = performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => !name.startsWith('data:'));
    const element = document.createElement('output');
    element.id = 'probe';
    element.textContent = encodeURIComponent(JSON.stringify({ troubles, requests, result }));
    document.body.append(element);
  }, 50));
</script>`;

whenThere('the page in Chromium (skipped unless the environment names it, CHROMIUM=<program>, or it is on the path)', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'leaderboard-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function open(page: string, act: string, ...options: string[]): { troubles: string[]; requests: string[]; result: unknown } {
    const file = join(folder, 'page.html');
    writeFileSync(file, page.replace('<head>', `<head>${probe(act)}`));
    const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
    const words = ['--headless', '--no-sandbox', '--disable-gpu', ...quiet, `--user-data-dir=${join(folder, 'profile')}`];
    const all = [...words, ...options, '--virtual-time-budget=2000', '--dump-dom', pathToFileURL(file).href];
    const dom = execFileSync(program as string, all, { encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'ignore'] });
    const [, text] = /<output id="probe">([^<]*)<\/output>/.exec(dom) ?? [];
    return JSON.parse(decodeURIComponent(text));
  }
  const clean = { troubles: [], requests: [] };

  it('loads without an error and a request, sorts by keyboard and mouse, keeps seeds with their method, and shows what is switched on', () => {
    const leaderboard = sampleLeaderboard({ methods: 5, seeds: 2 });
    const opened = open(
      renderPage(leaderboard),
      `const names = (body) => [...document.querySelectorAll('#table .' + body + ' .title')].map(({ textContent }) => textContent);
       const header = (text) => [...document.querySelectorAll('#table thead th')].find((th) => th.textContent.trim().startsWith(text));
       const displayed = (selector) => getComputedStyle(document.querySelector(selector)).display !== 'none';
       const seen = { first: names('measured'), sorted: header('All').getAttribute('aria-sort') };
       const button = header('V-Loc').querySelector('button');
       button.focus();
       seen.focused = document.activeElement === button;
       button.click();
       seen.byLocation = names('measured');
       seen.published = names('published');
       seen.location = header('V-Loc').getAttribute('aria-sort');
       seen.all = header('All').getAttribute('aria-sort');
       seen.status = document.getElementById('status').textContent;
       button.click();
       seen.reversed = names('measured');
       header('Method').querySelector('button').click();
       seen.byName = names('measured');
       seen.before = ['.seed', '.extra', '.interval', '.published'].map(displayed);
       for (const id of ['seeds', 'extra', 'intervals', 'published']) document.getElementById('show-' + id).click();
       seen.after = ['.seed', '.extra', '.interval', '.published'].map(displayed);
       const paper = () => getComputedStyle(document.body).backgroundColor;
       seen.light = paper();
       document.getElementById('theme-dark').click();
       seen.dark = paper();
       return seen;`,
      '--blink-settings=preferredColorScheme=1',
    );
    const { result, ...rest } = opened as typeof opened & { result: Record<string, unknown> };
    expect(rest).toEqual(clean);
    const order = (key: (at: number) => number): string[] => {
      const sorted = leaderboard.methods.map((_, at) => at).sort((one, other) => key(one) - key(other));
      return sorted.flatMap((at) => [leaderboard.methods[at].name, 'seed 1', 'seed 2']);
    };
    const location = (at: number): number => leaderboard.methods[at].figures['V-Loc'].mean;
    expect(result).toMatchObject({ first: order((at) => at), sorted: 'descending', focused: true });
    expect(result).toMatchObject({ byLocation: order((at) => -location(at)), location: 'descending', all: null });
    expect(result.status).toBe('Sorted by V-Loc, descending');
    expect(result.reversed).toEqual(order(location));
    expect(result.byName).toEqual(
      [...leaderboard.methods]
        .map(({ name }) => name)
        .sort((one, other) => one.localeCompare(other))
        .flatMap((name) => [name, 'seed 1', 'seed 2']),
    );
    const published = result.published as string[];
    expect(published[0]).toBe('QA-TIGER'); // 86.29
    expect(published.slice(-2).sort()).toEqual(['QAST', 'TASS']); // have no V-Loc
    expect(result).toMatchObject({ before: [false, false, false, true], after: [true, true, true, false] });
    expect(result.light).not.toBe(result.dark);
  });

  it('takes names that are markup for text', () => {
    const name = '</script></title><img src=x onerror=alert(1)>"\'><svg onload=alert(2)>';
    const opened = open(
      renderPage(hostileLeaderboard(name)),
      `return { title: document.title, first: document.querySelector('#table .title').textContent, images: document.images.length,
         data: JSON.parse(document.getElementById('data').textContent).title };`,
    );
    expect(opened).toEqual({ ...clean, result: { title: `${name} · leaderboard`, first: name, images: 0, data: name } });
  });

  it('fits a small window and a wide one, and dark where that is preferred', () => {
    const page = renderPage(sampleLeaderboard({ methods: 12, seeds: 3 }));
    for (const width of [500, 1300]) {
      const opened = open(
        page,
        `return [innerWidth, document.documentElement.scrollWidth <= innerWidth, getComputedStyle(document.documentElement).colorScheme];`,
        `--window-size=${width},900`,
        '--blink-settings=preferredColorScheme=0',
      );
      expect(opened).toEqual({ ...clean, result: [width, true, 'dark'] });
    }
  });

  it('would have noted a picture from elsewhere', () => {
    const page = renderPage(sampleLeaderboard({ methods: 1, seeds: 1 })).replace('<main>', '<main><img src="http://127.0.0.1:9/x.png">');
    expect(open(page, '').troubles).toContain('violation: img-src http://127.0.0.1:9/x.png');
  });
});
