import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { QUESTION_TYPES, readSplit } from '@tass/dataset-music-avqa';
import { publishedRows } from './index';
import { publishedTables } from './published-tables';

const AVERAGES = { 'A-Avg': [0, 1], 'V-Avg': [2, 3], 'AV-Avg': [4, 5, 6, 7, 8], All: [0, 1, 2, 3, 4, 5, 6, 7, 8] };
const IDS = QUESTION_TYPES.map(({ short }) => short);

it('has columns of the table only, in percent, with a source, best first among those on the same questions', () => {
  const known = new Set([...IDS, ...Object.keys(AVERAGES)]);
  for (const { name, source, figures } of publishedRows) {
    expect([name, source]).not.toContain('');
    expect(Object.keys(figures).filter((id) => !known.has(id))).toEqual([]);
    expect(Object.values(figures).filter((value) => !(value > 50 && value < 90))).toEqual([]);
  }
  expect(publishedRows.find(({ name }) => name === 'TASS')?.figures).toEqual({ All: 74.98 });
  for (const { rows } of publishedTables({ published: publishedRows, publishedOn: null, tests: [] }).elsewhere) {
    const all = rows.map(({ figures }) => figures.All);
    expect(all).toEqual([...all].sort((one, other) => other - one));
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  }
});

const root = process.env.TASS_DATA ?? '';
const isThere = existsSync(join(root, 'music-avqa', 'avqa-test.json.gz'));
const whenThere = isThere ? describe : describe.skip;

whenThere(`averages of published rows (skipped unless TASS_DATA holds the official test questions)`, () => {
  const whole = publishedRows.filter(({ figures }) => IDS.every((id) => id in figures));
  let counts: number[];
  beforeAll(() => {
    const { questions } = readSplit(root, 'test');
    counts = QUESTION_TYPES.map(({ index }) => questions.filter(({ type }) => type === index).length);
  });

  /** The greatest distance of a printed average from the micro average of the printed types. */
  function farthest(figures: Readonly<Record<string, number>>): number {
    const distances = Object.entries(AVERAGES).map(([id, types]) => {
      const total = types.reduce((sum, type) => sum + counts[type], 0);
      const micro = types.reduce((sum, type) => sum + figures[IDS[type]] * counts[type], 0) / total;
      return Math.abs(micro - figures[id]);
    });
    return Math.max(...distances);
  }

  it.each(whole.filter(({ note, questions }) => !note.includes('off what the types give') && questions !== 'json/avqa-test.json'))(
    'of $name follow from its types to the rounding',
    ({ figures }) => expect(farthest(figures)).toBeLessThan(0.01),
  );

  it.each(whole.filter(({ note }) => note.includes('off what the types give')))(
    'of $name are as far off as its note says',
    ({ note, figures }) => expect(farthest(figures).toFixed(2)).toBe(/up to (\d\.\d\d) off/.exec(note)?.[1]),
  );

  it('covers every whole row but that of the older data', () => expect(whole.map(({ name }) => name)).toHaveLength(13));
});
