import { join } from 'node:path';
import sharp from 'sharp';
import type { Frames } from '../clip/image-processor';

sharp.concurrency(1); // several small images at once, each by one thread

/** One frame a segment, as MUSIC-AVQA's scripts write them: frames/<video id>/000001.jpg and on. */
export const frameFile = (root: string, videoId: string, segment: number): string =>
  join(root, 'frames', videoId, `${String(segment + 1).padStart(6, '0')}.jpg`);

export const soundFile = (root: string, videoId: string): string => join(root, 'audio', `${videoId}.wav`);

/**
 * Reads the first `segments` frames of a video as RGB.
 * Throws, naming the file, for a frame that is not there, is broken, or has another size than the first.
 */
export async function readFrames(root: string, videoId: string, segments: number): Promise<Frames> {
  const frames = await Promise.all(Array.from({ length: segments }, (_, segment) => readFrame(frameFile(root, videoId, segment))));
  const [{ width, height }] = frames;
  const length = width * height * 3;
  const pixels = new Uint8Array(segments * length);
  frames.forEach((frame, segment) => {
    if (frame.width !== width || frame.height !== height) {
      const file = frameFile(root, videoId, segment);
      throw new Error(
        `encoders: frame ${file} has ${frame.width} x ${frame.height} pixels, the first has ${width} x ${height}. Extract the frames again`,
      );
    }
    pixels.set(frame.data, segment * length);
  });
  return { pixels, count: segments, height, width };
}

async function readFrame(file: string) {
  try {
    const { data, info } = await sharp(file, { failOn: 'error' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  } catch (cause) {
    throw new Error(`encoders: frame ${file} cannot be read (${(cause as Error).message}). Extract the frames again, one a segment`, {
      cause,
    });
  }
}
