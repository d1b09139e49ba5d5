/** How a pixel is made of its neighbours: `weight` is 0 at distances of `support` and more. */
export interface Filter {
  readonly support: number; // pixels of the coarser grid
  readonly weight: (distance: number) => number;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** By Pillow's numbers, as `resample` in preprocessor_config.json has them. */
export const filters: ReadonlyMap<number, Filter> = new Map([
  [1, { support: 3, weight: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) }], // Lanczos
  [2, { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) }], // bilinear
  [3, { support: 2, weight: (x) => cubic(Math.abs(x)) }], // bicubic
]);

/** Keys' cubic convolution with a = -1/2. */
function cubic(x: number): number {
  const a = -0.5;
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/** Bits behind the point of a weight. With 8 bits of a pixel and weights that sum to 1 this fits a signed 32-bit integer. */
export const fractionBits = 22;

/** Which pixels of a row (or column) each pixel of its resized window is made of, and with which weights. */
export interface Taps {
  readonly first: Int32Array; // [outputs], the first pixel read
  readonly count: Int32Array; // [outputs], how many are read
  readonly weights: Int32Array; // [outputs, most], fixed point
  readonly most: number; // the greatest `count`
}

/** A part of a row: `count` pixels from `first`. */
export interface Span {
  readonly first: number;
  readonly count: number;
}

/**
 * Taps that resize a row of `from` pixels to `to`, for the pixels of `window` among the `to`. The filter is stretched where the row
 * shrinks (antialiasing), cut off at the row's ends, and its weights are rounded to fixed point, as Pillow does for 8-bit images.
 */
export function tapsOf({ support, weight }: Filter, from: number, to: number, window: Span): Taps {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const reach = support * stretch;
  const bounds = Array.from({ length: window.count }, (_, output) => {
    const center = (window.first + output + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - reach + 0.5));
    return { center, first, count: Math.min(from, Math.trunc(center + reach + 0.5)) - first };
  });
  const most = Math.max(...bounds.map(({ count }) => count));
  const weights = new Int32Array(window.count * most);
  bounds.forEach(({ center, first, count }, output) => {
    const exact = Array.from({ length: count }, (_, tap) => weight((first + tap - center + 0.5) * (1 / stretch)));
    const sum = exact.reduce((total, each) => total + each, 0);
    exact.forEach((each, tap) => (weights[output * most + tap] = fixed(sum === 0 ? each : each / sum)));
  });
  return {
    first: Int32Array.from(bounds, ({ first }) => first),
    count: Int32Array.from(bounds, ({ count }) => count),
    weights,
    most,
  };
}

/** Rounded to the nearest, halves away from 0. */
const fixed = (weight: number): number => Math.trunc(weight * 2 ** fractionBits + (weight < 0 ? -0.5 : 0.5));
