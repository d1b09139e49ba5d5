import { decodeHalves, encodeHalves, firstNotFinite, toHalf } from './half';

const all = Uint16Array.from({ length: 65536 }, (_, half) => half);
const decoded = new Float32Array(65536);
const firstOfAll = decodeHalves(all, decoded, 0);

it.each([
  ['one', 0x3c00, 1],
  ['minus two', 0xc000, -2],
  ['the largest', 0x7bff, 65504],
  ['the smallest normal', 0x0400, 2 ** -14],
  ['the largest subnormal', 0x03ff, 1023 * 2 ** -24],
  ['the smallest subnormal', 0x0001, 2 ** -24],
  ['minus zero', 0x8000, -0],
  ['infinity', 0x7c00, Infinity],
  ['minus infinity', 0xfc00, -Infinity],
])('knows %s', (_, half, value) => {
  expect(decoded[half]).toBe(value);
  expect(toHalf(value)).toBe(half);
});

it('gives every half back, a NaN as a NaN', () => {
  const back = encodeHalves(decoded);
  const changed = all.filter((half) => back[half] !== half && !Number.isNaN(decoded[half]));
  expect(changed).toHaveLength(0);
  expect(Number.isNaN(decoded[toHalf(NaN)])).toBe(true);
});

it('rounds to the nearest, ties to even, up to infinity', () => {
  expect(toHalf(1 + 2 ** -11)).toBe(0x3c00); // a tie: down to even
  expect(toHalf(1 + 3 * 2 ** -11)).toBe(0x3c02); // a tie: up to even
  expect(toHalf(1 + 2 ** -11 + 2 ** -20)).toBe(0x3c01);
  expect(toHalf(2 ** -25)).toBe(0); // a tie among subnormals
  expect(toHalf(3 * 2 ** -25)).toBe(2);
  expect(toHalf(2 ** -14 - 2 ** -26)).toBe(0x0400); // a subnormal that rounds up to a normal
  expect(toHalf(65519)).toBe(0x7bff);
  expect(toHalf(65520)).toBe(0x7c00);
});

it('is within half a step of any value', () => {
  let worst = 0;
  for (let step = 1; step < 20000; step++) {
    const value = Math.fround(Math.sin(step) * 10 ** ((step % 9) - 5));
    const spacing = 2 ** (Math.max(-14, Math.floor(Math.log2(Math.abs(value)))) - 10);
    worst = Math.max(worst, Math.abs(decoded[toHalf(value)] - value) / spacing);
  }
  expect(worst).toBeLessThanOrEqual(0.5);
  expect(worst).toBeGreaterThan(0.4);
});

it('names the first value that is not finite', () => {
  expect(firstOfAll).toBe(0x7c00);
  expect(decodeHalves(encodeHalves([1, 2, NaN, Infinity]), new Float32Array(6), 2)).toBe(2);
  expect(decodeHalves(encodeHalves([1, 2]), new Float32Array(2), 0)).toBe(-1);
  for (const values of [[NaN], [1, -Infinity], [1, 2, Infinity], [1, 2, 3, NaN, 5]]) {
    const into = new Float32Array(values.length);
    expect(decodeHalves(encodeHalves(values), into, 0)).toBe(values.findIndex((value) => !Number.isFinite(value)));
    expect([...into]).toEqual(values);
  }
});

it('finds it wherever it stands and wherever the halves begin in memory', () => {
  for (const begin of [0, 1]) {
    for (let length = 0; length < 8; length++) {
      const halves = new Uint16Array(10).subarray(begin, begin + length).fill(0x7bff);
      expect(firstNotFinite(halves)).toBe(-1);
      for (let at = 0; at < length; at++) {
        for (const bad of [0x7c00, 0xfc00, 0x7e01]) {
          const spoilt = new Uint16Array(10).subarray(begin, begin + length);
          spoilt.set(halves);
          spoilt[at] = bad;
          expect(firstNotFinite(spoilt)).toBe(at);
        }
      }
    }
  }
});
