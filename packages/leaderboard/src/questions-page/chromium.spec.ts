import { Chromium, type ChromiumPage, chromiumProgram } from '@tass/testing';
import { smallDrillDown } from '../fixtures/sample-drill-down';
import { renderQuestionsPage } from '../index';

const whenThere = chromiumProgram() === null ? describe.skip : describe;

whenThere('the page of questions in Chromium (skipped unless the environment names it, CHROMIUM=<program>, or it is on the path)', () => {
  let browser: Chromium;
  beforeAll(() => (browser = Chromium.start()));
  afterAll(() => browser.close());

  const open = async (drillDown = smallDrillDown, screen = { width: 1200, height: 800 }): Promise<ChromiumPage> => {
    const page = await browser.open({ html: renderQuestionsPage(drillDown) }, screen);
    await page.until(`document.querySelector('#questions tbody tr')`);
    return page;
  };
  const shown = async (page: ChromiumPage, hash: string): Promise<{ count: string; ids: string[]; last: string[] }> => {
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}; new Promise((resolve) => setTimeout(resolve, 100))`);
    return page.evaluate(`({
      count: document.getElementById('count').textContent,
      ids: [...document.querySelectorAll('#questions tbody tr')].map((row) => row.cells[3].textContent),
      last: [...document.querySelectorAll('#questions tbody tr')].map((row) => [...row.cells].slice(5).map((cell) => cell.className + ': ' + cell.textContent).join('; ')),
    })`);
  };

  it('shows what its address asks for: a type, a template, right, wrong, and where two methods differ', async () => {
    const page = await open();
    expect(await shown(page, 'type=A-Count')).toEqual({
      count: '2 questions, 1 of them answered rightly by TASS',
      ids: ['11', '12'],
      last: ['right: two 2, cello 1', 'wrong: two 2, cello 1'],
    });
    expect((await shown(page, 'template=1&show=wrong')).ids).toEqual(['13']);
    expect((await shown(page, 'show=right')).ids).toEqual(['11', '14']);
    const differ = await shown(page, 'method=0&other=1&show=differ');
    expect(differ.ids).toEqual(['12', '13', '14']);
    expect(differ.last).toEqual(['wrong: two 2, cello 1; right: cello', 'wrong: cello 2, yes 1; right: yes', 'right: yes 3; wrong: cello']);
    expect((await shown(page, 'method=0&other=1&show=gained')).ids).toEqual(['14']);
    expect((await shown(page, 'method=0&other=1&show=lost')).ids).toEqual(['12', '13']);
    expect(await page.evaluate(`document.querySelector('#explain pre').textContent`)).toBe(
      'npx nx run evaluator:explain --run=run-1 --question=12,13 --with=run-4',
    );
    const ofVal = await open({ ...smallDrillDown, split: 'val' });
    await shown(ofVal, 'method=0&show=wrong');
    expect(await ofVal.evaluate(`document.querySelector('#explain pre').textContent`)).toMatch(/--question=[\d,]+ --split=val$/);
    await shown(page, 'method=2');
    expect(await page.evaluate(`document.getElementById('explain').textContent`)).toBe(''); // another program's
    expect((await shown(page, 'type=none&method=99')).ids).toHaveLength(4);
    expect([page.troubles, page.requests]).toEqual([[], []]);
  });

  it('is chosen from by keyboard alone, and fits a phone', async () => {
    const page = await open(smallDrillDown, { width: 390, height: 800 });
    await page.evaluate(`document.getElementById('choose-show').focus()`);
    await page.press('w'); // a select goes to the option that begins with it
    await page.until(`document.querySelectorAll('#questions tbody tr').length === 2`);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(await page.evaluate('location.hash')).toContain('show=wrong');
  });

  it('shows texts as text', async () => {
    const hostile = '<img src=x onerror=alert(1)>';
    const [question] = smallDrillDown.questions;
    const page = await open({
      ...smallDrillDown,
      title: hostile,
      questions: [{ ...question, text: hostile, videoId: hostile }],
      answers: [hostile, hostile, hostile],
    });
    expect(await page.evaluate('document.images.length')).toBe(0);
    expect(await page.evaluate(`document.querySelector('#questions tbody th').textContent`)).toBe(`${hostile}?`);
    expect([page.troubles, page.requests]).toEqual([[], []]);
  });
});
