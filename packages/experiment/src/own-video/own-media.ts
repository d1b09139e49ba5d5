import { mkdirSync, symlinkSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { completeMedia, extractMedia, MediaError, readMediaDoubts } from '@tass/media';

/** A video's frames, one a second, and its sound, both of one length, in the form of MUSIC-AVQA. */
export interface OwnMedia {
  readonly root: string; // holds frames/ and audio/
  readonly videoId: string;
  readonly seconds: number; // a whole number
  readonly notices: readonly string[]; // what a reader of an answer must know, each as a sentence
}

export interface OwnMediaOptions {
  readonly root: string; // an empty folder of its own
  readonly sampleRate: number; // Hz
  readonly frameSize: number | null; // shortest edge in pixels; null: as in the video
  readonly signal?: AbortSignal;
}

/**
 * Extracts a video file as features are made from, with the system's ffmpeg. Where it lacks a picture or sound, or one of the two ends early, it is
 * completed as a player shows it. Throws MediaError, naming the file, for what holds neither; the errors of `extractMedia`.
 */
export async function extractOwnVideo(file: string, { root, sampleRate, frameSize, signal }: OwnMediaOptions): Promise<OwnMedia> {
  const videoId = basename(file, extname(file)).replaceAll(/[^\w-]+/g, '_').replace(/^_*$/, 'video'); // prettier-ignore
  const link = `${videoId}.mp4`; // what it holds is found by its content
  mkdirSync(join(root, 'videos'));
  symlinkSync(resolve(file), join(root, 'videos', link));
  const { faults } = await extractMedia({
    ...{ datasetRoot: root, videos: [videoId], sampleRate, signal },
    ...(frameSize === null ? {} : { frameSize }),
  });
  const reasons = faults.map(({ reason }) => reason.replaceAll(`videos/${link}`, file));
  const lacks = (kind: 'frames' | 'sound'): boolean => reasons.some((reason) => lackOf[kind].test(reason));
  const has = { frames: !lacks('frames'), sound: !lacks('sound') };
  if ((!has.frames && !has.sound) || faults.length > Number(!has.frames) + Number(!has.sound)) throw new MediaError(reasons.join('; '));
  const { seconds, completed } = await completeMedia({ datasetRoot: root, videoId, sampleRate, ...has });
  const { frames = [], sound = [] } = readMediaDoubts(root, videoId);
  return { root, videoId, seconds, notices: [...completed, ...[...frames, ...sound].map((doubt) => `Its picture or sound is doubtful: ${doubt}.`)] }; // prettier-ignore
}

/** How extraction says that a video has no such track, which is not an error here. */
const lackOf = { frames: /has no picture \(/, sound: /has no sound \(/ } as const;
