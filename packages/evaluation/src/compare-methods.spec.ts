import type { Question } from '@tass/dataset-music-avqa';
import { type Method, type MethodStatistics, compareMethods, scoreColumns } from './index';
import { question } from './fixtures/questions';

/** `videos` videos with `each` questions each, of one type. */
const list = (videos: number, each: number, type = 0): Question[] =>
  Array.from({ length: videos * each }, (_, id) => question(id, `v${Math.floor(id / each)}`, type));
const elsewhere = [question(9999, 'elsewhere')]; // all that anything was learnt from
const seeds = (...right: Uint8Array[]): Method['runs'] => right.map((marks, index) => ({ seed: index + 1, right: marks }));
const where = (questions: readonly Question[], isRight: (index: number) => boolean): Uint8Array =>
  Uint8Array.from(questions, (_, index) => Number(isRight(index)));

/** Statistics of `method` against `reference`, and of the reference. */
function compare(questions: readonly Question[], reference: Method['runs'], method: Method['runs'], resamples = 400, seed = 1) {
  const methods = [
    { id: 'reference', runs: reference },
    { id: 'method', runs: method },
  ];
  const [ofReference, ofMethod] = compareMethods(methods, 'reference', questions, scoreColumns(questions, { train: elsewhere }), {
    resamples,
    seed,
  });
  return { ofReference, ofMethod };
}
const all = ({ against, figures }: MethodStatistics) => ({ figure: figures.All, difference: against?.All });

it('has the standard error of a mean over videos, not over questions', () => {
  // Of 400 videos with 5 questions all 5 are right in one half and none in the other: 50 percent, with the error of a coin over 400 videos.
  const questions = list(400, 5);
  const half = where(questions, (index) => Math.floor(index / 5) % 2 === 0);
  const { ofMethod } = compare(questions, seeds(new Uint8Array(2000)), seeds(half), 4000);
  const { figure, difference } = all(ofMethod);
  expect(figure).toMatchObject({ mean: 50, deviation: null });
  expect(difference).toMatchObject({ difference: 50, low: figure.low, high: figure.high }); // the reference is right nowhere
  const width = 2 * 1.96 * 100 * Math.sqrt(0.25 / 400); // 9.8 points; over 2,000 questions it would be 4.4
  expect(figure.high - figure.low).toBeGreaterThan(0.93 * width);
  expect(figure.high - figure.low).toBeLessThan(1.07 * width);
  expect(difference?.p).toBeCloseTo(2 / 4001, 12);
});

it('sees no difference between equals, nor where right and wrong change places within videos', () => {
  const questions = list(30, 2);
  const marks = where(questions, (index) => index % 2 === 1);
  const swapped = where(questions, (index) => (index < 30 ? index % 2 === 0 : index % 2 === 1));
  const nothing = { difference: 0, low: 0, high: 0, p: 1, adjusted: 1, pairs: [0], mcnemar: [1] };
  expect(all(compare(questions, seeds(marks), seeds(marks)).ofMethod).difference).toEqual(nothing);
  expect(all(compare(questions, seeds(marks), seeds(swapped)).ofMethod).difference).toEqual(nothing);
  const thirds = [marks, swapped, marks]; // seeds in another order: thirds do not add up to rounding errors
  const { difference } = all(compare(questions, seeds(...thirds), seeds(swapped, marks, marks)).ofMethod);
  expect(difference).toMatchObject({ difference: 0, low: 0, high: 0, p: 1 });
});

it('is certain, as far as its resamples go, where a method is better on every video', () => {
  const questions = list(12, 3);
  const { difference } = all(compare(questions, seeds(new Uint8Array(36)), seeds(where(questions, (index) => index % 3 === 0))).ofMethod);
  expect(difference).toMatchObject({ low: difference?.high, p: 2 / 401, adjusted: 2 / 401 });
  expect(difference?.mcnemar[0]).toBeCloseTo(2 ** -11, 15); // 12 coins of one side
  expect(difference?.difference).toBeCloseTo(100 / 3, 12);
  expect(difference?.low).toBeCloseTo(100 / 3, 12);
});

