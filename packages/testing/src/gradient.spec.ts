import { greatestDifference, numericGradient } from './gradient';

describe('numericGradient', () => {
  it('is exact, up to the rounding of float32, for polynomials of sixth degree', () => {
    // x^6 + 3 y at (1, 2): 6 and 3
    const found = numericGradient(([x, y]) => [x ** 6, 3 * y], [1, 2]);
    expect(greatestDifference(found, [6, 3])).toBeLessThan(1e-5);
  });

  it('adds no error for a term that stays as it is, however large', () => {
    expect(numericGradient(([x]) => [x, 1e30], [1])[0]).toBeCloseTo(1, 5);
  });
});
