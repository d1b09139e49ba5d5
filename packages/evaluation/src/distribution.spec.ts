import { percentileInterval, resampledP, sampleDeviation } from './distribution';

it('has the interval between the shares 0.025 and 0.975, linear between neighbours', () => {
  expect(percentileInterval(Float64Array.from({ length: 1001 }, (_, at) => at))).toEqual([25, 975]);
  const [low, high] = percentileInterval(Float64Array.of(0, 10)); // a fortieth of the way in from either end
  expect([low, high]).toEqual([expect.closeTo(0.25, 12), expect.closeTo(9.75, 12)]);
  expect(percentileInterval(Float64Array.of(7))).toEqual([7, 7]);
});

it.each<[number[], number]>([
  [[1, 2, 3], 2 / 4], // none on the other side: the least that three can give
  [[-1, -2, -3], 2 / 4],
  [[-1, 1, 2, 3, 4, 5, 6], 4 / 8],
  [[0, 1, 2, 3, 4, 5, 6], 4 / 8], // 0 counts for both sides
  [[-1, 1, 0], 1],
  [[0, 0, 0], 1],
])('p of %j is %d', (differences, p) => expect(resampledP(Float64Array.from(differences))).toBe(p));

it('has no deviation of one value', () => {
  expect(sampleDeviation([3])).toBeNull();
  expect(sampleDeviation([2, 4, 6])).toBe(2);
});
