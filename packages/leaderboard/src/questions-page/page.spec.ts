import { gunzipSync } from 'node:zlib';
import { randomDrillDown, smallDrillDown } from '../fixtures/sample-drill-down';
import { renderQuestionsPage } from '../index';

const dataOf = (page: string) => JSON.parse(gunzipSync(Buffer.from(/id="data">([^<]*)</.exec(page)![1], 'base64')).toString());

it('holds every question and answer once', () => {
  const { questions, texts, videos, methods } = dataOf(renderQuestionsPage(smallDrillDown));
  expect([texts.length, videos, questions.template, questions.answer]).toEqual([3, ['v1', 'v2'], [0, 0, 1, 1], '0122']);
  expect(methods[0].runs.map(({ answers }: { answers: string }) => answers)).toEqual(['0112', '0012', '1022']);
});

it('stays below 2 MB for 200 methods on MUSIC-AVQA, whatever they answer, and says how many it leaves out', () => {
  const page = renderQuestionsPage(randomDrillDown(200, 9129));
  expect(page.length).toBeLessThan(2e6);
  expect(dataOf(page).methods).toHaveLength(197);
  expect(page).toContain('The last 3 of 200 methods are left out');
});

it('shows names and texts as text', () => {
  const hostile = '</script><script>alert(1)</script><b>';
  const [question] = smallDrillDown.questions;
  const page = renderQuestionsPage({ ...smallDrillDown, title: hostile, dataset: hostile, questions: [{ ...question, text: hostile }] });
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(page).not.toContain('<b>');
});
