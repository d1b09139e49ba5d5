import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { MediaError } from './media-error';

/** RGB frames of one size: [count, height, width, 3]. */
export interface Frames {
  readonly pixels: Uint8Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

sharp.concurrency(1); // several small images at once, each by one thread

const framesFolder = (root: string, videoId: string): string => join(root, 'frames', videoId);

/** One frame a second, as MUSIC-AVQA's scripts write them: frames/<video id>/000001.jpg and on. */
export const frameFile = (root: string, videoId: string, second: number): string =>
  join(framesFolder(root, videoId), `${String(second + 1).padStart(6, '0')}.jpg`);

/** The sound of all videos at one rate; MUSIC-AVQA's scripts take 16 kHz. */
export const soundFolder = (root: string, sampleRate = 16000): string => join(root, sampleRate === 16000 ? 'audio' : `audio-${sampleRate}`);

export const soundFile = (root: string, videoId: string, sampleRate?: number): string =>
  join(soundFolder(root, sampleRate), `${videoId}.wav`);

/** How many seconds of a video have a frame. */
export async function secondsOfFrames(root: string, videoId: string): Promise<number> {
  const names = await readdir(framesFolder(root, videoId)).catch(() => []); // that there are none, readFrames tells by name
  return names.filter((name) => /^\d+\.jpg$/.test(name)).length;
}

/**
 * Throws MediaError, naming the video and the setting, when it goes on for more than a second behind `covered` seconds, those that its
 * segments stand for: what lies there would be left out unseen. `media` is what lasts so long, its frames or its sound.
 */
export function expectCovered(videoId: string, media: 'frames' | 'sound', seconds: number, segments: number, segmentSeconds: number): void {
  const covered = segments * segmentSeconds;
  if (seconds <= covered + 1) return;
  const fitting = Math.ceil((seconds - 1) / segments);
  throw new MediaError(
    `encoders: the ${media} of video ${videoId} last ${Number(seconds.toFixed(2))} s, expected at most ${covered} s: ${segments} segments of ${segmentSeconds} s. ` +
      `Set features.segmentSeconds=${fitting}, or cut the video`,
  );
}

/**
 * Reads the frames of a video at the seconds at which its segments start, as RGB.
 * Throws, naming the file, for a frame that is not there, is broken, or has another size than the first.
 */
export async function readFrames(root: string, videoId: string, segmentStarts: readonly number[]): Promise<Frames> {
  const frames = await Promise.all(segmentStarts.map((second) => readFrame(frameFile(root, videoId, second))));
  const [{ width, height }] = frames;
  const length = width * height * 3;
  const pixels = new Uint8Array(frames.length * length);
  frames.forEach((frame, segment) => {
    if (frame.width !== width || frame.height !== height) {
      const file = frameFile(root, videoId, segmentStarts[segment]);
      throw new MediaError(
        `encoders: frame ${file} has ${frame.width} x ${frame.height} pixels, the first has ${width} x ${height}. Extract the frames again`,
      );
    }
    pixels.set(frame.data, segment * length);
  });
  return { pixels, count: frames.length, height, width };
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
    throw new MediaError(`encoders: frame ${file} cannot be read (${(cause as Error).message}). Extract the frames again, one a second`, {
      cause,
    });
  }
}
