import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { onDisk } from '@tass/files';
import { type Ffmpeg, findFfmpeg } from '../ffmpeg/find-ffmpeg';
import type { Coverage } from '../frames';
import { mapBounded } from '../map-bounded';
import { type MediaFault, writeMediaFaults } from './faults-folder';
import { expectVideoId, findVideos } from './find-videos';
import { outputFolders } from './output-folders';
import { VideoExtractor } from './video-extractor';

/** Which videos, to where, and what of them. */
export interface ExtractMediaOptions {
  readonly datasetRoot: string; // gets frames/ and audio/
  readonly videosFolder?: string; // default <datasetRoot>/videos
  readonly videos?: readonly string[]; // ids; default all of the folder
  readonly frames?: boolean; // default true
  readonly sound?: boolean; // default true
  readonly sampleRate?: number; // of the sound, in Hz; default 16000. Others are written to audio-<rate>/
  readonly frameSize?: number; // shortest edge in pixels; larger frames are made smaller; default as in the video
  readonly coverage?: Coverage; // a video that lasts longer than these segments, and a second, is a fault, and nothing is made; default: an hour
  readonly refresh?: boolean; // makes again what was made from another version of a video; default false: that is a fault
  readonly workers?: number; // ffmpeg processes at once, one thread each; default 2
  readonly timeLimitSeconds?: number; // for one ffmpeg; default 120 and 10 for each MB of the video
  readonly ffmpeg?: Ffmpeg; // default findFfmpeg()
  readonly signal?: AbortSignal; // ends the running ffmpegs and throws its reason; a later call goes on
  readonly onProgress?: (progress: MediaProgress) => void;
  readonly onRemark?: (line: string) => void; // hears of each choice that was made for a video: among its streams, where its clock leaps
}

/** How many videos are done, of how many; told after each. */
interface MediaProgress {
  readonly videoId: string;
  readonly done: number;
  readonly kept: number; // of those that are done, such as needed nothing
  readonly total: number;
  readonly seconds?: number; // that the video lasts, if something was to be made of it
}

export interface ExtractedMedia {
  readonly extracted: readonly string[]; // videos of which something was made now
  readonly kept: readonly string[]; // videos of which all that is wanted was there
  readonly faults: readonly MediaFault[]; // also in <datasetRoot>/media-faults/, see readMediaFaults
}

/**
 * Makes what is missing of frames/<video id>/000001.jpg ... and audio/<video id>.wav from video files, with the system's ffmpeg.
 *
 * One clock for both: image n+1 is what is on screen at second n (the last one with a time not after n; before the first, the first),
 * sample n * sampleRate is heard at second n. Time 0 is 0 of the file's clock, or its first stream's start where that is later.
 *
 * Frames and sound appear whole or not at all, so that the same call resumes one that was killed. Finished files are kept:
 * frames and sound that were brought ready for good, those made here until the video changes (its size, or its time and its content) or the
 * settings do. Then nothing more is made of this video, so that frames of one version never meet sound of another: it is a fault. `refresh`
 * makes all of it again from the video as it is now, and removes what can no longer be made. Whatever goes wrong with one video is a fault of
 * it and leaves the others.
 * Throws for invalid settings, a missing ffmpeg, an ffmpeg that was stopped from outside; DiskError.
 */
export async function extractMedia(options: ExtractMediaOptions): Promise<ExtractedMedia> {
  const { datasetRoot, workers = 2, signal, onProgress, onRemark } = options;
  expectSettings(options);
  const videosFolder = resolve(options.videosFolder ?? join(datasetRoot, 'videos'));
  options.videos?.forEach(expectVideoId);
  const files = findVideos(videosFolder, options.videos);
  const videos = [...new Set(options.videos ?? files.keys())];
  const ffmpeg = options.ffmpeg ?? findFfmpeg();
  const folders = outputFolders(options);
  const extractor = new VideoExtractor({ ...options, ffmpeg, folders, videosFolder });
  onDisk('cannot write frames and sound', datasetRoot, () => mkdirSync(datasetRoot, { recursive: true }));
  const extracted: string[] = [];
  const kept: string[] = [];
  const faults: MediaFault[] = [];
  let done = 0;
  try {
    for (const { folder, isOther } of folders) if (!isOther) folder.open(); // others may be those of someone else
    await mapBounded(videos, workers, async (videoId) => {
      signal?.throwIfAborted();
      const { made, seconds, reasons, remarks } = await extractor.extract(videoId, files.get(videoId) ?? []);
      for (const remark of remarks) onRemark?.(remark);
      if (made) extracted.push(videoId);
      else if (reasons.length === 0) kept.push(videoId);
      faults.push(...reasons.map((reason) => ({ videoId, reason })));
      writeMediaFaults(datasetRoot, videoId, reasons);
      onProgress?.({ videoId, done: ++done, kept: kept.length, total: videos.length, seconds });
    });
    signal?.throwIfAborted();
  } finally {
    for (const { folder } of folders) folder.close();
  }
  const place = new Map(videos.map((videoId, index) => [videoId, index]));
  const inOrder = (a: string, b: string) => place.get(a)! - place.get(b)!;
  return {
    extracted: extracted.sort(inOrder),
    kept: kept.sort(inOrder),
    faults: faults.sort((a, b) => inOrder(a.videoId, b.videoId)),
  };
}

function expectSettings(options: ExtractMediaOptions): void {
  const least = { sampleRate: 1000, frameSize: 1, workers: 1 };
  for (const [name, value] of Object.entries(least)) {
    const given = options[name as keyof typeof least];
    if (given !== undefined && !(Number.isInteger(given) && given >= value))
      throw new Error(`${name} is ${given}, expected a whole number from ${value} on`);
  }
}
