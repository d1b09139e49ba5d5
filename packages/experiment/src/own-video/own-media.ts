import { mkdirSync, symlinkSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { completeMedia, extractMedia, MediaError, readMediaDoubts } from '@tass/media';

/** A video's frames, one a second, and its sound, of equal length, in MUSIC-AVQA's layout. */
export interface OwnMedia {
  readonly root: string; // holds frames/ and audio/
  readonly videoId: string;
  readonly seconds: number; // that frames and sound last: a whole number
  readonly lasts: number; // seconds, of the video itself
  readonly notices: readonly string[]; // sentences that a reader of an answer must know
}

export interface OwnMediaOptions {
  readonly root: string; // an empty folder
  readonly sampleRate: number; // Hz
  readonly frameSize: number | null; // shortest edge in pixels; null: as in the video
  readonly signal?: AbortSignal;
}

/**
 * Extracts frames and sound from a video file with the system's ffmpeg, as for features. If picture or sound is missing or ends early,
 * completes it as a player would show it. Throws MediaError that names the file if it has neither; the errors of `extractMedia`.
 */
export async function extractOwnVideo(file: string, { root, sampleRate, frameSize, signal }: OwnMediaOptions): Promise<OwnMedia> {
  const videoId = basename(file, extname(file)).replaceAll(/[^\w-]+/g, '_').replace(/^_*$/, 'video'); // prettier-ignore
  const link = `${videoId}.mp4`; // its format is detected from its content
  mkdirSync(join(root, 'videos'));
  symlinkSync(resolve(file), join(root, 'videos', link));
  let lasts: number | undefined;
  const { faults } = await extractMedia({
    ...{ datasetRoot: root, videos: [videoId], sampleRate, signal },
    onProgress: ({ seconds }) => (lasts = seconds),
    ...(frameSize === null ? {} : { frameSize }),
  });
  const reasons = faults.map(({ reason }) => reason.replaceAll(`videos/${link}`, file));
  const lacks = (kind: 'frames' | 'sound'): boolean => reasons.some((reason) => lackOf[kind].test(reason));
  const has = { frames: !lacks('frames'), sound: !lacks('sound') };
  if ((!has.frames && !has.sound) || faults.length > Number(!has.frames) + Number(!has.sound)) throw new MediaError(reasons.join('; '));
  const { seconds, completed } = await completeMedia({ datasetRoot: root, videoId, sampleRate, ...has });
  const { frames = [], sound = [] } = readMediaDoubts(root, videoId);
  return { root, videoId, seconds, lasts: lasts ?? seconds, notices: [...completed, ...[...frames, ...sound].map((doubt) => `Its picture or sound is doubtful: ${doubt}.`)] }; // prettier-ignore
}

/** The message of extraction for a missing track, which is not an error here. */
const lackOf = { frames: /has no picture \(/, sound: /has no sound \(/ } as const;
