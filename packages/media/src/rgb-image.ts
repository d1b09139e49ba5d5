import { existsSync } from 'node:fs';
import { mostBytes, readBytes } from '@tass/files';
import { describeAbsence } from '@tass/files';
import type { Sharp } from 'sharp';
import { MediaError } from './media-error';

/**
 * Lends `work` an image as 8-bit RGB, with the pixels of `Image.open(file).convert('RGB')` of Pillow, as CLIP's own code opens images: an ICC
 * profile is not applied, CMYK is converted by its naive formula, transparency is dropped, 16-bit colours keep their upper byte, and the image
 * lies as it is stored, whatever its EXIF orientation.
 * Throws MediaError, naming the file, for one that is not there or broken, and for what cannot be read as Pillow does: another format than
 * JPEG, PNG or WebP, and 16-bit grey.
 */
export async function readImage<Result>(file: string, work: (image: Sharp) => Promise<Result>): Promise<Result> {
  try {
    return await work(await openImage(file));
  } catch (cause) {
    if (cause instanceof MediaError) throw cause;
    if (!existsSync(file)) throw new MediaError(`frame ${file} ${describeAbsence(file)}. Extract the frames again`, { cause });
    throw new MediaError(`frame ${file} cannot be read (${(cause as Error).message}). Extract the frames again, one a second`, {
      cause,
    });
  }
}

const mostPixels = 2 ** 26; // 200 MB as RGB; a frame in 8K has half of it
const formats = ['jpeg', 'png', 'webp'];

async function openImage(file: string): Promise<Sharp> {
  const sharp = await loadSharp();
  const bytes = readBytes(file, mostBytes.image);
  const image = sharp(bytes, { failOn: 'error', ignoreIcc: true, limitInputPixels: mostPixels });
  if (isColourJpeg(bytes)) return image; // most frames: sharp takes as long to say what an image is as to decode a small one
  const { format, space } = await image.metadata();
  const refuse = (what: string): never => {
    throw new MediaError(`frame ${file} ${what}`);
  };
  if (!formats.includes(format ?? '')) return refuse(`is an image of the format ${format}, expected JPEG, PNG or WebP. Extract it again`);
  if (space === 'grey16')
    return refuse(
      'is a grey image of 16 bits, which Pillow, as CLIP uses it, cuts off at 255 unless it has an alpha channel. Save it with 8 bits',
    );
  if (space !== 'cmyk') return image.toColourspace('srgb').removeAlpha();
  const { data, info } = await image.pipelineColourspace('cmyk').toColourspace('cmyk').raw().toBuffer({ resolveWithObject: true });
  return sharp(fromCmyk(data), { raw: { width: info.width, height: info.height, channels: 3 } });
}

/** Whether bytes begin as a JPEG of three colours of 8 bits, which sharp gives as RGB. */
function isColourJpeg(bytes: Buffer): boolean {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return false;
  for (let at = 2; at + 10 <= bytes.length && bytes[at] === 0xff; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes[at + 1];
    if (marker >= 0xc0 && marker <= 0xc2) return bytes[at + 4] === 8 && bytes[at + 9] === 3; // the start of a baseline or progressive frame
    if (marker < 0xc4 || marker === 0xda) return false; // no segment with a length, or the image itself
  }
  return false;
}

/** The image library is loaded with the first image: a training reads none. Several small images at once, each by one thread. */
async function loadSharp(): Promise<typeof import('sharp')> {
  const { default: sharp } = await import('sharp');
  sharp.concurrency(1);
  return sharp;
}

/** [pixels, 4] to [pixels, 3]: (255 - ink) * (255 - black) / 255, rounded and bounded as Pillow does. */
function fromCmyk(cmyk: Uint8Array): Uint8Array {
  const rgb = new Uint8ClampedArray((cmyk.length / 4) * 3);
  for (let from = 0, to = 0; from < cmyk.length; from += 4) {
    const white = 255 - cmyk[from + 3];
    for (let colour = 0; colour < 3; colour++) {
      const product = cmyk[from + colour] * white + 128;
      rgb[to++] = white - ((product + (product >> 8)) >> 8); // product / 255, rounded
    }
  }
  return new Uint8Array(rgb.buffer);
}
