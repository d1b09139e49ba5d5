import type { JsonFile } from '../model/folder';
import { type Filter, filters } from './resampling';
import type { Size } from './resize';

/** What a model's preprocessor_config.json does to an RGB image, in this order. */
export interface Preprocessing {
  readonly resize?: { readonly size: Size | { readonly shortestEdge: number }; readonly filter: Filter };
  readonly crop?: Size; // about the centre; zeros where the image is smaller
  readonly values: Float32Array; // [3, 256]: what a byte of a channel becomes, rescaled and normalised
}

/**
 * Reads preprocessor_config.json as transformers' CLIPImageProcessor (the one on Pillow) does: sizes as numbers or by edge, and the
 * switches do_resize, do_center_crop, do_rescale, do_normalize (each true where it is missing). `do_convert_rgb` changes nothing: frames are RGB.
 * Throws, naming file and key, for what is missing, what CLIP's processor does not do, and for a resampling other than 1 (Lanczos), 2 (bilinear), 3 (bicubic).
 */
export function readPreprocessing(config: JsonFile): Preprocessing {
  expectClip(config);
  return {
    ...(isOn(config, 'do_resize') ? { resize: { size: targetOf(config), filter: filterOf(config) } } : {}),
    ...(isOn(config, 'do_center_crop') ? { crop: sizeOf(config, 'crop_size') } : {}),
    values: valuesOf(config),
  };
}

/** Other processors have other defaults and other steps. */
function expectClip(config: JsonFile): void {
  for (const key of ['image_processor_type', 'feature_extractor_type']) {
    const type = config.get(key);
    if (type !== undefined && !/^CLIP(ImageProcessor|FeatureExtractor)/.test(String(type)))
      throw new Error(`${config.path}: ${key} is ${JSON.stringify(type)}, expected "CLIPImageProcessor". Take a model of CLIP's own kind`);
  }
  if (config.get('do_pad') === true)
    throw new Error(`${config.path}: do_pad is true, which CLIP's own processor does not do. Set it to false`);
}

function isOn(config: JsonFile, key: string): boolean {
  const value = config.get(key) ?? true;
  if (typeof value === 'boolean') return value;
  throw new Error(`${config.path}: ${key} is ${JSON.stringify(value)}, expected true or false`);
}

/** Older configurations give one number: the shortest edge. */
function targetOf(config: JsonFile): Size | { readonly shortestEdge: number } {
  if (typeof config.get('size') === 'object') {
    for (const key of ['size.longest_edge', 'size.max_height', 'size.max_width']) {
      if (config.get(key) !== undefined)
        throw new Error(`${config.path}: ${key} is not known here. Expected size as shortest_edge, or as height and width`);
    }
    if (config.get('size.shortest_edge') === undefined) return sizeOf(config, 'size');
    return { shortestEdge: pixels(config, 'size.shortest_edge') };
  }
  return { shortestEdge: pixels(config, 'size') };
}

/** One number is a square. */
function sizeOf(config: JsonFile, key: string): Size {
  if (typeof config.get(key) !== 'object') return { height: pixels(config, key), width: pixels(config, key) };
  return { height: pixels(config, `${key}.height`), width: pixels(config, `${key}.width`) };
}

function pixels(config: JsonFile, key: string): number {
  const value = config.number(key);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${config.path}: ${key} is ${value}, expected a whole number of pixels above 0`);
}

function filterOf(config: JsonFile): Filter {
  const resample = config.get('resample') ?? 3;
  const filter = filters.get(resample as number);
  if (filter) return filter;
  throw new Error(`${config.path}: resample is ${JSON.stringify(resample)}, expected 1 (Lanczos), 2 (bilinear) or 3 (bicubic)`);
}

/** In single precision at each step, as the reference computes. */
function valuesOf(config: JsonFile): Float32Array {
  const scale = config.get('rescale_factor') === undefined ? 1 / 255 : config.number('rescale_factor');
  const rescaled = Float32Array.from({ length: 256 }, (_, byte) => (isOn(config, 'do_rescale') ? byte * scale : byte));
  const normalizes = isOn(config, 'do_normalize');
  const mean = Float32Array.from(normalizes ? config.numbers('image_mean', 3) : [0, 0, 0]);
  const deviation = Float32Array.from(normalizes ? config.numbers('image_std', 3) : [1, 1, 1]);
  return Float32Array.from({ length: 3 * 256 }, (_, i) => Math.fround(rescaled[i % 256] - mean[i >> 8]) / deviation[i >> 8]);
}
