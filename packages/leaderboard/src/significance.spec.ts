import type { Difference } from './leaderboard';
import { verdictOf } from './significance';

const difference = (points: number, adjusted: number, pairs: number[]): Difference => ({
  ...{ difference: points, low: points - 1, high: points + 1, p: adjusted, adjusted, pairs, mcnemar: [] },
});

it.each<[number, number, number[], string | null]>([
  [2, 0.01, [1, 2, 3], 'better'],
  [-2, 0.01, [-1, -2, -3], 'worse'],
  [2, 0.05, [1, 2, 3], null],
  [2, 0.001, [-0.5, 2, 4.5], null],
  [2, 0.001, [0, 2, 4], null],
  [2, 0.001, [2], 'better'],
])('%f points, p %f, by seed %j: %s', (points, adjusted, pairs, verdict) => {
  expect(verdictOf(difference(points, adjusted, pairs))).toBe(verdict);
});

it('no difference, no verdict', () => expect(verdictOf(undefined)).toBeNull());
