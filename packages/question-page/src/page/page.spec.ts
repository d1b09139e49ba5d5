import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { escaped, hostileTexts, tagsOf } from '@tass/testing';
import { bareExplanation, hostileExplanation } from '../fixtures/bare-explanation';
import { sampleExplanation } from '../fixtures/sample-explanation';
import { type Explanation, renderQuestionPage } from '../index';
import { cutRegions } from './frames';

const sample = sampleExplanation();
const page = renderQuestionPage(sample);
const sectionOf = (text: string, id: string): string => text.slice(text.indexOf(`<section id="${id}"`)).split('</section>')[0];
const textOf = (markup: string): string =>
  markup
    .replaceAll(/<script[^]*?<\/script>|<style[^]*?<\/style>|<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
const figuresOf = (text: string): Record<string, never> => {
  const [, packed] = /id="data">([^<]*)<\/script>/.exec(text) as RegExpExecArray;
  return JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString());
};

it('has a section for everything that there is', () => {
  const ids = [...page.matchAll(/<section id="(\w+)"/g)].map(([, id]) => id);
  expect(ids).toEqual(['seen', 'time', 'truth', 'answers', 'words', 'altered', 'curves', 'about']);
});

it('asks for nothing from anywhere', () => {
  const attributes = [...page.matchAll(/\s(?:src|srcset|href|action|data|poster|xlink:href)="([^"]*)"/g)].map(([, value]) => value);
  expect(attributes.filter((value) => !/^(#|data:(image\/(svg\+xml,|png;base64,|jpeg;base64,)|audio\/wav;base64,))/.test(value))).toEqual(
    [],
  );
  expect(page).not.toMatch(/@import|<iframe|<object|<embed|fetch\(|XMLHttpRequest|WebSocket| style="| on[a-z]+="/);
  expect(renderQuestionPage(sample, 'index.html')).toContain('<a href="index.html">All questions</a>');
});

it('allows its own style and program only, by their digests, and sound where it has some', () => {
  const policyOf = (text: string): string | undefined =>
    /Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1].replaceAll('&#39;', "'");
  const digest = (tag: string): string => {
    const [, text] = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page) as RegExpExecArray;
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  };
  const start = `default-src 'none'; style-src ${digest('style')}; script-src ${digest('script')}; img-src data:; `;
  const end = `base-uri 'none'; form-action 'none'`;
  expect(policyOf(page)).toBe(`${start}media-src data:; ${end}`);
  expect(policyOf(renderQuestionPage(bareExplanation()))).toBe(start + end);
});

it('holds each picture and the sound once, whatever the number of runs, and adds less than a megabyte to them', () => {
  const jpegs = Array.from({ length: 10 }, (_, at) => Buffer.alloc(30_000, `frame ${at}, `).toString('base64'));
  const two = renderQuestionPage(sampleExplanation({ runs: 2, rows: 14, jpegs }));
  for (const jpeg of jpegs) expect(two.split(jpeg)).toHaveLength(2);
  const { sound } = sample.video;
  expect(two.split(`base64,${sound?.bytes}`)).toHaveLength(2);
  expect(two.length - jpegs.join('').length - (sound?.bytes.length ?? 0)).toBeLessThan(1e6);
});

it('draws attention as bars on one scale, with the uniform share', () => {
  const heights = [...sectionOf(page, 'time').matchAll(/<rect\s+class="(visual|audio)"[^>]*height="([\d.]+)%"/g)].map(
    ([, kind, height]) => [kind, Number(height)],
  );
  const { attention } = sample.looks[0];
  const [means, heads] = [attention.flatMap(({ mean }) => mean), attention.flatMap((one) => one.heads.flat())];
  expect(heights).toHaveLength(means.length + heads.length);
  const drawn = (values: readonly number[]): number[] => values.map((value) => (100 * value) / (1.04 * Math.max(...values)));
  const expected = [...drawn(means), ...drawn(heads)];
  heights.forEach(([, height], at) => expect(Math.abs((height as number) - expected[at])).toBeLessThan(0.006)); // two decimals
  const uniform = [...page.matchAll(/class="uniform"[^>]*y1="([\d.]+)%"/g)].map(([, y]) => Number(y));
  expect(uniform[0]).toBeCloseTo(100 - (100 * 0.1) / (1.04 * Math.max(...means)), 1);
  expect(uniform[2]).toBeCloseTo(100 - (100 * 0.05) / (1.04 * Math.max(...heads)), 1);
});

it('gives the figures of each segment in words and as a table', () => {
  const [{ attention }] = sample.looks;
  const share = `${(100 * attention[0].mean[4]).toFixed(1)} %`;
  expect(textOf(sectionOf(page, 'seen'))).toContain(
    `Segment 5 : frame at 4 s, sound 4 to 5 s visual attention ${share}, ${(10 * attention[0].mean[4]).toFixed(1)} × uniform`,
  );
  expect(textOf(sectionOf(page, 'time'))).toContain(` 5 4 yes yes ${share} `);
});

it('shows the five most probable answers, and the right one and that of the counting rule where they are not among them', () => {
  const [look] = sample.looks;
  const rows = (explanation: Explanation): string[] =>
    sectionOf(renderQuestionPage(explanation), 'answers').split('<tbody>')[1].split('</tbody>')[0].split('</tr>').slice(0, -1).map(textOf);
  expect(rows(sample)).toEqual(['two right 62 %', 'one counting rule 19 %', 'three 10 %', 'four 5 %', 'yes 2 %']);
  const others = { ...sample, question: { ...sample.question, right: 'flute' }, prior: { rule: 'r', answer: 'cello', share: null } };
  expect(rows(others).slice(5)).toEqual(['cello counting rule 1 %', 'flute right &#60; 1 %']);
  const unknown = renderQuestionPage({ ...sample, question: { ...sample.question, right: 'tuba' }, looks: [look] });
  expect(textOf(unknown)).toContain('The right answer, “tuba”, is not among those that this network chooses from.');
});

it('shows how the answer moves, and how it falls', () => {
  const altered = textOf(sectionOf(page, 'altered'));
  expect(altered).toContain('Nothing 62 % two 62 % right');
  expect(altered).toMatch(/Picture blanked Mean visual features of training videos\. 35 % the same/);
  expect(altered).toMatch(/Segments shuffled 60 % the same/);
  expect(altered).toMatch(/“violin” replaced by “tuba” 1 % three 50 %/);
  const curves = textOf(sectionOf(page, 'curves'));
  expect(curves).toContain('Seconds taken away area 32.4 %'); // by the trapezoidal rule: .2 * (.62 / 2 + .4 + .3 + .26 + .24 + .22 / 2)
  expect(curves).toContain('0 % 62.0 % 62.0 % 20 % 40.0 %');
});

it('cuts what is below the threshold, never the greatest region, and of the pooled map what is 0', () => {
  expect(cutRegions({ kind: 'text', threshold: 0.3 }, [0.1, 0.3, 0.2, 0.4])).toEqual([true, false, true, false]);
  expect(cutRegions({ kind: 'text', threshold: 0.5 }, [0.2, 0.2, 0.3, 0.3])).toEqual([true, true, false, false]);
  expect(cutRegions({ kind: 'pooled', threshold: null }, [0, 0.5, 0, 0.5])).toEqual([true, false, true, false]);
  expect(cutRegions({ kind: 'audio', threshold: null }, [0, 0.5, 0, 0.5])).toEqual([false, false, false, false]);
});

it('carries its figures as JSON, without pictures and sound', () => {
  const figures = figuresOf(page) as never as Explanation;
  const rounded = JSON.parse(JSON.stringify(sample.looks), (_, value) =>
    typeof value === 'number' ? Number(value.toPrecision(8)) : value,
  );
  expect(figures.looks).toEqual(rounded);
  expect(figures).toMatchObject({ schemaVersion: 1, question: sample.question, truth: sample.truth });
  expect(JSON.stringify(figures)).not.toContain('jpeg');
  expect(figures.video.sound).not.toHaveProperty('bytes');
});

it('says what is not there, and why, where it would be', () => {
  const bare = renderQuestionPage(bareExplanation());
  expect(textOf(sectionOf(bare, 'seen'))).toContain('The features are here, the frames are not.');
  expect(textOf(sectionOf(bare, 'time'))).toContain('Sound There is no sound file. Attention This network has no attention in time.');
  expect(textOf(sectionOf(bare, 'words'))).toContain('This network does not weigh words.');
  expect(textOf(sectionOf(bare, 'altered'))).toContain('Nothing was altered.');
  expect(textOf(sectionOf(bare, 'curves'))).toContain('This network attends to nothing that could be taken away.');
  for (const each of [bare, page, renderQuestionPage(sampleExplanation({ runs: 2, segments: 1 }))])
    expect(textOf(each)).not.toMatch(/NaN|undefined|null|Infinity|\[object/);
});

it.each(hostileTexts)('keeps %s a text', (text) => {
  const hostile = renderQuestionPage(hostileExplanation(text), text);
  expect(tagsOf(hostile)).toBe(tagsOf(renderQuestionPage(hostileExplanation('harmless'), 'harmless')));
  expect(hostile).toContain(escaped(text));
});

it('holds maps and attention against the truth, by the measures of the evaluator', () => {
  const [look] = sample.looks;
  const corner = { left: 0, top: 0, right: 0.5, bottom: 0.5 };
  const boxes = sample.video.segments.map((_, at) => (at < 2 ? [{ ...corner, sounds: at === 0 }] : []));
  const shares = sample.video.segments.map((_, at) => (at === 0 ? [0.4, 0.1, 0.2, 0.3] : [0.2, 0.5, 0.2, 0.1]));
  const maps = (['pooled', 'audio'] as const).map((kind) => ({ kind, threshold: null, shares }));
  const needed = sample.video.segments.map((_, at) => at < 4);
  const mean = [0.3, 0.1, 0.1, 0.1, 0.4, 0, 0, 0, 0, 0];
  const attention = [{ modality: 'visual' as const, mean, heads: [], uniformOfHead: 0.1 }];
  const judged = renderQuestionPage({
    ...sample,
    truth: { boxes, needed, sounding: null },
    looks: [{ ...look, grid: { rows: 2, columns: 2 }, maps, attention }],
  });
  expect(textOf(sectionOf(judged, 'truth'))).toContain(
    'Pooled map in boxes 30 % 25 % 50 % of segments Audio map in boxes 40 % 25 % 100 % of segments Visual attention on needed 60 % 40 % no',
  );
  expect(renderQuestionPage(bareExplanation())).not.toContain('<section id="truth"');
});
