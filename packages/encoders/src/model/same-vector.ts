import { type Dtype, roundingOf } from './dtype';

/**
 * Checks that a rewritten graph still picks what the model itself puts out.
 * Throws, naming the model's file and `what` was compared, where the vectors differ by more than rounding.
 */
export function expectSameVector(file: string, what: string, rewritten: Float32Array, own: Float32Array, dtype: Dtype): void {
  const bad = own.findIndex((value, i) => !(Math.abs(value - rewritten[i]) <= roundingOf[dtype] * (1 + Math.abs(value))));
  if (bad < 0) return;
  throw new Error(`${file}: ${what}: value ${bad} is ${rewritten[bad]} and ${own[bad]}. Export the tower as transformers does, unfused`);
}
