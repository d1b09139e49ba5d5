import { averagePrecision, largestInside, massInside, ranked, relativeEntropy } from './shares';

const mask = [true, false, false, true]; // positions 0 and 3
const uniform = [1, 1, 1, 1];

it('finds the share of the mass that lies inside', () => {
  expect(massInside([0.1, 0.2, 0.3, 0.4], mask)).toBeCloseTo(0.5, 12);
  expect(massInside([0.2, 0.4, 0.6, 0.8], mask)).toBeCloseTo(0.5, 12); // a half that sums to 2
  expect(massInside(uniform, mask)).toBe(0.5);
  expect(massInside([0, 0, 0, 0], mask)).toBeNaN();
});

it('finds whether the largest share lies inside, and of equals how many do', () => {
  expect(largestInside([0.1, 0.2, 0.3, 0.4], mask)).toBe(1);
  expect(largestInside([0.1, 0.4, 0.3, 0.2], mask)).toBe(0);
  expect(largestInside([0.3, 0.3, 0.3, 0.1], mask)).toBeCloseTo(1 / 3, 12);
  expect(largestInside(uniform, mask)).toBe(0.5);
});

it('has the average precision of a ranking', () => {
  expect(averagePrecision(ranked([0.4, 0.1, 0.2, 0.3]), mask)).toBe(1);
  expect(averagePrecision(ranked([0.4, 0.3, 0.2, 0.1]), mask)).toBeCloseTo((1 / 1 + 2 / 4) / 2, 12);
  expect(averagePrecision(ranked([0.3, 0.3, 0.3, 0.1]), mask)).toBeCloseTo((1 / 3 + 2 / 4) / 2, 12); // three that are equal enter together
  expect(averagePrecision(ranked(uniform), mask)).toBe(0.5);
});

it('has the entropy of what is rescaled to 1, over that of uniform shares', () => {
  expect(relativeEntropy(uniform)).toBeCloseTo(1, 12);
  expect(relativeEntropy([0, 0.7, 0, 0])).toBeCloseTo(0, 12);
  expect(relativeEntropy([0.1, 0.1, 0, 0])).toBeCloseTo(0.5, 12);
});
