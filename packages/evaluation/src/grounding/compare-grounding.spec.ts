import { seededRandom } from '@tass/dataset-music-avqa';
import { compareMethods } from '../compare-methods';
import { question } from '../fixtures/questions';
import { scoreColumns } from '../score-columns';
import { compareGrounding, type JudgedRun } from './compare-grounding';

const questions = [question(1, 'v1'), question(2, 'v1'), question(3, 'v2'), question(4, 'v3')];
const options = { resamples: 400, seed: 2 };
const run = (seed: number | null, hit: number[], more: Record<string, number[]> = {}): JudgedRun => ({
  seed,
  values: Object.fromEntries(Object.entries({ hit, ...more }).map(([measure, values]) => [measure, Float64Array.from(values)])),
});

it('has means over the judged questions, over seeds, and differences of pairs of seeds', () => {
  const [ours, theirs] = compareGrounding(
    [
      { id: 'ours', runs: [run(1, [1, 1, 0, NaN]), run(2, [1, 0.5, 0.3, NaN]), { seed: 3, values: {} }] },
      { id: 'theirs', runs: [run(2, [0, 0.5, 0, 1]), run(1, [0, 1, 0, 1])] },
    ],
    'theirs',
    questions,
    options,
  );
  expect(ours.runs).toEqual([{ hit: 2 / 3 }, { hit: expect.closeTo(0.6, 12) }, {}]);
  expect(ours.figures.hit.mean).toBeCloseTo((2 / 3 + 0.6) / 2, 12);
  expect(ours.figures.hit.deviation).toBeCloseTo((2 / 3 - 0.6) / Math.SQRT2, 12);
  expect(theirs.figures.hit).toMatchObject({ mean: (0.5 + 0.375) / 2, against: null });
  const { difference, pairs, p, adjusted } = ours.figures.hit.against!;
  expect(difference).toBeCloseTo((1 + 0 + 0.15) / 3, 12); // on the three questions that both are judged on
  expect(pairs).toEqual([expect.closeTo(1 / 3, 12), expect.closeTo(1.3 / 3, 12)]);
  expect([p, adjusted]).toEqual([0.5, 0.5]); // two videos differ: two coins
});

it('says nothing of a measure that only one has, and corrects over methods and measures', () => {
  const values = Array.from({ length: 12 }, (_, at) => (at % 3) / 2);
  const many = values.map((_, at) => question(at, `v${at}`));
  const better = values.map((value) => value + 0.1);
  const methods = [
    { id: 'r', runs: [run(null, values)] },
    { id: 'a', runs: [run(null, better, { mass: values })] },
    { id: 'b', runs: [run(null, values)] },
  ];
  const [, a, b] = compareGrounding(methods, 'r', many, options);
  expect(a.figures.mass.against).toBeNull();
  expect(b.figures.hit.against).toMatchObject({ difference: 0, p: 1, adjusted: 1 });
  expect(a.figures.hit.against!.p).toBeLessThan(0.01);
  expect(a.figures.hit.against!.adjusted).toBeCloseTo(2 * a.figures.hit.against!.p, 12);
});

it('has the intervals and p of accuracies where the values are right and wrong answers', () => {
  const random = seededRandom(4);
  const many = Array.from({ length: 120 }, (_, at) => question(at, `v${at % 40}`));
  const marks = (chance: number): Uint8Array => Uint8Array.from(many, () => Number(random.next() < chance));
  const right = { r: [marks(0.5), marks(0.5)], a: [marks(0.6), marks(0.7)] };
  const ids = ['r', 'a'] as const;
  const accuracies = compareMethods(ids.map((id) => ({ id, runs: right[id].map((own, seed) => ({ seed, right: own })) })), 'r', many, scoreColumns(many, { train: [] }), options); // prettier-ignore
  const judged = compareGrounding(
    ids.map((id) => ({ id, runs: right[id].map((own, seed) => run(seed, [...own])) })),
    'r',
    many,
    options,
  );
  ids.forEach((_, at) => {
    const { mean, deviation, low, high } = accuracies[at].figures.All;
    const { against, ...figure } = judged[at].figures.hit;
    for (const [key, value] of Object.entries({ mean, deviation, low, high })) expect(100 * figure[key as 'mean']).toBeCloseTo(value!, 9);
    const expected = accuracies[at].against?.All;
    if (!expected) return expect(against).toBeNull();
    expect(against!.p).toBeCloseTo(expected.p, 12);
    for (const key of ['difference', 'low', 'high'] as const) expect(100 * against![key]).toBeCloseTo(expected[key], 9);
  });
});
