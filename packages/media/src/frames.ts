import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describeAbsence, namesHolding } from '@tass/files';
import { mapBounded } from './map-bounded';
import { MediaError } from './media-error';
import { readImage } from './rgb-image';

/** RGB frames of one size: [count, height, width, 3]. */
export interface Frames {
  readonly pixels: Uint8Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

const framesFolder = (root: string, videoId: string): string => join(root, 'frames', videoId);

/** The frame at a second as MUSIC-AVQA's scripts and `extractMedia` name it: frames/<video id>/000001.jpg is second 0. */
export const frameFile = (root: string, videoId: string, second: number): string =>
  join(framesFolder(root, videoId), `${String(second + 1).padStart(6, '0')}.jpg`);

/** The sound of all videos at one rate; MUSIC-AVQA's scripts take 16 kHz. */
export const soundFolder = (root: string, sampleRate = 16000): string => join(root, sampleRate === 16000 ? 'audio' : `audio-${sampleRate}`);

export const soundFile = (root: string, videoId: string, sampleRate?: number): string =>
  join(soundFolder(root, sampleRate), `${videoId}.wav`);

/**
 * When the frames or the sound of a video last changed, in ms of Unix time; undefined where there are none. A frame that is written over
 * in its place leaves no trace here. Copies, moves and restored files do: their change time is new.
 */
export function lastChange(root: string, videoId: string, sampleRate?: number): number | undefined {
  const path = sampleRate === undefined ? framesFolder(root, videoId) : soundFile(root, videoId, sampleRate);
  const found = statSync(path, { throwIfNoEntry: false });
  return found && Math.max(found.mtimeMs, found.ctimeMs);
}

/** The rate at which encoders expect the sound in a file: what its folder is named after. */
export const rateOfSoundFile = (file: string): string => /audio-(\d+)$/.exec(dirname(file))?.[1] ?? '16000';

/** For how many seconds a video has frames, up to the last one; 0 where it has none. Throws MediaError as `readFrames`. */
export async function secondsOfFrames(root: string, videoId: string): Promise<number> {
  return Math.max(-1, ...(await framesOf(root, videoId)).keys()) + 1;
}

/**
 * The frames of a video by their seconds. Extractors name them differently: any number of digits, .jpg, .jpeg, .png or .webp, the first one 0
 * or 1. The lowest number is second 0; so that no missing first frame shifts the others unseen, it has to be 0 or 1.
 */
export async function framesOf(root: string, videoId: string): Promise<Map<number, string>> {
  const folder = framesFolder(root, videoId);
  const names = await readdir(folder).catch(() => []); // that there are none, readFrames tells by name
  const byNumber = new Map<number, string>();
  for (const name of names.sort()) {
    const digits = /^(\d+)\.(?:jpe?g|png|webp)$/i.exec(name)?.[1];
    if (digits === undefined) continue;
    const same = byNumber.get(Number(digits));
    if (same !== undefined) throw new MediaError(`${folder} has two frames of one number, ${same} and ${name}. Delete one`);
    byNumber.set(Number(digits), name);
  }
  const first = Math.min(...byNumber.keys());
  if (byNumber.size > 0 && first > 1)
    throw new MediaError(`the frames in ${folder} begin with ${byNumber.get(first)}, expected number 1 or 0. Extract the frames again`);
  return new Map([...byNumber].map(([number, name]) => [number - first, join(folder, name)]));
}

/** The seconds of a video that are read: `segments` of `segmentSeconds`. */
export interface Coverage {
  readonly segments: number;
  readonly segmentSeconds: number;
}

/** What is wrong with frames or a sound of `seconds` that go on for more than a second behind those that are read: they would be left out unseen. */
export function describeUncovered(media: 'frames' | 'sound', seconds: number, { segments, segmentSeconds }: Coverage): string | undefined {
  const covered = segments * segmentSeconds;
  if (seconds <= covered + 1) return undefined;
  const fitting = Math.ceil((seconds - 1) / segments);
  return (
    `${media === 'frames' ? 'last' : 'lasts'} ${Number(seconds.toFixed(2))} s, expected at most ${covered} s: ${segments} segments of ${segmentSeconds} s. ` +
    `Set features.segmentSeconds=${fitting}, or cut the video`
  );
}

/** Throws MediaError, naming the video and the setting, as `describeUncovered`. `media` is what lasts so long, its frames or its sound. */
export function expectCovered(videoId: string, media: 'frames' | 'sound', seconds: number, segments: number, segmentSeconds: number): void {
  const uncovered = describeUncovered(media, seconds, { segments, segmentSeconds });
  if (uncovered !== undefined) throw new MediaError(`the ${media} of video ${videoId} ${uncovered}`);
}

/** Frames that are being decoded, in threads of their own: JavaScript may be busy meanwhile. */
export interface BegunFrames {
  readonly decoded: Promise<Frames>;
}

/** Decoded at once by the threads of the image library, as many as wait while an encoder computes. */
const framesAtOnce = 32;

/**
 * Reads the frames of a video at the seconds at which its segments start, as RGB: of second n, image n+1, what is on screen then.
 * They may also be named otherwise than by `frameFile`: 1.jpg, 0001.jpeg, 000000.png; the lowest number, 0 or 1, is second 0.
 * Throws MediaError, naming the file, for a frame that is not there, is broken, is there twice, or has another size than the first.
 */
export const readFrames = async (...wanted: Parameters<typeof beginFrames>): Promise<Frames> => (await beginFrames(...wanted)).decoded;

/** As `readFrames`, but returns as soon as the first frames are being decoded; those that are broken, `decoded` throws. */
export async function beginFrames(root: string, videoId: string, segmentStarts: readonly number[]): Promise<BegunFrames> {
  const files = await framesOf(root, videoId);
  const fileAt = (second: number): string => {
    const file = files.get(second);
    if (file === undefined) throw new MediaError(`frame ${frameFile(root, videoId, second)} is not there`);
    return file;
  };
  if (files.size === 0) throw new MediaError(await describeNoFrames(root, videoId, segmentStarts[0]));
  const decoded = decode(segmentStarts.map(fileAt));
  decoded.catch(() => undefined); // whoever awaits it gets the error
  await setImmediate(); // lets the image library take them
  return { decoded };
}

async function decode(files: readonly string[]): Promise<Frames> {
  const frames = await mapBounded(files, framesAtOnce, readFrame);
  const [{ width, height }] = frames;
  const length = width * height * 3;
  const pixels = new Uint8Array(frames.length * length);
  frames.forEach((frame, segment) => {
    if (frame.width !== width || frame.height !== height) {
      throw new MediaError(
        `frame ${files[segment]} has ${frame.width} x ${frame.height} pixels, the first has ${width} x ${height}. Extract the frames again`,
      );
    }
    pixels.set(frame.data, segment * length);
  });
  return { pixels, count: frames.length, height, width };
}

/** Why a video has no frame at `second`, nor any other, with what lies in their place. */
export async function describeNoFrames(root: string, videoId: string, second: number): Promise<string> {
  const missing = `frame ${frameFile(root, videoId, second)} is not there`;
  const folder = framesFolder(root, videoId);
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined) {
    const [other] = namesHolding(join(root, 'frames'), videoId).filter((name) => name !== videoId);
    if (other !== undefined) return `${missing}, but ${join(root, 'frames', other)} is. If it holds the frames, rename it to ${videoId}`;
    if (existsSync(folder)) return `${missing}: ${folder} ${statSync(folder).isDirectory() ? 'cannot be read' : 'is not a folder'}`;
    const absence = describeAbsence(folder);
    return absence === 'is not there' ? missing : `${missing}: ${folder} ${absence}`;
  }
  if (names.length === 0) return `${missing}: ${folder} is empty`;
  const [first] = names.sort();
  const others = names.length === 1 ? '' : ` and ${names.length - 1} more`;
  return `${missing}, but ${first}${others} ${others === '' ? 'is' : 'are'}. Name frames by their number alone: 000001.jpg, 000002.jpg, ... (or .jpeg, .png, .webp), one a second`;
}

async function readFrame(file: string) {
  return readImage(file, async (image) => {
    const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  });
}
