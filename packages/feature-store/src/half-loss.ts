import { decodeHalves, encodeHalves } from './half';

const flushed = 2 ** -25; // this magnitude and less becomes 0
const tolerated = 1e-3; // of a record's length; rounding changes normal float16 values by less than 2^-11
export const surelyKept = 3.5e-5; // root mean square from which the spacing of the smallest float16 values, 2^-24, changes a record by less than that

export interface HalfLoss {
  readonly zeroed: number; // values that are not 0 and become 0
  readonly greatest: number; // magnitude
}

/** The number of nonzero `values` that become 0 as float16. */
export function countZeroed(values: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] !== 0 && Math.abs(values[i]) <= flushed) count++;
  return count;
}

/**
 * The loss of a record of finite numbers as float16, if it changes by more than a thousandth of its Euclidean length, because its values
 * are so small that they become 0 or lose digits. Undefined otherwise; small values among larger ones do not count.
 */
export function findHalfLoss(values: Float32Array | Float64Array): HalfLoss | undefined {
  const greatest = greatestMagnitude(values);
  if (greatest === 0) return undefined;
  let squares = 0; // relative to the largest, because squares of small numbers are 0
  for (let i = 0; i < values.length; i++) squares += (values[i] / greatest) ** 2;
  if (greatest * Math.sqrt(squares / values.length) >= surelyKept) return undefined;
  const halves = new Float32Array(values.length);
  decodeHalves(encodeHalves(values), halves, 0);
  let change = 0;
  for (let i = 0; i < values.length; i++) change += ((values[i] - halves[i]) / greatest) ** 2;
  return change <= tolerated ** 2 * squares ? undefined : { zeroed: countZeroed(values), greatest };
}

const leastNormal = 2 ** -14;

/** Whether a record has only values for which float16 has few digits, although it loses nothing because it was float16 before. */
export function isSubnormal(values: Float32Array): boolean {
  const greatest = greatestMagnitude(values);
  return greatest > 0 && greatest < leastNormal;
}

function greatestMagnitude(values: Float32Array | Float64Array): number {
  let greatest = 0;
  for (let i = 0; i < values.length; i++) greatest = Math.max(greatest, Math.abs(values[i]));
  return greatest;
}

export function describeHalfLoss({ zeroed, greatest }: HalfLoss, values: number, what = 'its values'): string {
  return `${what} are too small for float16, in which they are stored: ${zeroed} of ${values} become 0, the greatest magnitude is ${greatest.toPrecision(2)}`;
}
