import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractMedia, framesOf, MediaError, soundFile, squareJpeg } from '@tass/media';
import type { ExplainedVideo, Segment } from '@tass/question-page';
import type { SegmentTimes } from './segment-times';
import { readSound } from './sound';
import { withoutFolder } from './without-folder';

/** The folders of frames and sound. */
export interface MediaPlaces {
  readonly datasetRoot: string; // frames/ and audio/ are here
  readonly videosFolder?: string; // of video files, from which ffmpeg extracts missing parts
  readonly sampleRate?: number; // of the sound that the run's encoder hears, in Hz; default 16000
}

const FRAME_EDGE = 336; // pixels

/** A video's data for its page; missing parts are listed under `absent`. Throws the signal's reason. */
export async function explainVideo(
  videoId: string,
  times: readonly SegmentTimes[],
  places: MediaPlaces,
  signal?: AbortSignal,
): Promise<ExplainedVideo> {
  const [frames, sound] = [await framesFolderHas(places, videoId), soundIn(places, videoId)];
  const isThere = frames.size > 0 && sound !== undefined;
  if (isThere || !places.videosFolder || !existsSync(places.videosFolder)) return readVideo(videoId, times, places, signal);
  const extracted = mkdtempSync(join(tmpdir(), 'tass-video-'));
  try {
    const { videosFolder, sampleRate } = places;
    const { faults } = await extractMedia({ datasetRoot: extracted, videosFolder, videos: [videoId], sampleRate, frameSize: FRAME_EDGE, signal }); // prettier-ignore
    const video = await readVideo(videoId, times, { datasetRoot: extracted, sampleRate }, signal);
    const why = faults.map(({ reason }) => `The video ${reason}.`)[0];
    if (frames.size === 0 && !sound) return withReason(video, why);
    // If the user provided one of the two, the run used it.
    const ready = await readVideo(videoId, times, places, signal);
    const [seen, heard] = frames.size > 0 ? [ready, video] : [video, ready];
    return withReason({ ...seen, sound: heard.sound, seconds: Math.max(seen.seconds, heard.seconds), absent: absentOf(seen.absent.frames, heard.absent.sound) }, why); // prettier-ignore
  } catch (error) {
    signal?.throwIfAborted();
    const video = await readVideo(videoId, times, places, signal);
    return withReason(video, `The video cannot be read: ${(error as Error).message}`);
  } finally {
    rmSync(extracted, { recursive: true });
  }
}

async function framesFolderHas({ datasetRoot }: MediaPlaces, videoId: string): Promise<Map<number, string>> {
  try {
    return await framesOf(datasetRoot, videoId);
  } catch (error) {
    if (error instanceof MediaError) return new Map();
    throw error;
  }
}

/** The sound at the rate of the run's encoder, or at the field's. */
const soundIn = ({ datasetRoot, sampleRate }: MediaPlaces, videoId: string): string | undefined =>
  [soundFile(datasetRoot, videoId, sampleRate), soundFile(datasetRoot, videoId)].find((file) => existsSync(file));

async function readVideo(
  videoId: string,
  times: readonly SegmentTimes[],
  places: MediaPlaces,
  signal?: AbortSignal,
): Promise<ExplainedVideo> {
  const files = await framesFolderHas(places, videoId);
  const { segments, why } = await seenSegments(times, files);
  const file = soundIn(places, videoId);
  const heard = file === undefined ? { reason: 'The sound of this video is not here.' } : await readSound(file, signal);
  const ends = [heard.seconds ?? 0, files.size > 0 ? Math.max(...files.keys()) + 1 : 0, ...times.map(({ atSeconds }) => atSeconds + 1)];
  return { id: videoId, seconds: Math.max(...ends), segments, sound: heard.sound ?? null, absent: absentOf(why, heard.reason) };
}

async function seenSegments(
  times: readonly SegmentTimes[],
  files: ReadonlyMap<number, string>,
): Promise<{ readonly segments: readonly Segment[]; readonly why?: string }> {
  const without = times.map((time) => ({ ...time, frame: null }));
  if (files.size === 0) return { segments: without, why: 'The frames of this video are not here.' };
  const last = Math.max(...files.keys()); // stands for segments behind the end of a short video
  try {
    const segments = [];
    for (const time of times) {
      const file = files.get(Math.min(Math.floor(time.atSeconds), last));
      segments.push({ ...time, frame: file === undefined ? null : { jpeg: (await squareJpeg(file, FRAME_EDGE)).toString('base64') } });
    }
    return { segments, ...(segments.some(({ frame }) => frame === null) && { why: 'Some frames of this video are not here.' }) };
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    return { segments: without, why: `The frames of this video cannot be shown: ${withoutFolder(error.message)}` };
  }
}

const absentOf = (frames: string | undefined, sound: string | undefined): ExplainedVideo['absent'] => ({
  ...(frames !== undefined && { frames }),
  ...(sound !== undefined && { sound }),
});

function withReason(video: ExplainedVideo, why: string | undefined): ExplainedVideo {
  if (why === undefined) return video;
  const { frames, sound } = video.absent;
  return { ...video, absent: absentOf(frames && `${frames} ${withoutFolder(why)}`, sound && `${sound} ${withoutFolder(why)}`) };
}
