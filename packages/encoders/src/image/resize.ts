import { type Filter, fractionBits, type Span, type Taps, tapsOf } from './resampling';

/** Height and width of an image. */
export interface Size {
  readonly height: number;
  readonly width: number;
}

/** A part of an image. */
export interface Window {
  readonly rows: Span;
  readonly columns: Span;
}

/**
 * Resizes RGB images of one size and keeps a window of the result: pixel for pixel what Pillow's `Image.resize` and a crop
 * give. One pass for each edge that changes, rounded to 8 bits after each; only what the window is made of is computed.
 */
export class Resizer {
  private readonly passes: readonly Pass[];

  constructor(
    private readonly from: Size,
    to: Size,
    filter: Filter,
    window: Window,
  ) {
    const { rows, columns } = window;
    const acrossTaps = to.width === from.width ? undefined : tapsOf(filter, from.width, to.width, columns);
    const downTaps = to.height === from.height ? undefined : tapsOf(filter, from.height, to.height, rows);
    const downFirst = isDownFirst(from, to);
    const sourceRows = downTaps && !downFirst ? pixelsRead(downTaps) : rows;
    const sourceColumns = acrossTaps && downFirst ? pixelsRead(acrossTaps) : columns;
    const across = acrossTaps ? [passAcross(acrossTaps, { rows: sourceRows, columns })] : [];
    const down = downTaps ? [passDown(downTaps, { rows, columns: sourceColumns })] : [];
    const passes = downFirst ? [...down, ...across] : [...across, ...down];
    this.passes = passes.length > 0 ? passes : [cut(window)];
  }

  /** `pixels` are [height, width, 3]. The result, [rows, columns, 3] of the window, is overwritten by the next call. */
  resize(pixels: Uint8Array): Uint8Array {
    const { height, width } = this.from;
    const whole: Area = { pixels, rows: { first: 0, count: height }, columns: { first: 0, count: width } };
    return this.passes.reduce((area, pass) => pass(area), whole).pixels;
  }
}

/**
 * Pillow resizes the rows first; since its version 13 the columns, where the height loses more than twice the pixels of the width.
 * Older versions differ there by the rounding between the passes. Found by trying sizes.
 */
const isDownFirst = (from: Size, to: Size): boolean => to.height < from.height && from.height - to.height > 2 * (from.width - to.width);

/** Pixels of a part of an image: [rows, columns, 3]. */
interface Area extends Window {
  readonly pixels: Uint8Array;
}

/** Makes an area of the one that was there before; its memory is used again for the next image. */
type Pass = (source: Area) => Area;

const areaOf = (window: Window): Area => ({ ...window, pixels: new Uint8Array(window.rows.count * window.columns.count * 3) });

function pixelsRead({ first, count }: Taps): Span {
  const last = first.length - 1;
  return { first: first[0], count: first[last] + count[last] - first[0] };
}

const { imul } = Math; // a look-up of a global costs much where the program runs in a context of its own (specs)
const half = 1 << (fractionBits - 1);

/** A fixed-point sum, half added, as a byte. */
const toByte = (sum: number): number => {
  const value = sum >> fractionBits;
  return value < 0 ? 0 : value > 255 ? 255 : value;
};

/** Resizes rows: every pixel of the result is made of neighbours in its row. */
function passAcross({ first, count, weights, most }: Taps, window: Window): Pass {
  const result = areaOf(window);
  const into = result.pixels;
  const outputs = first.length;
  return ({ pixels, rows, columns }) => {
    let to = 0;
    for (let row = 0; row < window.rows.count; row++) {
      const begin = ((window.rows.first - rows.first + row) * columns.count - columns.first) * 3;
      for (let output = 0; output < outputs; output++) {
        let red = half;
        let green = half;
        let blue = half;
        let from = begin + first[output] * 3;
        const end = output * most + count[output];
        for (let tap = output * most; tap < end; tap++) {
          const weight = weights[tap];
          red = (red + imul(pixels[from], weight)) | 0;
          green = (green + imul(pixels[from + 1], weight)) | 0;
          blue = (blue + imul(pixels[from + 2], weight)) | 0;
          from += 3;
        }
        into[to] = toByte(red);
        into[to + 1] = toByte(green);
        into[to + 2] = toByte(blue);
        to += 3;
      }
    }
    return result;
  };
}

/** Resizes columns: every pixel of the result is made of neighbours in its column. Three values at once share a weight. */
function passDown({ first, count, weights, most }: Taps, window: Window): Pass {
  const result = areaOf(window);
  const into = result.pixels;
  const rowLength = window.columns.count * 3;
  return ({ pixels, rows, columns }) => {
    const stride = columns.count * 3;
    const left = (window.columns.first - columns.first) * 3;
    for (let output = 0; output < first.length; output++) {
      const begin = output * most;
      const end = begin + count[output];
      const top = (first[output] - rows.first) * stride + left;
      const to = output * rowLength;
      for (let i = 0; i < rowLength; i += 3) {
        let red = half;
        let green = half;
        let blue = half;
        let from = top + i;
        for (let tap = begin; tap < end; tap++) {
          const weight = weights[tap];
          red = (red + imul(pixels[from], weight)) | 0;
          green = (green + imul(pixels[from + 1], weight)) | 0;
          blue = (blue + imul(pixels[from + 2], weight)) | 0;
          from += stride;
        }
        into[to + i] = toByte(red);
        into[to + i + 1] = toByte(green);
        into[to + i + 2] = toByte(blue);
      }
    }
    return result;
  };
}

/** Where no edge changes. */
function cut(window: Window): Pass {
  const result = areaOf(window);
  const length = window.columns.count * 3;
  return ({ pixels, columns }) => {
    for (let row = 0; row < window.rows.count; row++) {
      const from = ((window.rows.first + row) * columns.count + window.columns.first) * 3;
      result.pixels.set(pixels.subarray(from, from + length), row * length);
    }
    return result;
  };
}