it.each([2, 3, 5, 6])('asks for more than %i videos that agree: as many coins of one side', (videos) => {
  const questions = list(videos + 4, 2); // four videos on which both are the same
  const better = where(questions, (index) => index < 2 * videos);
  const { difference } = all(
    compare(questions.slice(0, 2 * videos), seeds(new Uint8Array(2 * videos)), seeds(better.slice(0, 2 * videos))).ofMethod,
  );
  expect(difference?.p).toBe(2 ** (1 - videos)); // resampling alone: 2 / 401
  const among = all(compare(questions, seeds(new Uint8Array(2 * videos + 8)), seeds(better)).ofMethod).difference;
  expect(among?.p).toBeGreaterThanOrEqual(2 ** (1 - videos));
});

it('of two videos with one gain: 0, 50 and 100 points in one, two and one of four draws', () => {
  const { difference } = all(compare(list(2, 1), seeds(Uint8Array.of(0, 0)), seeds(Uint8Array.of(1, 0)), 10_000).ofMethod);
  expect(difference).toMatchObject({ difference: 50, low: 0, high: 100 });
  expect(difference?.p).toBe(1); // one coin
});

it('of three videos, two of them gained and one lost: two losses or more in 7 of 27 draws', () => {
  const { difference } = all(compare(list(3, 1), seeds(Uint8Array.of(0, 0, 1)), seeds(Uint8Array.of(1, 1, 0)), 10_000).ofMethod);
  expect(difference?.p).toBeGreaterThan(14 / 27 - 0.03);
  expect(difference?.p).toBeLessThan(14 / 27 + 0.03);
});

it('knows nothing from one video', () => {
  const { ofMethod } = compare(list(1, 4), seeds(Uint8Array.of(0, 0, 0, 0)), seeds(Uint8Array.of(1, 1, 1, 0)));
  expect(all(ofMethod)).toEqual({
    figure: { mean: 75, deviation: null, low: 0, high: 100 },
    difference: { difference: 75, low: -100, high: 100, p: 1, adjusted: 1, pairs: [75], mcnemar: [expect.closeTo(0.25, 15)] },
  });
});

it('has no key for a column without a question', () => {
  const questions = list(5, 2, 3);
  const { ofMethod } = compare(questions, seeds(new Uint8Array(10)), seeds(new Uint8Array(10)));
  const columns = ['All', 'V-Avg', 'V-Loc', 'disjoint', 'tail'];
  expect(Object.keys(ofMethod.figures).sort()).toEqual(columns);
  expect(Object.keys(ofMethod.against ?? {}).sort()).toEqual(columns);
  expect(Object.keys(ofMethod.runs[0]).sort()).toEqual(columns);
});

it('leaves out the resamples in which a column has no question', () => {
  // Two of 40 videos have a question of type 1, both right: no draw that has one gives anything but 100.
  const questions = [...list(38, 1), question(100, 'v100', 1), question(101, 'v101', 1)];
  const { figures } = compare(questions, seeds(new Uint8Array(40)), seeds(where(questions, (index) => index >= 38))).ofMethod;
  expect(figures['A-Comp']).toEqual({ mean: 100, deviation: null, low: 100, high: 100 });
});

it('changes sign with the order of the two, and is the same for the same seed only', () => {
  const questions = list(40, 1);
  const one = seeds(where(questions, (index) => index % 3 === 0));
  const other = seeds(where(questions, (index) => index % 2 === 0));
  const forth = all(compare(questions, one, other).ofMethod).difference;
  expect(all(compare(questions, one, other).ofMethod).difference).toEqual(forth);
  expect(all(compare(questions, one, other, 400, 2).ofMethod).difference).not.toEqual(forth);
  const back = all(compare(questions, other, one).ofMethod).difference;
  expect(back).toMatchObject({ difference: -(forth?.difference ?? NaN), p: forth?.p, mcnemar: forth?.mcnemar });
  expect(back?.low).toBeCloseTo(-(forth?.high ?? NaN), 10);
});

