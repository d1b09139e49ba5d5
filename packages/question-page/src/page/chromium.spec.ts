import { Chromium, type ChromiumPage, chromiumProgram } from '@tass/testing';
import { bareExplanation, hostileExplanation } from '../fixtures/bare-explanation';
import { sampleExplanation } from '../fixtures/sample-explanation';
import { renderQuestionPage } from '../index';

const whenThere = chromiumProgram() === null ? describe.skip : describe;
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844, isPhone: true };

whenThere('the page of a question in Chromium (skipped unless CHROMIUM=<program>, or it is on the path)', () => {
  let chromium: Chromium;
  beforeAll(() => (chromium = Chromium.start()));
  afterAll(() => chromium.close());

  const page = renderQuestionPage(sampleExplanation({ runs: 2 }), 'index.html');
  const expectClean = ({ troubles, requests }: ChromiumPage): void =>
    expect({ troubles, requests }).toEqual({ troubles: [], requests: [] });
  const STATE = `({ time: Number(document.getElementById('seek').value), cursor: parseFloat(document.getElementById('cursor').style.left),
    clock: document.getElementById('clock').textContent, sound: document.getElementById('sound')?.currentTime,
    pictures: [...document.querySelectorAll('.picture use[data-of=frame]')].map((use) => use.getAttribute('href')),
    seen: [...document.querySelectorAll('[data-seen]:not([hidden]) b')].map(({ textContent }) => textContent),
    current: [...new Set([...document.querySelectorAll('.current')].map((part) => part.dataset.segment))] })`;
  const at = (segment: number, time = segment) => ({
    time,
    cursor: 10 * time,
    clock: `${time.toFixed(1)} s`,
    sound: time,
    pictures: [`#frame-${segment}`, `#frame-${segment}`],
    seen: [`Segment ${segment + 1}`, `Segment ${segment + 1}`],
    current: [`${segment}`],
  });

  it('opens at the most attended segment, and a click in any lane moves frames, sound, lanes and text together', async () => {
    const opened = await chromium.open({ html: page }, DESKTOP);
    const { looks } = sampleExplanation({ runs: 2 });
    const { mean } = looks[0].attention[0];
    expect(await opened.evaluate(STATE)).toEqual(at(mean.indexOf(Math.max(...mean))));
    for (const [lane, share] of [
      ['.wave', 0.25],
      ['.mel', 0.85],
      ['.strip', 0.15],
      ['.bars', 0.65],
    ] as const) {
      const [x, y] = await opened.evaluate<[number, number]>(
        `(() => { const lane = document.querySelector('${lane}'); lane.scrollIntoView({ block: 'center' }); const { left, top, width, height } = lane.getBoundingClientRect();
          return [left + ${share} * width, top + height / 2]; })()`,
      );
      await opened.click(x, y);
      const state = await opened.evaluate<ReturnType<typeof at>>(STATE);
      expect(state.time).toBeCloseTo(10 * share, 1);
      expect(state.sound).toBeCloseTo(state.time, 3);
      expect(state).toMatchObject({
        seen: at(Math.floor(10 * share)).seen,
        pictures: at(Math.floor(10 * share)).pictures,
        current: [`${Math.floor(10 * share)}`],
      });
    }
    expectClean(opened);
  });

  it('is used with the keyboard alone: every control is reached in order, has a name, and does what it says', async () => {
    const opened = await chromium.open({ html: page }, DESKTOP);
    await opened.evaluate(`document.querySelector('details.as-table').open = true`);
    const reached: string[] = [];
    for (let tab = 0; tab < 120; tab++) {
      await opened.press('Tab');
      const name = await opened.evaluate<string>(
        `(() => { const { activeElement: on } = document; if (on === document.body) return ''; const label = on.getAttribute('aria-label') ?? on.labels?.[0]?.textContent ?? on.textContent;
          return (on.id || on.localName) + ': ' + label.trim().replaceAll(/\\s+/g, ' ').slice(0, 60); })()`,
      );
      if (name === '') break;
      reached.push(name);
    }
    expect(reached.filter((name) => /: $/.test(name))).toEqual([]); // all have a name
    const important = [
      'a: All questions',
      'map-pooled: Pooled map',
      'opacity: Opacity',
      'show-cut: What the threshold cut',
      'show-boxes: True boxes',
    ];
    const further = [
      'before: Segment before',
      'play: Play',
      'after: Segment after',
      'seek: Second of the video',
      'save-all: Save all figures as JSON',
    ];
    const order = [...important, ...further].map((name) => reached.indexOf(name));
    expect(order).toEqual([...order].sort((one, other) => one - other));
    expect(order[0]).toBeGreaterThanOrEqual(0);

    const focus = (id: string): Promise<void> => opened.evaluate(`document.getElementById('${id}').focus()`);
    await focus('timeline');
    await opened.press('Home');
    expect(await opened.evaluate(STATE)).toEqual(at(0));
    await opened.press('ArrowRight', 3);
    expect(await opened.evaluate(STATE)).toEqual(at(3));
    await opened.press('ArrowLeft');
    expect(await opened.evaluate(STATE)).toEqual(at(2));
    expect(await opened.evaluate(`document.getElementById('status').textContent`)).toContain('Segment 3: frame at 2 s');
    expect(await opened.evaluate(`document.getElementById('seek').getAttribute('aria-valuetext')`)).toBe('2.0 seconds, segment 3 of 10');
    await opened.press(' ');
    await opened.until(`document.getElementById('sound').currentTime > 2.05`);
    await opened.press(' ');
    expect(
      await opened.evaluate(`[document.getElementById('sound').paused, document.getElementById('play').getAttribute('aria-label')]`),
    ).toEqual([true, 'Play']);

    const displayed = (selector: string): Promise<boolean> =>
      opened.evaluate(`getComputedStyle(document.querySelector('${selector}')).display !== 'none'`);
    await focus('map-pooled');
    await opened.press('ArrowRight');
    expect([await displayed('.overlay.text'), await displayed('.overlay.pooled')]).toEqual([true, false]);
    await focus('show-boxes');
    await opened.press(' ');
    expect(await displayed('.boxes')).toBe(false);
    await focus('show-cut');
    await opened.press(' ');
    expect(await displayed('.cut.text')).toBe(true);
    await focus('opacity');
    await opened.press('Home');
    expect(await opened.evaluate(`getComputedStyle(document.querySelector('.overlay.text')).opacity`)).toBe('0');
    expectClean(opened);
  });

  it('runs silently where there is no sound or none that plays', async () => {
    for (const sound of [null, 'AAAA']) {
      const sample = sampleExplanation();
      const video = {
        ...sample.video,
        sound: sound === null || sample.video.sound === null ? null : { ...sample.video.sound, bytes: sound },
      };
      const opened = await chromium.open({ html: renderQuestionPage({ ...sample, video }) }, DESKTOP);
      await opened.evaluate(`document.getElementById('timeline').focus()`);
      await opened.press('Home');
      await opened.evaluate(`document.getElementById('play').click()`);
      await opened.until(`Number(document.getElementById('seek').value) > 0.2`);
      expectClean(opened);
    }
  });

  it.each([
    ['desktop', DESKTOP, 'rgb(253, 252, 250)'],
    ['desktop, dark', { ...DESKTOP, isDark: true }, 'rgb(20, 23, 26)'],
    ['phone', PHONE, 'rgb(253, 252, 250)'],
    ['phone, dark', { ...PHONE, isDark: true }, 'rgb(20, 23, 26)'],
  ])('fits a %s, names what a screen reader meets, and its lanes lie over each other', async (_, screen, paper) => {
    const opened = await chromium.open({ html: page.replaceAll('<details', '<details open') }, screen);
    const found = await opened.evaluate(`(() => {
      const unnamed = [...document.querySelectorAll('[role=region],[role=img],[role=group],section,button')].filter((element) =>
        !element.getAttribute('aria-label') && !element.getAttribute('aria-labelledby') && !element.textContent.trim());
      const lefts = [...document.querySelectorAll('.lane-drawing')].map((lane) => [lane.getBoundingClientRect().left, lane.getBoundingClientRect().right]);
      const same = new Set(lefts.map((pair) => pair.map(Math.round).join()));
      const headings = [...document.querySelectorAll('h1,h2,h3')].map(({ localName }) => Number(localName[1]));
      return { width: innerWidth, fits: document.documentElement.scrollWidth <= innerWidth, unnamed: unnamed.length, places: same.size,
        paper: getComputedStyle(document.body).backgroundColor, ids: document.querySelectorAll('[id]').length - new Set([...document.querySelectorAll('[id]')].map(({ id }) => id)).size,
        lost: [...document.querySelectorAll('use')].filter((use) => !document.querySelector(use.getAttribute('href'))).length,
        skips: headings.some((level, at) => level > (headings[at - 1] ?? 0) + 1) };
    })()`);
    expect(found).toEqual({ width: screen.width, fits: true, unnamed: 0, places: 1, paper, ids: 0, lost: 0, skips: false });
    expectClean(opened);
  });

  it('saves each picture as SVG and PNG, complete in itself, and its figures as JSON', async () => {
    const opened = await chromium.open({ html: page }, DESKTOP);
    const saved = await opened.evaluate<Record<string, { name: string; type: string; text: string; size: number }>>(`(async () => {
      let blob, name;
      URL.createObjectURL = (made) => ((blob = made), 'about:blank');
      HTMLAnchorElement.prototype.click = function () { name = this.download; };
      const all = {};
      for (const button of document.querySelectorAll('[data-saves] button')) {
        blob = undefined;
        button.click();
        while (!blob) await new Promise((resolve) => setTimeout(resolve, 10));
        const text = blob.type === 'image/png' ? '' : await blob.text();
        all[button.parentElement.dataset.saves + ' ' + button.dataset.kind] = { name, type: blob.type, text, size: blob.size };
      }
      return all;
    })()`);
    expect(Object.keys(saved)).toHaveLength(24);
    for (const part of ['seen', 'time', 'truth', 'answers', 'words', 'altered', 'curves', 'about']) {
      const [svg, png, json] = ['svg', 'png', 'json'].map((kind) => saved[`${part} ${kind}`]);
      expect(svg.text).toMatch(/^<svg xmlns/);
      expect(svg.text).not.toMatch(/<use|class=|<script|NaN/);
      expect(png).toMatchObject({ name: `question-1042.${part}.png`, type: 'image/png' });
      expect(png.size).toBeGreaterThan(2000);
      expect(JSON.parse(json.text)).toMatchObject({ question: { id: '1042' } });
    }
    expect(saved['time svg'].text.match(/data:image\/jpeg/g)).toHaveLength(20); // the frames of two runs
    expect(JSON.parse(saved['altered json'].text).looks[0].counterfactuals).toHaveLength(4);
    expectClean(opened);
  });

  it('takes texts that are markup for text', async () => {
    const text = '</script></title><img src=x onerror=alert(1)>"\'><svg onload=alert(2)>';
    const opened = await chromium.open({ html: renderQuestionPage(hostileExplanation(text), `javascript:alert(3)//${text}`) }, DESKTOP);
    expect(await opened.evaluate(`[document.querySelector('h1').textContent, document.images.length]`)).toEqual([`${text}?`, 0]);
    expectClean(opened);
  });

  it('shows the least that there is without an error, and prints', async () => {
    const opened = await chromium.open({ html: renderQuestionPage(bareExplanation()) }, PHONE);
    expect(await opened.evaluate(`document.documentElement.scrollWidth <= innerWidth`)).toBe(true);
    expect((await opened.pdf()).subarray(0, 5).toString()).toBe('%PDF-');
    expectClean(opened);
  });

  it('would have noted a picture from elsewhere', async () => {
    const opened = await chromium.open({ html: page.replace('<main>', '<main><img src="http://127.0.0.1:9/x.png">') }, DESKTOP);
    expect(opened.troubles.join()).toContain('http://127.0.0.1:9/x.png');
  });
});
