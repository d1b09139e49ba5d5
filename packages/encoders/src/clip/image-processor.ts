import type { RawImage } from '@huggingface/transformers';
import type { Frames } from '@tass/media';
import type { JsonFile, ModelFolder } from '../model/folder';
import { loadTransformers } from '../model/transformers';

/**
 * Turns frames into the image tower's input [count, 3, size, size], as the model's preprocessor_config.json says. Frames
 * that already have the size are rescaled and normalised here; others go through transformers.js, which resizes and crops.
 */
export class ImageProcessor {
  readonly size: number; // pixels, width and height
  private readonly keepsSize: boolean; // of an image that has the size already
  private readonly normalized: Float32Array; // [3, 256], by channel and byte

  constructor(private readonly folder: ModelFolder) {
    const config = folder.json('preprocessor_config.json');
    this.size = squareOf(config, 'crop_size');
    this.keepsSize = shortestEdgeOf(config) === this.size;
    const scale = config.get('rescale_factor') === undefined ? 1 / 255 : config.number('rescale_factor');
    const [mean, deviation] = [config.numbers('image_mean', 3), config.numbers('image_std', 3)];
    this.normalized = Float32Array.from({ length: 3 * 256 }, (_, i) => ((i % 256) * scale - mean[i >> 8]) / deviation[i >> 8]);
  }

  async process(frames: Frames): Promise<Float32Array> {
    const { pixels, count, height, width } = frames;
    if (pixels.length !== count * height * width * 3) {
      throw new Error(
        `encoders: ${count} frames of ${height} x ${width} have ${pixels.length} bytes, expected ${count * height * width * 3} (RGB)`,
      );
    }
    return this.keepsSize && height === this.size && width === this.size
      ? this.normalize(frames)
      : resizeAndNormalize(this.folder.path, frames);
  }

  private normalize({ pixels, count }: Frames): Float32Array {
    const area = this.size * this.size;
    const planes = new Float32Array(count * 3 * area);
    for (let image = 0; image < count; image++) {
      for (let channel = 0; channel < 3; channel++) {
        const to = (image * 3 + channel) * area;
        for (let i = 0, from = image * 3 * area + channel; i < area; i++, from += 3)
          planes[to + i] = this.normalized[channel * 256 + pixels[from]];
      }
    }
    return planes;
  }
}

/** Older configurations give one number, newer ones height and width. */
function squareOf(config: JsonFile, key: string): number {
  if (typeof config.get(key) === 'number') return config.number(key);
  const [height, width] = [config.number(`${key}.height`), config.number(`${key}.width`)];
  if (height === width) return height;
  throw new Error(`${config.path}: ${key} is ${height} x ${width}, expected a square`);
}

const shortestEdgeOf = (config: JsonFile): number =>
  config.get('size.shortest_edge') === undefined ? squareOf(config, 'size') : config.number('size.shortest_edge');

async function resizeAndNormalize(folder: string, { pixels, count, height, width }: Frames): Promise<Float32Array> {
  const { AutoImageProcessor, RawImage } = await loadTransformers();
  const processor = await AutoImageProcessor.from_pretrained(folder, { local_files_only: true });
  const length = height * width * 3;
  const images: RawImage[] = [];
  for (let i = 0; i < count; i++) images.push(new RawImage(pixels.subarray(i * length, (i + 1) * length), width, height, 3));
  const { pixel_values } = await processor(images);
  return pixel_values.data as Float32Array;
}
