import type { Frames } from '@tass/media';
import type { ModelFolder } from '../model/folder';
import { type Preprocessing, readPreprocessing } from './preprocessing';
import type { Span } from './resampling';
import { Resizer, type Size, type Window } from './resize';
import { ResizeKernel } from './resize-kernel';

/**
 * Turns RGB frames into an image tower's input, as the model's preprocessor_config.json says: resized, cropped, normalised. The
 * values are, bit for bit, those of transformers' CLIPImageProcessor with Pillow (spec; fixtures/image-processing.py).
 */
export class ImageProcessor {
  readonly height: number; // of the result
  readonly width: number;
  private readonly steps: Preprocessing;
  private last?: { readonly from: Size; readonly resizer: Resizer; readonly rows: Place; readonly columns: Place };

  private constructor(
    folder: ModelFolder,
    private readonly makeKernel: () => ResizeKernel,
  ) {
    const config = folder.json('preprocessor_config.json');
    this.steps = readPreprocessing(config);
    const { crop, resize } = this.steps;
    const size = crop ?? (resize && 'height' in resize.size ? resize.size : undefined);
    if (!size)
      throw new Error(
        `${config.path}: do_center_crop is false and size gives no height and width, so images would differ in size. Set do_center_crop to true`,
      );
    this.height = size.height;
    this.width = size.width;
  }

  /** Throws as `readPreprocessing`, and where images of different sizes would stay different. */
  static async load(folder: ModelFolder): Promise<ImageProcessor> {
    return new ImageProcessor(folder, await ResizeKernel.compile());
  }

  /** [count, 3, height, width]. Throws for frames whose bytes do not fill their size. */
  process({ pixels, count, height, width }: Frames): Float32Array {
    const length = height * width * 3;
    if (count > 0 && (pixels.length !== count * length || length === 0))
      throw new Error(`${count} frames of ${height} x ${width} have ${pixels.length} bytes, expected ${count * length} (RGB)`);
    const { resizer, rows, columns } = this.planFor({ height, width });
    const size = 3 * this.height * this.width;
    const processed = new Float32Array(count * size);
    for (let image = 0; image < count; image++) {
      const resized = resizer.resize(pixels.subarray(image * length, (image + 1) * length));
      this.normalize(resized, rows, columns, processed.subarray(image * size, (image + 1) * size));
    }
    return processed;
  }

  /** Frames of one size come together: the plan for the last size is kept. */
  private planFor(from: Size) {
    if (this.last?.from.height === from.height && this.last.from.width === from.width) return this.last;
    const to = resizedSize(from, this.steps.resize?.size);
    const rows = place(to.height, this.height);
    const columns = place(to.width, this.width);
    const window: Window = { rows, columns };
    const filter = this.steps.resize?.filter ?? nothing;
    return (this.last = { from, rows, columns, resizer: new Resizer(this.makeKernel(), from, to, filter, window) });
  }

  /** RGB bytes [rows, columns, 3] to planes of normalised values, each value by a table; zeros (of bytes) around them. */
  private normalize(pixels: Uint8Array, rows: Place, columns: Place, planes: Float32Array): void {
    const { height, width } = this;
    const { values } = this.steps;
    const padded = rows.count < height || columns.count < width;
    for (let channel = 0; channel < 3; channel++) {
      const plane = planes.subarray(channel * height * width, (channel + 1) * height * width);
      if (padded) plane.fill(values[channel * 256]);
      const ofChannel = values.subarray(channel * 256, (channel + 1) * 256);
      let from = channel;
      for (let row = rows.at; row < rows.at + rows.count; row++) {
        const to = row * width + columns.at;
        for (let i = to; i < to + columns.count; i++, from += 3) plane[i] = ofChannel[pixels[from]];
      }
    }
  }
}

const nothing = { support: 0, weight: () => 0 }; // where no size changes, no filter is asked

/** What is kept of an edge, and where in the result it begins. */
interface Place extends Span {
  readonly at: number;
}

/** About the centre; an odd pixel is cut off behind and padded in front, as transformers' `center_crop` does. */
function place(edge: number, wanted: number): Place {
  if (edge >= wanted) return { first: Math.floor((edge - wanted) / 2), count: wanted, at: 0 };
  return { first: 0, count: edge, at: Math.ceil((wanted - edge) / 2) };
}

function resizedSize(from: Size, size: NonNullable<Preprocessing['resize']>['size'] | undefined): Size {
  if (!size) return from;
  if ('height' in size) return size;
  const { shortestEdge } = size;
  const { height, width } = from;
  if (width <= height) return { width: shortestEdge, height: Math.trunc((shortestEdge * height) / width) };
  return { width: Math.trunc((shortestEdge * width) / height), height: shortestEdge };
}
