import type { Ffmpeg } from '../ffmpeg/find-ffmpeg';

/** Which videos, to where, and what of them. */
export interface ExtractMediaOptions {
  readonly datasetRoot: string; // gets frames/ and audio/
  readonly videosFolder?: string; // default <datasetRoot>/videos
  readonly videos?: readonly string[]; // ids; default all of the folder
  readonly frames?: boolean; // default true
  readonly sound?: boolean; // default true
  readonly sampleRate?: number; // of the sound, in Hz; default 16000. Others are written to audio-<rate>/
  readonly frameSize?: number; // shortest edge in pixels; larger frames are made smaller; default as in the video
  readonly neededSeconds?: number; // a video that lasts less is a fault; default 0
  readonly refresh?: boolean; // makes again what was made from another version of a video; default false: that is a fault
  readonly workers?: number; // ffmpeg processes at once, one thread each; default 2
  readonly timeLimitSeconds?: number; // for one ffmpeg; default 120 and 10 for each MB of the video
  readonly ffmpeg?: Ffmpeg; // default findFfmpeg()
  readonly signal?: AbortSignal; // ends the running ffmpegs and throws its reason; a later call goes on
  readonly onProgress?: (progress: MediaProgress) => void;
}

/** How many videos are done, of how many; told after each. */
export interface MediaProgress {
  readonly videoId: string;
  readonly done: number;
  readonly total: number;
}

/** Why a video cannot be used, or not in full. */
export interface MediaFault {
  readonly videoId: string;
  readonly reason: string; // one sentence for a user
}

export interface ExtractedMedia {
  readonly extracted: readonly string[]; // videos of which something was made now
  readonly kept: readonly string[]; // videos whose frames and sound were there
  readonly faults: readonly MediaFault[]; // also in <datasetRoot>/media-faults.jsonl
}

export async function extractMedia(_options: ExtractMediaOptions): Promise<ExtractedMedia> {
  throw new Error('media: extractMedia is not there yet');
}
