import { type Filter, type Span, type Taps, tapsOf } from './resampling';
import type { ResizeKernel } from './resize-kernel';

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
  private readonly source: Area;
  private readonly result: Area;
  private readonly passes: (() => void)[] = [];

  /** The kernel is this resizer's alone. */
  constructor(
    private readonly kernel: ResizeKernel,
    from: Size,
    to: Size,
    filter: Filter,
    private readonly window: Window,
  ) {
    const { rows, columns } = window;
    this.source = this.areaOf({ rows: { first: 0, count: from.height }, columns: { first: 0, count: from.width } });
    const across = to.width === from.width ? undefined : tapsOf(filter, from.width, to.width, columns);
    const down = to.height === from.height ? undefined : tapsOf(filter, from.height, to.height, rows);
    if (isDownFirst(from, to)) {
      const between = this.down(down, this.source, { rows, columns: across ? pixelsRead(across) : columns });
      this.result = this.across(across, between, window);
    } else {
      const between = this.across(across, this.source, { rows: down ? pixelsRead(down) : rows, columns });
      this.result = this.down(down, between, window);
    }
  }

  /** `pixels` are [height, width, 3]. Gives [rows, columns, 3] of the window. */
  resize(pixels: Uint8Array): Uint8Array {
    const { rows, columns } = this.window;
    const { bytes } = this.kernel;
    bytes.set(pixels, this.source.at);
    for (const pass of this.passes) pass();
    const length = columns.count * 3;
    const result = new Uint8Array(rows.count * length);
    for (let row = 0; row < rows.count; row++) {
      const at = placeOf(this.result, rows.first + row, columns.first);
      result.set(bytes.subarray(at, at + length), row * length);
    }
    return result;
  }

  /** Adds a pass in which every pixel is made of neighbours in its row, none where the width stays; the area of its result. */
  private across(taps: Taps | undefined, source: Area, window: Window): Area {
    if (!taps) return source;
    const { rows, columns } = window;
    const result = this.areaOf(window, columns.count * 3 + 1); // what is put beyond a row's last pixel is no other row's
    const weights = this.put(taps.weights);
    this.passes.push(() => {
      for (let output = 0; output < columns.count; output++) {
        const from = placeOf(source, rows.first, taps.first[output]);
        const to = placeOf(result, rows.first, columns.first + output);
        this.kernel.weigh(from, source.stride, to, result.stride, rows.count, 3, weights + output * taps.most * 4, taps.count[output]);
      }
    });
    return result;
  }

  /** Adds a pass in which every pixel is made of neighbours in its column. Values of all colours share weights: four at a place. */
  private down(taps: Taps | undefined, source: Area, window: Window): Area {
    if (!taps) return source;
    const { rows, columns } = window;
    const result = this.areaOf(window);
    const weights = this.put(taps.weights);
    this.passes.push(() => {
      for (let output = 0; output < rows.count; output++) {
        const from = placeOf(source, taps.first[output], columns.first);
        const to = placeOf(result, rows.first + output, columns.first);
        const places = Math.ceil((columns.count * 3) / 4);
        this.kernel.weigh(from, 4, to, 4, places, source.stride, weights + output * taps.most * 4, taps.count[output]);
      }
    });
    return result;
  }

  private areaOf(window: Window, stride = window.columns.count * 3): Area {
    return { ...window, stride, at: this.kernel.take(window.rows.count * stride + 4) }; // four bytes are read and put at a place
  }

  private put(weights: Int32Array): number {
    const at = this.kernel.take(weights.byteLength);
    new Int32Array(this.kernel.bytes.buffer, at, weights.length).set(weights);
    return at;
  }
}

/** Pixels of a part of an image in the kernel's memory, row by row. */
interface Area extends Window {
  readonly at: number; // of the first byte
  readonly stride: number; // bytes from one row to the next
}

/** Where a pixel begins, by its row and column in the whole image. */
const placeOf = ({ at, stride, rows, columns }: Area, row: number, column: number): number =>
  at + (row - rows.first) * stride + (column - columns.first) * 3;

/**
 * Pillow resizes the rows first; since its version 13 the columns, where the height loses more than twice the pixels of the width.
 * Older versions differ there by the rounding between the passes. Found by trying sizes.
 */
const isDownFirst = (from: Size, to: Size): boolean => to.height < from.height && from.height - to.height > 2 * (from.width - to.width);

function pixelsRead({ first, count }: Taps): Span {
  const last = first.length - 1;
  return { first: first[0], count: first[last] + count[last] - first[0] };
}
