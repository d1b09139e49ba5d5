import { readImage } from './rgb-image';

/** The centre square of an image file as a JPEG of at most `edge` pixels, never enlarged. Throws MediaError as `readImage`. */
export const squareJpeg = (file: string, edge: number): Promise<Buffer> =>
  readImage(file, async (image) => {
    const { width, height } = await image.metadata();
    const size = Math.min(width, height, edge);
    return image.resize(size, size, { fit: 'cover' }).jpeg({ quality: 80 }).toBuffer();
  });
