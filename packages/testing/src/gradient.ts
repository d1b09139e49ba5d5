/**
 * The gradient of a sum at `point`, by differences of sixth order: over `step`, twice and three times as far. `terms` gives the summands, which
 * are added in float64, so that what does not change with an entry adds no error. Nothing within 3 * `step` may jump or bend.
 */
export function numericGradient(terms: (values: Float32Array) => ArrayLike<number>, point: ArrayLike<number>, step = 0.03): Float64Array {
  return Float64Array.from(point, (_, i) => {
    const shifted = (by: number): Float64Array => {
      const values = Float32Array.from(point);
      values[i] += by;
      return Float64Array.from(terms(values));
    };
    const slope = (by: number): number => {
      const [after, before] = [shifted(by), shifted(-by)];
      return after.reduce((sum, term, n) => sum + (term - before[n]), 0) / (2 * by);
    };
    return 1.5 * slope(step) - 0.6 * slope(2 * step) + 0.1 * slope(3 * step);
  });
}

/** The largest absolute difference of two arrays of one length. */
export function greatestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError(`greatestDifference: lengths are ${a.length} and ${b.length}, expected one length`);
  let greatest = 0;
  for (let i = 0; i < a.length; i++) greatest = Math.max(greatest, Number.isNaN(a[i] - b[i]) ? Infinity : Math.abs(a[i] - b[i]));
  return greatest;
}
