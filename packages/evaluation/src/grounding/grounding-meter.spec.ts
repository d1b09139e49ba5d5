import { question } from '../fixtures/questions';
import { groundingSummary } from './figures';
import { formatGrounding } from './format-grounding';
import { GroundingMeter, type Looked } from './grounding-meter';
import type { Truth } from './truth';

const needed = (text: string): boolean[] => [...text].map((flag) => flag === '1');
const box = { left: 0, top: 0, right: 0.5, bottom: 0.5 }; // the first of four regions
const truths = new Map<number, Truth>([
  [1, { needed: needed('1000'), boxes: [[{ ...box, sounding: true }], [box], [box], [box]] }],
  [2, { needed: needed('0011') }],
  [3, { needed: needed('1110') }], // covers over half of the video
]);
const questions = [question(1, 'v1', 8), question(2, 'v2', 8), question(3, 'v3', 8), question(4, 'v3', 0)];
const looked = (visual: number[], map: number[] = [1, 0, 0, 0]): Looked => ({
  attention: { visual: Float32Array.from(visual) },
  maps: {
    text: Float32Array.from([map, map, map, map].flat()),
    audio: Float32Array.from([map, [0, 1, 0, 0], [0, 1, 0, 0], [0, 1, 0, 0]].flat()),
  },
  grid: [4, 4],
});
const meterOf = (all: readonly Looked[], truth = { file: 'grounding-test.json', truths }): GroundingMeter => {
  const meter = new GroundingMeter(questions, truth, 1);
  all.forEach((one, index) => meter.add(index, one));
  return meter;
};
const uniform = [0.25, 0.25, 0.25, 0.25];
const all = [looked([0.7, 0.1, 0.1, 0.1]), looked([0.5, 0, 0.25, 0.25]), looked(uniform), looked(uniform)];
const options = { resamples: 200, seed: 1 };
const { columns, templates } = groundingSummary(meterOf(all).finish(), questions, options);

it('has the mean over the questions that are judged, held against other videos', () => {
  const { 'time/visual/share': share, 'time/visual/hit': hit } = columns.All;
  expect(share.questions).toBe(2);
  expect(share.mean).toBeCloseTo((0.7 + 0.5) / 2, 6);
  expect(share.against).toBeCloseTo((0.2 + 0.5) / 2, 6); // v1 by the seconds of v2, and the other way round
  expect(share.gain!.mean).toBeCloseTo((0.5 + 0) / 2, 6);
  expect([share.chance, share.oracle]).toEqual([(0.25 + 0.5) / 2, 1]);
  expect([hit.mean, hit.against]).toEqual([0.5, 0.5]);
  expect(columns['AV-Temp']['time/visual/share']).toEqual(share);
  expect(columns['A-Count']).toEqual({ 'attention/visual/entropy': expect.objectContaining({ questions: 1, mean: 1 }) });
});

it('judges the map of the sound on what sounds in the segment', () => {
  expect(columns.All['space/text/pointing']).toMatchObject({ questions: 1, mean: 1, chance: 0.25, oracle: 1 });
  expect(columns.All['space/audio/pointing']).toMatchObject({ questions: 1, mean: 1 }); // looks elsewhere while nothing sounds
  expect(templates).toMatchObject([{ type: 0 }, { type: 8, figures: { 'space/text/mass': { mean: 1 } } }]);
});

it('scores the truth as 1', () => {
  const { columns: figures } = groundingSummary(
    meterOf([looked([1, 0, 0, 0]), looked([0, 0, 0.5, 0.5]), looked(uniform)]).finish(),
    questions,
    options,
  );
  for (const measure of ['share', 'hit', 'precision']) expect(figures.All[`time/visual/${measure}`]).toMatchObject({ mean: 1, oracle: 1 });
  expect(figures.All['time/visual/ratio']).toMatchObject({ mean: 3, oracle: 3, chance: 1 });
});

it('judges heads one by one, and gives the weight of a half', () => {
  const attentionByHead = { visual: Float32Array.from([0.6, 0, 0, 0, 0.05, 0.05, 0.05, 0.05]) };
  const { columns: figures } = groundingSummary(meterOf([{ ...all[0], attentionByHead }, all[1], all[2]]).finish(), questions, options);
  expect(figures.All['time/visual/head1/share'].mean).toBeCloseTo(1, 6);
  expect(figures.All['time/visual/head2/share'].mean).toBeCloseTo(0.25, 6);
  expect(figures.All['attention/visual/weight'].mean).toBeCloseTo(0.4, 6);
  expect(figures.All['attention/visual/head2/weight'].mean).toBeCloseTo(0.2, 6);
  expect(formatGrounding({ columns: figures, templates: [] })).toMatch(/^visual, head 1 +\| +100\.0/m);
});

it('prints percents next to a uniform attention and the truth', () => {
  const lines = formatGrounding({ columns, templates }).split('\n');
  expect(lines[0]).toMatch(/^attention in time, n 2 \| share +others +gain/);
  expect(lines[1]).toMatch(/^uniform +\| +37\.5/);
  expect(lines[2]).toMatch(/^visual +\| +60\.0 +35\.0 +\+25\.0/);
  expect(lines[3]).toMatch(/^truth +\| +100\.0 +0\.0 +\+100\.0 /);
  expect(lines).toContainEqual(expect.stringMatching(/^text +1 \| +100\.0/));
  expect(lines.slice(-2)).toEqual([
    expect.stringMatching(/^AV-Temp +all +\| +2 +0\.0 \| +1 +100\.0 +100\.0$/),
    expect.stringMatching(/^ +text +\| +2/),
  ]);
});

it('gives the entropy alone without truth', () => {
  const meter = new GroundingMeter(questions, undefined, 1);
  meter.add(0, all[0]);
  expect(meter.finish().map(({ id }) => id)).toEqual(['attention/visual/entropy']);
});

it('refuses boxes of other segments than those of the maps, even where their shares could be those of a square grid', () => {
  const one = { file: 'grounding-test.json', truths: new Map<number, Truth>([[1, { boxes: [[box]] }]]) }; // 4 x 4 shares are 16 regions of one segment
  const told = 'grounding-test.json: question 1 has 1 segments in boxes, the network has maps over 4 segments with 4 regions each. ';
  expect(() => meterOf(all, one)).toThrow(told);
});

it('refuses truth of other segments', () => {
  const short = { file: 'grounding-test.json', truths: new Map([...truths, [1, { needed: [true, false] }]]) };
  expect(() => meterOf(all, short).finish()).toThrow(
    'grounding-test.json: question 1 has 2 segments in needed, the network has an attention over 4. Expected as many segments as the features have',
  );
});
