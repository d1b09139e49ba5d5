import { Chromium, chromiumProgram } from '@tass/testing';
import { sampleExplanation } from '../fixtures/sample-explanation';
import { type IndexEntry, indexEntry, renderQuestionIndex } from '../index';

const whenThere = chromiumProgram() === null ? describe.skip : describe;

whenThere('the index in Chromium (skipped unless CHROMIUM=<program>, or it is on the path)', () => {
  let chromium: Chromium;
  beforeAll(() => (chromium = Chromium.start()));
  afterAll(() => chromium.close());

  const entry = (id: string, type: string, right: string, probability: number): IndexEntry => {
    const explanation = sampleExplanation({ runs: 2 });
    const { answers, ...rest } = indexEntry(explanation, `question-${id}.html`);
    return {
      ...rest,
      question: { ...explanation.question, id, type, right, text: `Question ${id}` },
      answers: [{ ...answers[0], probability }, answers[1]],
    };
  };
  const text = '"><img src=x onerror=alert(1)></script>';
  const page = renderQuestionIndex({
    created: '2026-11-30T12:00:00Z',
    title: text,
    entries: [
      entry('1', 'Audio Counting', 'two', 0.9), // the first run's answer
      entry('2', 'Audio Counting', 'one', 0.3), // the second's
      entry('3', 'Visual Location', 'six', 0.6),
      entry('4', text, 'two', 0.7),
    ],
  });
  const SHOWN = `[...document.querySelectorAll('.card:not([hidden]) a')].map(({ textContent }) => textContent.replace(/\\D/g, '')).join()`;

  it('filters and orders with the keyboard, counts, keeps its filters in the address, and asks for nothing', async () => {
    const opened = await chromium.open({ html: page }, { width: 390, height: 844, isPhone: true });
    const state = (): Promise<unknown> =>
      opened.evaluate(`[${SHOWN}, document.getElementById('count').textContent, decodeURIComponent(location.hash)]`);
    expect(await state()).toEqual(['1,2,3,4', '4 of 4 questions, 0 right by all runs (0 %)', '']);
    const field = (name: string): Promise<void> => opened.evaluate(`document.querySelector('[name=${name}]').focus()`);
    await field('type');
    await opened.press('ArrowDown');
    expect(await state()).toEqual(['1,2', '2 of 4 questions, 0 right by all runs (0 %)', '#type=Audio+Counting']);
    await field('certainty');
    await opened.press('ArrowDown');
    expect(await state()).toEqual(['2', '1 of 4 questions, 0 right by all runs (0 %)', '#type=Audio+Counting&certainty=low']);
    await opened.evaluate(`document.querySelector('[type=reset]').focus()`);
    await opened.press('Enter');
    await field('order');
    await opened.press('ArrowDown');
    expect(await state()).toEqual(['2,3,4,1', '4 of 4 questions, 0 right by all runs (0 %)', '#order=uncertain']);
    for (const [hash, shown] of [
      ['#verdict=wrong', '3'],
      ['#verdict=both&type=Audio+Counting', '1,2'],
      ['#runs=agree', ''],
      ['#type=unknown', '1,2,3,4'],
      ['#text=question%203', '3'],
    ]) {
      await opened.evaluate(`location.hash = ${JSON.stringify(hash)}`);
      await opened.until(`${SHOWN} === ${JSON.stringify(shown)}`);
    }
    const { troubles, requests } = opened;
    expect({ troubles, requests }).toEqual({ troubles: [], requests: [] });
    expect(await opened.evaluate(`[document.documentElement.scrollWidth, document.title, document.images.length]`)).toEqual([390, text, 4]);
  });
});
