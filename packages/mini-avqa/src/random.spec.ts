import { noiseTable, randomOf } from './random';

const numbers = (seed: number, purpose: string, count = 5) => {
  const random = randomOf(seed, purpose);
  return Array.from({ length: count }, () => random.uniform());
};

describe('randomOf', () => {
  it('repeats itself for the same seed and purpose, and for no other', () => {
    expect(numbers(7, 'frames')).toEqual(numbers(7, 'frames'));
    expect(numbers(7, 'frames')).not.toEqual(numbers(7, 'sound'));
    expect(numbers(7, 'frames')).not.toEqual(numbers(8, 'frames'));
    expect(numbers(7, 'frames')).not.toEqual(numbers(7 + 2 ** 40, 'frames'));
  });

  it('never changes: worlds of earlier runs can be drawn again', () => {
    expect(numbers(11, 'scene', 3)).toEqual([0.8513171319645008, 0.9854310724074873, 0.7518950615087562]);
  });

  it('is uniform in [0, 1), and normal with the mean and deviation asked for', () => {
    const uniform = numbers(3, 'uniform', 20000);
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform)).toBeLessThan(1);
    for (let tenth = 0; tenth < 10; tenth++) {
      const inside = uniform.filter((value) => Math.floor(value * 10) === tenth).length;
      expect(Math.abs(inside - 2000)).toBeLessThan(170); // four standard deviations
    }
    const random = randomOf(3, 'normal');
    const normal = Array.from({ length: 20000 }, () => random.normal(2, 0.5));
    const mean = normal.reduce((sum, value) => sum + value, 0) / normal.length;
    const deviation = Math.sqrt(normal.reduce((sum, value) => sum + (value - mean) ** 2, 0) / normal.length);
    expect(mean).toBeCloseTo(2, 1);
    expect(deviation).toBeCloseTo(0.5, 1);
  });

  it('shuffles without losing or repeating an item, and picks every item', () => {
    const random = randomOf(5, 'shuffle');
    const items = [1, 2, 3, 4, 5, 6];
    expect([...random.shuffled(items)].sort()).toEqual(items);
    expect(items).toEqual([1, 2, 3, 4, 5, 6]);
    expect(new Set(Array.from({ length: 200 }, () => random.pick(items))).size).toBe(6);
  });

  it.each([-1, 1.5, 2 ** 53, Number.NaN])('refuses the seed %p', (seed) => {
    expect(() => randomOf(seed, 'frames')).toThrow(`randomOf: seed is ${seed}, expected a whole number from 0 to 2^53 - 1`);
  });
});

it('noiseTable has mean 0 and deviation 1', () => {
  const noise = noiseTable();
  const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
  const power = noise.reduce((sum, value) => sum + value * value, 0) / noise.length;
  expect(Math.abs(mean)).toBeLessThan(0.02);
  expect(Math.abs(power - 1)).toBeLessThan(0.03);
});
