import { gunzipSync } from 'node:zlib';
import { sampleExplanation } from '../fixtures/sample-explanation';
import { indexEntry, renderQuestionIndex, type IndexEntry } from '../index';

const entry = (
  id: string,
  { right = 'two', file = 'q.html', ...options }: { right?: string; file?: string; runs?: number } = {},
): IndexEntry => {
  const explanation = sampleExplanation(options);
  return indexEntry({ ...explanation, question: { ...explanation.question, id, right } }, file);
};
const render = (...entries: IndexEntry[]): string => renderQuestionIndex({ created: '2026-11-30T12:00:00Z', title: 'Questions', entries });
const attributes = (page: string, name: string): string[] =>
  [...page.matchAll(new RegExp(`data-${name}="([^"]*)"`, 'g'))].map(([, value]) => value);

it('keeps of a question its answers and the frame that the network attends to most', () => {
  const jpegs = Array.from({ length: 10 }, (_, at) => Buffer.from(`frame ${at}`).toString('base64'));
  const explanation = sampleExplanation({ runs: 2, jpegs });
  const { attention } = explanation.looks[0];
  const most = attention[0].mean.indexOf(Math.max(...attention[0].mean));
  const { answers, thumbnail, file } = indexEntry(explanation, 'a.html');
  expect({ answers, thumbnail, file }).toEqual({
    answers: explanation.looks.map(({ run, answers: [{ answer, probability }] }) => ({ run: run.name, answer, probability })),
    thumbnail: jpegs[most],
    file: 'a.html',
  });
});

it('marks each question by verdict, agreement and certainty of the first run, and counts by type', () => {
  const page = render(entry('1'), entry('2', { right: 'three' }), entry('3', { runs: 2 }), entry('4', { runs: 2, right: 'four' }));
  expect(attributes(page, 'verdict')).toEqual(['right', 'wrong', 'both', 'wrong']);
  expect(attributes(page, 'runs')).toEqual(['agree', 'agree', 'differ', 'differ']);
  expect(new Set(attributes(page, 'certainty'))).toEqual(new Set(['middle']));
  expect(page).toContain('2 of 4 <span class="none">50 %'); // of the first run
  expect(page).toContain('0 of 2 <span class="none">0 %'); // of the second
});

it('links files of its folder only, and takes texts that are markup for text', () => {
  const text = '"><img src=x onerror=alert(1)></script>';
  const hostile = entry('9', { file: `javascript:alert(1)//${text}` });
  const page = render({ ...hostile, videoId: text, question: { ...hostile.question, text, type: text, template: text, right: text } });
  expect(page).not.toContain('<img src=x');
  expect([...page.matchAll(/href="([^"]*)"/g)].map(([, href]) => href).filter((href) => !/^(\.\/|#|data:image\/svg)/.test(href))).toEqual(
    [],
  );
});

it('carries its entries as JSON, without pictures', () => {
  const [, packed] = /id="data">([^<]*)<\/script>/.exec(render(entry('1'))) as RegExpExecArray;
  const data = JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString());
  expect(data).toMatchObject({ schemaVersion: 1, title: 'Questions', entries: [{ file: 'q.html', question: { id: '1' } }] });
  expect(data.entries[0]).not.toHaveProperty('thumbnail');
});
