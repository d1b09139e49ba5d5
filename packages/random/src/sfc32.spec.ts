import { fnv1a, sfc32, shuffle } from './index';

it('is the generator of PractRand: a reference of 64-bit integers gives the same numbers', () => {
  const mask = 0xffffffffn;
  let [a, b, c, counter] = [1n, 0xfffffffen, 3n, 1n];
  const next = sfc32([1, -2, 3], 0);
  for (let drawn = 0; drawn < 1000; drawn++) {
    const sum = (a + b + counter++) & mask;
    a = b ^ (b >> 9n);
    b = (c + (c << 3n)) & mask;
    c = (((c << 21n) | (c >> 11n)) + sum) & mask;
    expect(next()).toBe(Number(sum));
  }
});

it('leaves out what it warms up with', () => {
  const [cold, warm] = [sfc32([7, 8, 9], 0), sfc32([7, 8, 9], 3)];
  for (let skipped = 0; skipped < 3; skipped++) cold();
  expect([warm(), warm()]).toEqual([cold(), cold()]);
});

it.each([
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['foobar', 0xbf9cf968],
])('FNV-1a of %j is that of its authors', (text, hash) => expect(fnv1a(text) >>> 0).toBe(hash));

it('shuffles arrays of any kind in place, by one number a place', () => {
  const numbers = [0.9, 0.0, 0.5];
  const order = Int32Array.of(0, 1, 2, 3);
  expect(shuffle(order, () => numbers.shift()!)).toBe(order);
  expect([...order]).toEqual([2, 1, 0, 3]);
});
