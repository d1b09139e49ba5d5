/** The gradient of `loss` at `point` by central differences. */
export function numericGradient(loss: (values: Float32Array) => number, point: ArrayLike<number>, step = 1e-2): Float64Array {
  const gradient = new Float64Array(point.length);
  for (let i = 0; i < point.length; i++) {
    const shifted = (by: number): number => {
      const values = Float32Array.from(point);
      values[i] += by;
      return loss(values);
    };
    gradient[i] = (shifted(step) - shifted(-step)) / (2 * step);
  }
  return gradient;
}

/** The largest absolute difference of two arrays of one length. */
export function greatestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError(`greatestDifference: lengths are ${a.length} and ${b.length}, expected one length`);
  let greatest = 0;
  for (let i = 0; i < a.length; i++) greatest = Math.max(greatest, Number.isNaN(a[i] - b[i]) ? Infinity : Math.abs(a[i] - b[i]));
  return greatest;
}
