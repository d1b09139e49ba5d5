import { Chromium, chromiumProgram } from '@tass/testing';
import { hostileLeaderboard } from '../fixtures/small-leaderboard';
import { sampleLeaderboard } from '../fixtures/sample-leaderboard';
import { renderPage } from '../index';

const whenThere = chromiumProgram() === null ? describe.skip : describe;

whenThere('the page in Chromium (skipped unless the environment names it, CHROMIUM=<program>, or it is on the path)', () => {
  let chromium: Chromium;
  beforeAll(() => (chromium = Chromium.start()));
  afterAll(() => chromium.close());

  /** What `act`, the body of an async function, gives in the page; and what the page did wrong until then. */
  async function open(html: string, act: string, { width = 800, isDark = false } = {}) {
    const page = await chromium.open({ html }, { width, height: 900, isDark });
    const result = await page.evaluate(`(async () => {
      const until = async (condition) => {
        while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
      };
      ${act}
    })()`);
    return { troubles: page.troubles, requests: page.requests, result };
  }
  const clean = { troubles: [], requests: [] };

  it('loads without an error and a request, sorts by keyboard and mouse, keeps seeds with their method, and shows what is switched on', async () => {
    const leaderboard = sampleLeaderboard({ methods: 5, seeds: 2 });
    const opened = await open(
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
    expect(published.slice(-2).sort()).toEqual(['CueSpace', 'QAST']); // have no V-Loc
    expect(result).toMatchObject({ before: [false, false, false, true], after: [true, true, true, false] });
    expect(result.light).not.toBe(result.dark);
  });

  it('opens what is folded, draws every answer from the data, follows a link to a run by the way given, and names what a screen reader meets', async () => {
    const leaderboard = sampleLeaderboard({ methods: 3, seeds: 2 });
    const opened = await open(
      renderPage(leaderboard, '../..'),
      `const [fold] = document.querySelectorAll('#confusion details');
       const height = () => fold.getBoundingClientRect().height;
       const [summary, before] = [fold.querySelector('summary'), height()];
       summary.focus();
       const focused = document.activeElement === summary;
       summary.click();
       fold.querySelector('details details > summary').click();
       await until(() => fold.querySelector('.matrix'));
       const [head, ...rows] = [...fold.querySelectorAll('.matrix tr')].map((row) => [...row.cells].map(({ textContent }) => textContent));
       const drawn = rows.flatMap(([right, ...times]) => times.flatMap((count, at) => (count === '' ? [] : [[right, head[at + 1], Number(count)]])));
       const same = [...fold.querySelectorAll('.matrix .same')].map(({ textContent }) => Number(textContent));
       const unnamed = [...document.querySelectorAll('[role=region],[role=img]')].filter((element) =>
         !element.getAttribute('aria-label') && !element.getAttribute('aria-labelledby') && !element.querySelector('title'));
       const link = new URL(document.querySelector('#runs a').href);
       return { focused, grows: height() > before + 200, drawn: drawn.sort(), same, unnamed: unnamed.length, scheme: link.protocol, way: link.pathname.split('/').slice(-4) };`,
    );
    const { answers, methods } = leaderboard;
    const drawn = methods[0].confusion.map(([right, given, times]) => [answers[right], answers[given], times]).sort();
    const right = methods[0].confusion.filter(([one, given]) => one === given);
    const same = [...right].sort(([one], [other]) => one - other).map(([, , times]) => times);
    const way = ['runs', 'tass-small', 'run-0-0', 'config.yaml'];
    expect(opened).toEqual({ ...clean, result: { focused: true, grows: true, drawn, same, unnamed: 0, scheme: 'file:', way } });
  });

  it('takes names that are markup for text, also in the data that it saves', async () => {
    const name = '</script></title><img src=x onerror=alert(1)>"\'><svg onload=alert(2)>';
    const opened = await open(
      renderPage(hostileLeaderboard(name)),
      `let saved;
       URL.createObjectURL = (blob) => ((saved = blob), 'about:blank');
       HTMLAnchorElement.prototype.click = () => {};
       document.getElementById('save').click();
       await until(() => saved);
       return { title: document.title, first: document.querySelector('#table .title').textContent, images: document.images.length,
         data: JSON.parse(await saved.text()).title };`,
    );
    expect(opened).toEqual({ ...clean, result: { title: `${name} · leaderboard`, first: name, images: 0, data: name } });
  });

  it('fits a small window and a wide one, and dark where that is preferred', async () => {
    const page = renderPage(sampleLeaderboard({ methods: 12, seeds: 3 }), '../..').replaceAll('<details>', '<details open>');
    for (const width of [500, 1300]) {
      const opened = await open(
        page,
        `return [innerWidth, document.documentElement.scrollWidth <= innerWidth, getComputedStyle(document.documentElement).colorScheme];`,
        { width, isDark: true },
      );
      expect(opened).toEqual({ ...clean, result: [width, true, 'dark'] });
    }
  });

  it('would have noted a picture from elsewhere', async () => {
    const page = renderPage(sampleLeaderboard({ methods: 1, seeds: 1 })).replace('<main>', '<main><img src="http://127.0.0.1:9/x.png">');
    const { troubles } = await open(page, '');
    expect(troubles).toEqual([expect.stringMatching(/http:\/\/127.0.0.1:9\/x.png.*img-src/)]);
  });
});
