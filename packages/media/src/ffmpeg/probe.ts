import type { Ffmpeg } from './find-ffmpeg';

/** What a video file says of itself. Seconds are on the file's own clock. */
export interface Probe {
  readonly format: string; // e.g. mov,mp4,m4a,3gp,3g2,mj2
  readonly start: number; // of the stream that starts first
  readonly duration?: number; // of the whole file
  readonly picture?: PictureStream;
  readonly sound?: SoundStream;
}

export interface PictureStream {
  readonly index: number;
  readonly codec?: string; // undefined: ffmpeg knows none
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond?: number; // on average
  readonly start: number;
  readonly duration?: number;
}

export interface SoundStream {
  readonly index: number;
  readonly codec?: string;
  readonly start: number;
  readonly duration?: number;
}

/** Asks ffprobe what a video file holds. Throws, saying what is wrong in a user's words, for what is no video. */
export async function probe(_file: string, _ffmpeg: Ffmpeg): Promise<Probe> {
  throw new Error('media: probe is not there yet');
}
