/** IEEE 754 half precision (float16) to and from float32, without loss where the value is representable. */

const fromHalf = new Float32Array(65536);
for (let half = 0; half < 65536; half++) {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) fromHalf[half] = sign * fraction * 2 ** -24;
  else if (exponent === 0x1f) fromHalf[half] = fraction === 0 ? sign * Infinity : NaN;
  else fromHalf[half] = sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The half nearest to `value`, ties to the even one; beyond 65504 infinity. */
export function toHalf(value: number): number {
  float[0] = value;
  const sign = (bits[0] >>> 16) & 0x8000;
  const magnitude = bits[0] & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // not a number
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // 65520 and more round to infinity
  if (magnitude < 0x38800000) return sign | subnormal(Math.abs(float[0]));
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

/** Below 2^-14 halves are multiples of 2^-24; adding 1.5 * 2^52 rounds a double to a whole number, ties to even. */
function subnormal(magnitude: number): number {
  return magnitude * 2 ** 24 + 6755399441055744 - 6755399441055744;
}

export function encodeHalves(values: ArrayLike<number>): Uint16Array {
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) halves[i] = toHalf(values[i]);
  return halves;
}

const exponents = 0x7c007c00; // of both halves of a pair
const carry = 0x04000400; // turns an exponent of ones into the pair's bits 15 and 31
const overflow = 0x80008000;

/**
 * Writes `halves` into `into` from `offset` on; returns the index of the first that is not finite, -1 if all are.
 * Reads two at a time: half the loads, and one test for both. `halves` begins at a multiple of 4 bytes.
 */
export function decodeHalves(halves: Uint16Array, into: Float32Array, offset: number): number {
  const pairs = new Int32Array(halves.buffer, halves.byteOffset, halves.length >> 1);
  let seen = 0;
  for (let i = 0, at = offset; i < pairs.length; i++, at += 2) {
    const pair = pairs[i];
    into[at] = fromHalf[pair & 0xffff];
    into[at + 1] = fromHalf[pair >>> 16];
    seen |= (pair & exponents) + carry;
  }
  if (halves.length % 2 === 1) {
    const last = halves[halves.length - 1];
    into[offset + halves.length - 1] = fromHalf[last];
    seen |= (last & exponents) + carry;
  }
  return (seen & overflow) === 0 ? -1 : findNotFinite(halves);
}

/** The index of the first of `halves` that is not finite, -1 if all are. */
export function firstNotFinite(halves: Uint16Array): number {
  const skipped = (halves.byteOffset >> 1) % 2; // a pair begins at a multiple of 4 bytes
  const count = Math.max(0, (halves.length - skipped) >> 1);
  const pairs = new Int32Array(halves.buffer, halves.byteOffset + 2 * skipped, count);
  let seen = 0;
  for (let i = 0; i < count; i++) seen |= (pairs[i] & exponents) + carry;
  for (const alone of [skipped === 1 ? halves[0] : 0, halves.at(-1) ?? 0]) seen |= (alone & exponents) + carry;
  return (seen & overflow) === 0 ? -1 : findNotFinite(halves);
}

function findNotFinite(halves: Uint16Array): number {
  return halves.findIndex((half) => (half & 0x7c00) === 0x7c00);
}
