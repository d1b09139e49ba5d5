import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { patternPixels } from './fixtures/pattern-pixels';
import { filters, fractionBits, tapsOf } from './resampling';
import { Resizer } from './resize';
import { ResizeKernel } from './resize-kernel';

let makeKernel: () => ResizeKernel;
beforeAll(async () => (makeKernel = await ResizeKernel.compile()));

const [lanczos, bilinear, bicubic] = [1, 2, 3].map((number) => filters.get(number)!);
const row = (...values: number[]) => Uint8Array.from(values.flatMap((value) => [value, value + 1, value + 2]));
const whole = (edge: number) => ({ first: 0, count: edge });

it('makes a pixel of its neighbours, weighted by distance', () => {
  // 4 to 2, bilinear over 4 pixels: the first of 3, 3 and 1 sevenths of the first three; the second mirrored
  const resizer = new Resizer(makeKernel(), { height: 1, width: 4 }, { height: 1, width: 2 }, bilinear, {
    rows: whole(1),
    columns: whole(2),
  });
  const [first, second] = [(3 * 10 + 3 * 20 + 70) / 7, (20 + 3 * 70 + 3 * 120) / 7].map(Math.round); // 23, 84
  expect([...resizer.resize(row(10, 20, 70, 120))]).toEqual([first, first + 1, first + 2, second, second + 1, second + 2]);
});

it('rounds to 8 bits between rows and columns, and cuts off what a sharpening filter adds', () => {
  const size = { height: 2, width: 1 };
  const resizer = new Resizer(makeKernel(), size, { height: 8, width: 1 }, bicubic, { rows: whole(8), columns: whole(1) });
  const values = [...resizer.resize(row(0, 255).map((value) => Math.min(value, 255)))].filter((_, i) => i % 3 === 0);
  expect(values[0]).toBe(0); // the exact value is below 0
  expect(values[7]).toBe(255);
  expect(values).toEqual([...values].sort((a, b) => a - b));
});

it.each([lanczos, bilinear, bicubic])('has weights that sum to 1 in fixed point, but for their rounding', (filter) => {
  for (const [from, to] of [
    [7, 3],
    [3, 7],
    [720, 224],
    [1, 5],
    [5, 1],
  ]) {
    const { weights, most, count } = tapsOf(filter, from, to, whole(to));
    for (let output = 0; output < to; output++) {
      const sum = weights.subarray(output * most, output * most + count[output]).reduce((total, each) => total + each, 0);
      expect(Math.abs(sum - 2 ** fractionBits)).toBeLessThanOrEqual(count[output] / 2);
    }
  }
});

interface Resized {
  readonly from: [number, number];
  readonly to: [number, number];
  readonly resample: number;
  readonly sha256: string;
}
const cases: Resized[] = JSON.parse(readFileSync(join(__dirname, 'fixtures', 'image-processing.json'), 'utf8')).resized;

it.each(cases)('gives the bytes of Pillow: $from to $to by filter $resample', ({ from, to, resample, sha256 }) => {
  const resizer = new Resizer(makeKernel(), { height: from[0], width: from[1] }, { height: to[0], width: to[1] }, filters.get(resample)!, {
    rows: whole(to[0]),
    columns: whole(to[1]),
  });
  expect(
    createHash('sha256')
      .update(resizer.resize(patternPixels(from[0], from[1])))
      .digest('hex'),
  ).toBe(sha256);
});

it.each([
  [
    [720, 1280],
    [224, 398],
  ],
  [
    [24, 40],
    [24, 24],
  ],
  [
    [24, 40],
    [60, 40],
  ],
  [
    [24, 40],
    [24, 40],
  ],
])('computes a window as if it had been cut out of the whole: %p to %p', ([height, width], [toHeight, toWidth]) => {
  const pixels = patternPixels(height, width);
  const [from, to] = [
    { height, width },
    { height: toHeight, width: toWidth },
  ];
  const all = new Resizer(makeKernel(), from, to, bicubic, { rows: whole(toHeight), columns: whole(toWidth) }).resize(pixels);
  const window = { rows: { first: 3, count: 20 }, columns: { first: 2, count: 7 } };
  const part = new Resizer(makeKernel(), from, to, bicubic, window).resize(pixels);
  const cut = Array.from({ length: 20 }, (_, i) => [...all.subarray(((3 + i) * toWidth + 2) * 3, ((3 + i) * toWidth + 9) * 3)]).flat();
  expect([...part]).toEqual(cut);
});
