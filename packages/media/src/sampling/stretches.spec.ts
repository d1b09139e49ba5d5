import { cutIntoStretches, type Descriptors, type Stretch, typicalSecond } from './stretches';

const points = (...values: number[]): Descriptors => values.map((value) => Float64Array.of(value));
const startsOf = (stretches: readonly Stretch[]) => stretches.map(({ start }) => start);

it('cuts where it pays most, worked out by hand', () => {
  // 0 0 | 10 10 10 4: the second mean is 8.5, the cost 3 * 1.5^2 + 4.5^2 = 27; the next best, 0 0 10 10 10 | 4, costs 120
  const values = points(0, 0, 10, 10, 10, 4);
  const stretches = cutIntoStretches(values, 2);
  expect(stretches).toEqual([
    { start: 0, end: 2 },
    { start: 2, end: 6 },
  ]);
  expect(stretches.map((stretch) => typicalSecond(values, stretch))).toEqual([0, 2]); // 10 is nearer to 8.5 than 4 is
  expect(startsOf(cutIntoStretches(values, 3))).toEqual([0, 2, 5]); // now without cost
});

it('takes the second nearest to the mean, the earliest of equal ones', () => {
  const values = points(0, 9, 3, 5, 3, 4);
  expect(typicalSecond(values, { start: 0, end: 6 })).toBe(5); // the mean is 4
  expect(typicalSecond(values, { start: 0, end: 5 })).toBe(2); // the mean is 4, 3 is as near as 5
  expect(typicalSecond(points(0.1, 0.3), { start: 0, end: 2 })).toBe(0); // 0.2 - 0.1 and 0.3 - 0.2 differ by rounding only
});

it('gives equally long stretches where nothing changes', () => {
  expect(startsOf(cutIntoStretches(points(...new Array(60).fill(3)), 10))).toEqual([0, 6, 12, 18, 24, 30, 36, 42, 48, 54]);
});

it('gives each second a stretch of its own where there are as many', () => {
  expect(startsOf(cutIntoStretches(points(1, 1, 5), 3))).toEqual([0, 1, 2]);
});

describe('equals the best of all cuttings, one by one', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))('for random points %d', (seed) => {
    const random = generator(seed);
    const length = 2 + Math.floor(random() * 8);
    const levels = seed % 2 === 0 ? 3 : 1000; // few levels: many ties
    const values = Array.from({ length }, () => Float64Array.from({ length: 2 }, () => Math.floor(random() * levels)));
    for (let count = 1; count <= length; count++) expect(cutIntoStretches(values, count)).toEqual(bestOfAll(values, count));
  });
});

/** The rule word by word: least cost, then most equal lengths, then earliest cuts from the last one on. */
function bestOfAll(values: Descriptors, count: number): Stretch[] {
  const total = costOf(values, { start: 0, end: values.length });
  const rank = (stretches: readonly Stretch[]) => [
    Math.round((1e6 * stretches.reduce((sum, stretch) => sum + costOf(values, stretch), 0)) / (total || 1)),
    stretches.reduce((sum, { start, end }) => sum + (end - start) ** 2, 0),
    ...startsOf(stretches).reverse(),
  ];
  return allCuttings(values.length, count).sort((a, b) => compare(rank(a), rank(b)))[0];
}

function allCuttings(length: number, count: number, start = 0): Stretch[][] {
  if (count === 1) return [[{ start, end: length }]];
  const ends = Array.from({ length: length - start - count + 1 }, (_, more) => start + more + 1);
  return ends.flatMap((end) => allCuttings(length, count - 1, end).map((rest) => [{ start, end }, ...rest]));
}

function costOf(values: Descriptors, { start, end }: Stretch): number {
  const part = values.slice(start, end);
  const means = [0, 1].map((axis) => part.reduce((sum, value) => sum + value[axis], 0) / part.length);
  return part.reduce((sum, value) => sum + (value[0] - means[0]) ** 2 + (value[1] - means[1]) ** 2, 0);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : a[at] - b[at];
}

function generator(seed: number): () => number {
  let state = seed * 2654435761 + 1;
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
}
