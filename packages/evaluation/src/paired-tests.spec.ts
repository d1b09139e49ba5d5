import { holm, mcnemar } from './index';

describe('McNemar, exact', () => {
  it.each([
    [1, 9, 22 / 1024], // 2 (1 + 10) / 2^10
    [9, 1, 22 / 1024],
    [0, 6, 2 / 64],
    [2, 5, 58 / 128], // 2 (1 + 7 + 21) / 2^7
    [3, 4, 1], // 2 (1 + 7 + 21 + 35) / 2^7 = 1
    [5, 5, 1],
    [0, 0, 1],
    [0, 1, 1],
  ])('of %i against %i is %d', (first, second, p) => {
    expect(mcnemar(first, second)).toBeCloseTo(p, 14);
  });

  it.each([
    [400, 500],
    [2000, 2170],
    [4500, 4629],
    [20, 300],
  ])('of %i against %i equals the sum in whole numbers', (first, second) => {
    const trials = first + second;
    let term = 1n;
    let tail = 1n;
    for (let successes = 1; successes <= Math.min(first, second); successes++) {
      term = (term * BigInt(trials - successes + 1)) / BigInt(successes);
      tail += term;
    }
    const exact = Number((2n * tail * 10n ** 90n) / 2n ** BigInt(trials)) / 1e90;
    expect(Math.abs(mcnemar(first, second) / exact - 1)).toBeLessThan(1e-9);
  });

  it('does not break down where p is too small for a number', () => {
    expect(mcnemar(0, 9129)).toBe(0);
  });

  it.each([-1, 0.5, NaN])('refuses a count of %d', (count) => {
    expect(() => mcnemar(3, count)).toThrow(`mcnemar: a count is ${count}, expected a whole number from 0`);
  });
});

describe('Holm', () => {
  it('multiplies the k-th smallest of m by m - k + 1, never falling, at most 1', () => {
    // sorted .01 .02 .03 .04: .04 .06 .06 .06
    expect(holm([0.04, 0.01, 0.03, 0.02]).map((p) => p.toFixed(10))).toEqual([0.06, 0.04, 0.06, 0.06].map((p) => p.toFixed(10)));
    expect(holm([0.75, 0.625, 0.125])).toEqual([1, 1, 0.375]);
    expect(holm([0.2])).toEqual([0.2]);
    expect(holm([])).toEqual([]);
  });
});
