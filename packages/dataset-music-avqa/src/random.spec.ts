import { seededRandom, shuffled } from './index';

it('is the same for the same seed only, also beyond 32 bits', () => {
  const draw = (seed: number) => Array.from({ length: 8 }, seededRandom(seed).next);
  expect(draw(5)).toEqual(draw(5));
  expect(draw(5)).not.toEqual(draw(6));
  expect(draw(5)).not.toEqual(draw(5 + 2 ** 32));
  expect(draw(5)).not.toEqual(draw(-5));
  expect(() => seededRandom(0.5)).toThrow('seededRandom: seed is 0.5, expected an integer');
});

it('is uniform in [0, 1): mean 1/2 and variance 1/12 within five standard errors', () => {
  const { next } = seededRandom(1);
  const values = Array.from({ length: 100_000 }, next);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  expect(Math.min(...values.slice(0, 50_000))).toBeGreaterThanOrEqual(0);
  expect(values.every((value) => value < 1)).toBe(true);
  expect(Math.abs(mean - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / values.length));
  expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / values.length));
});

it('puts every item at every place equally often', () => {
  const random = seededRandom(2);
  const counts = new Map<string, number>();
  for (let round = 0; round < 6000; round++) {
    const order = shuffled(['a', 'b', 'c'], random).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150); // five standard errors: 144
});
