import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModelFolder } from '../model/folder';
import { patternPixels } from './fixtures/pattern-pixels';
import { ImageProcessor } from './image-processor';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'image-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const valid = { size: 24, crop_size: 24, image_mean: [0.5, 0.4, 0.3], image_std: [0.2, 0.25, 0.5] };
const processorOf = (config: object) => {
  writeFileSync(join(folder, 'preprocessor_config.json'), JSON.stringify(config));
  return ImageProcessor.load(new ModelFolder(folder));
};
const framesOf = (height: number, width: number) => ({ pixels: patternPixels(height, width), count: 1, height, width });
const sha256 = (values: Float32Array) =>
  createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');

interface Processed {
  readonly height: number;
  readonly width: number;
  readonly config: object;
  readonly shape: number[];
  readonly sha256: string;
}
const cases: Processed[] = JSON.parse(readFileSync(join(__dirname, 'fixtures', 'image-processing.json'), 'utf8')).processed;

it.each(cases)(
  'gives the bits of transformers with Pillow: $height x $width by $config',
  async ({ height, width, config, ...expected }) => {
    const processor = await processorOf(config);
    expect([1, 3, processor.height, processor.width]).toEqual(expected.shape);
    expect(sha256(processor.process(framesOf(height, width)))).toBe(expected.sha256);
  },
);

it('normalises each channel by its own numbers, and pads with what a black pixel becomes', async () => {
  const processor = await processorOf({ ...valid, do_resize: false, crop_size: { height: 2, width: 3 } });
  const pixels = Uint8Array.from([51, 102, 153, 255, 0, 51]); // one row of two pixels
  const values = processor.process({ pixels, count: 1, height: 1, width: 2 });
  const [red, green, blue] = [-0.5 / 0.2, -0.4 / 0.25, -0.3 / 0.5];
  const expected = [
    ...[red, red, red, red, (0.2 - 0.5) / 0.2, (1 - 0.5) / 0.2], // an odd pixel of padding stands in front
    ...[green, green, green, green, (0.4 - 0.4) / 0.25, (0 - 0.4) / 0.25],
    ...[blue, blue, blue, blue, (0.6 - 0.3) / 0.5, (0.2 - 0.3) / 0.5],
  ];
  expect(values).toHaveLength(expected.length);
  expected.forEach((value, i) => expect(values[i]).toBeCloseTo(value, 5));
});

it('processes several frames, of one size after another', async () => {
  const processor = await processorOf(valid);
  const [a, b] = [patternPixels(30, 40), patternPixels(30, 40).reverse()];
  const both = processor.process({ pixels: Uint8Array.of(...a, ...b), count: 2, height: 30, width: 40 });
  const single = (pixels: Uint8Array) => processor.process({ pixels, count: 1, height: 30, width: 40 });
  expect(processor.process(framesOf(50, 31))).toHaveLength(3 * 24 * 24);
  expect([...both]).toEqual([...single(a), ...single(b)]);
  expect(() => processor.process({ pixels: new Uint8Array(10), count: 1, height: 24, width: 24 })).toThrow(
    '1 frames of 24 x 24 have 10 bytes, expected 1728 (RGB)',
  );
});

it.each<[object, string]>([
  [{ resample: 0 }, 'resample is 0, expected 1 (Lanczos), 2 (bilinear) or 3 (bicubic)'],
  [{ resample: 'bicubic' }, 'resample is "bicubic", expected 1 (Lanczos)'],
  [{ do_resize: 1 }, 'do_resize is 1, expected true or false'],
  [{ size: { longest_edge: 30 } }, 'size.longest_edge is not known here'],
  [{ size: { height: 30 } }, 'size.width is missing, expected a number'],
  [{ size: undefined }, 'size is missing, expected a number'],
  [{ crop_size: 22.5 }, 'crop_size is 22.5, expected a whole number of pixels above 0'],
  [{ crop_size: { height: 0, width: 3 } }, 'crop_size.height is 0, expected a whole number'],
  [{ image_mean: [1, 2] }, 'image_mean is [1,2], expected 3 numbers'],
  [{ do_center_crop: false }, 'do_center_crop is false and size gives no height and width'],
  [{ do_pad: true }, 'do_pad is true'],
  [{ image_processor_type: 'SiglipImageProcessor' }, 'image_processor_type is "SiglipImageProcessor", expected "CLIPImageProcessor"'],
])('refuses by name %j', async (changed, message) => {
  await expect(processorOf({ ...valid, ...changed })).rejects.toThrow(`${join(folder, 'preprocessor_config.json')}: ${message}`);
});