describe('runs', () => {
  const questions = list(4, 1);
  const [none, one, two] = [Uint8Array.of(0, 0, 0, 0), Uint8Array.of(1, 0, 0, 0), Uint8Array.of(1, 1, 0, 0)];
  const seeded = (seed: number | null, right: Uint8Array) => ({ seed, right });

  it('give a mean and the deviation of a sample', () => {
    const { ofMethod, ofReference } = compare(questions, seeds(none), seeds(none, one, two));
    expect(ofMethod.figures.All).toMatchObject({ mean: 25, deviation: 25 }); // 0, 25, 50
    expect(ofMethod.runs.map(({ All }) => All)).toEqual([0, 25, 50]);
    expect([ofReference.figures.All.mean, ofReference.against]).toEqual([0, null]);
  });

  it('are paired by their seeds, and the others are left out of the difference', () => {
    const { ofMethod } = compare(questions, [seeded(7, none), seeded(2, one)], [seeded(2, two), seeded(3, none), seeded(7, one)]);
    expect(all(ofMethod).figure.mean).toBe(25);
    expect(all(ofMethod).difference).toMatchObject({ difference: 25, mcnemar: [1, 1] }); // 25 and 50 against 0 and 25
  });

  it('are not compared where no seed is shared', () => {
    expect(compare(questions, [seeded(1, none)], [seeded(2, one)]).ofMethod.against).toBeNull();
  });

  it('without seeds are paired with each of the other side', () => {
    const { difference } = all(compare(questions, [seeded(null, two)], [seeded(1, none), seeded(2, one)]).ofMethod);
    expect(difference).toMatchObject({ difference: -37.5, mcnemar: [0.5, 1] });
  });
});

it('corrects over families: All over the methods, types over methods and types', () => {
  const questions = [...list(60, 1, 0), ...list(60, 1, 3).map((one, index) => ({ ...one, id: 100 + index }))];
  const shifted = (share: number) => seeds(where(questions, (index) => (index * 7) % 60 < 60 * share));
  const methods = [0.5, 0.55, 0.7, 0.45].map((share, index) => ({ id: `m${index}`, runs: shifted(share) }));
  const statistics = compareMethods(methods, 'm0', questions, scoreColumns(questions, { train: elsewhere }), { resamples: 500, seed: 1 });
  const of = (...ids: string[]) =>
    statistics.slice(1).flatMap(({ against }) => ids.map((id) => against?.[id] ?? { p: NaN, adjusted: NaN }));
  const least = (family: readonly { p: number; adjusted: number }[]) => family.reduce((best, test) => (test.p < best.p ? test : best));
  for (const family of [of('All'), of('A-Count', 'V-Loc'), of('A-Avg', 'V-Avg'), of('disjoint', 'tail')]) {
    const { p, adjusted } = least(family);
    expect(p).toBeLessThan(0.1);
    expect(adjusted).toBeCloseTo(Math.min(1, p * family.length), 12);
    expect(family.every((test) => test.adjusted >= test.p)).toBe(true);
  }
});

it('draws the same videos for every method, however many there are', () => {
  const questions = list(50, 2);
  const methods = Array.from({ length: 5 }, (_, step) => ({
    id: `m${step}`,
    runs: seeds(where(questions, (index) => index % (step + 2) === 0)),
  }));
  const columns = scoreColumns(questions, { train: elsewhere });
  const together = compareMethods(methods, null, questions, columns, { resamples: 101, seed: 4 });
  for (const [at, method] of methods.entries()) {
    expect(compareMethods([method], null, questions, columns, { resamples: 101, seed: 4 })).toEqual([together[at]]);
  }
});

it('refuses what cannot be compared', () => {
  const questions = list(2, 1);
  const columns = scoreColumns(questions, { train: elsewhere });
  const good = { id: 'a', runs: seeds(Uint8Array.of(1, 0)) };
  const comparing =
    (methods: Method[], reference: string | null = null, resamples = 10, asked = questions) =>
    () =>
      compareMethods(methods, reference, asked, columns, { resamples, seed: 1 });
  expect(comparing([good], 'b')).toThrow('compareMethods: the reference b is not among the methods');
  expect(comparing([good], null, 0)).toThrow('compareMethods: resamples is 0, expected a positive integer');
  expect(comparing([good], null, 2.5)).toThrow('resamples is 2.5');
  expect(comparing([{ id: 'a', runs: [] }])).toThrow('compareMethods: a has no run');
  expect(comparing([{ id: 'a', runs: seeds(Uint8Array.of(1)) }])).toThrow('a run of a has 1 marks, expected one for each of 2 questions');
  expect(comparing([{ id: 'a', runs: [...good.runs, ...good.runs] }])).toThrow('a has a seed twice (1, 1)');
  expect(comparing([], null, 10, [])).toThrow('compareMethods: there is no question');
});
