import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { question } from '../fixtures/questions';
import { GroundingMeter } from './grounding-meter';
import type { Box } from './truth';

type Cells = (number | null)[];
/** Written by tools/parity/grounding.py with NumPy. */
const fixture = JSON.parse(readFileSync(join(__dirname, '../fixtures/grounding.json'), 'utf8')) as {
  threshold: number;
  videoOf: number[];
  templateOf: number[];
  needed: number[][];
  boxes: number[][][][];
  attention: Record<'visual' | 'audio', number[][]>;
  attentionByHead: Record<'visual' | 'audio', number[][]>;
  maps: Record<'text' | 'audio', number[][]>;
  expected: Record<string, { values: Cells; chance?: Cells; oracle?: Cells; against?: Cells; oracleAgainst?: Cells }>;
};

const questions = fixture.videoOf.map((video, id) => ({ ...question(id, `v${video}`, 8), template: `t${fixture.templateOf[id]}` }));
const boxOf = ([left, top, right, bottom, sounding]: number[]): Box => ({ left, top, right, bottom, sounding: sounding === 1 });
const truths = new Map(
  questions.map(({ id }) => [id, { needed: fixture.needed[id].map(Boolean), boxes: fixture.boxes[id].map((boxes) => boxes.map(boxOf)) }]),
);
const meter = new GroundingMeter(questions, { file: 'grounding-test.json', truths }, fixture.threshold);
const of = <Part extends string>(arrays: Record<Part, number[][]>, id: number): Record<Part, Float32Array> =>
  Object.fromEntries(Object.entries<number[][]>(arrays).map(([part, rows]) => [part, Float32Array.from(rows[id])])) as never;
questions.forEach(({ id }) =>
  meter.add(id, {
    attention: of(fixture.attention, id),
    attentionByHead: of(fixture.attentionByHead, id),
    maps: of(fixture.maps, id),
    grid: [fixture.boxes[id].length, fixture.maps.text[id].length / fixture.boxes[id].length],
  }),
);
const series = new Map(meter.finish().map((one) => [one.id, one]));

it('measures what NumPy measures', () => expect([...series.keys()].sort()).toEqual(Object.keys(fixture.expected).sort()));

it.each(Object.keys(fixture.expected))('%s: the values of NumPy', (id) => {
  const { values, ...held } = fixture.expected[id];
  for (const [kind, cells] of Object.entries({ values, ...held })) {
    const ours = series.get(id)![kind as 'values']!;
    cells.forEach((cell, at) => (cell === null ? expect(ours[at]).toBeNaN() : expect(Math.abs(ours[at] - cell)).toBeLessThan(1e-6)));
  }
  expect(values.filter((cell) => cell !== null).length).toBeGreaterThan(10);
});
