import { Random } from './random';

const pinned = [0.8044834376778454, 0.7262812703847885, 0.4552519603166729];

const draw = (random: Random, count: number) => Array.from({ length: count }, () => random.next());

it('gives the same numbers for the same seed, on every machine', () => {
  expect(draw(Random.fromSeed(1), 3)).toEqual(pinned);
  expect(draw(Random.fromSeed(2), 3)).not.toEqual(pinned);
});

it('forks streams by name, whatever was drawn before', () => {
  const random = Random.fromSeed(1);
  const first = draw(random.fork('weight'), 4);
  draw(random, 10);
  expect(draw(random.fork('weight'), 4)).toEqual(first);
  expect(draw(random.fork('bias'), 4)).not.toEqual(first);
  expect(draw(random.fork('a').fork('b'), 4)).not.toEqual(draw(random.fork('b').fork('a'), 4));
});

it('is uniform in [0, 1)', () => {
  const numbers = draw(Random.fromSeed(3), 20_000);
  const tenths = new Array<number>(10).fill(0);
  for (const x of numbers) tenths[Math.floor(x * 10)]++;
  for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(200); // 4.7 standard deviations
});

it('gives normals of the deviation asked for, an odd count too', () => {
  const values = Random.fromSeed(4).normals(20_001, 2);
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
  expect(values).toHaveLength(20_001);
  expect(Math.abs(mean)).toBeLessThan(0.06);
  expect(Math.abs(Math.sqrt(variance) - 2)).toBeLessThan(0.05);
});

it('gives uniforms within the limit', () => {
  const values = Random.fromSeed(5).uniforms(1000, 0.5);
  expect(Math.max(...values)).toBeLessThan(0.5);
  expect(Math.max(...values)).toBeGreaterThan(0.48);
  expect(Math.min(...values)).toBeLessThan(-0.48);
  expect(Math.min(...values)).toBeGreaterThanOrEqual(-0.5);
});

it('gives every integer below the bound, and a permutation of all indices', () => {
  const random = Random.fromSeed(6);
  expect(new Set(Array.from({ length: 200 }, () => random.integer(5)))).toEqual(new Set([0, 1, 2, 3, 4]));
  const order = random.permutation(50);
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  expect([...order]).not.toEqual([...order].sort((a, b) => a - b));
});

it('refuses a seed that is not an integer', () => {
  expect(() => Random.fromSeed(1.5)).toThrow('Random: seed is 1.5, expected an integer');
});
