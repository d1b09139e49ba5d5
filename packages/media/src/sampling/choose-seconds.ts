import { existsSync } from 'node:fs';
import { describeNoFrames, framesOf, soundFile } from '../frames';
import { filesAtOnce, mapBounded } from '../map-bounded';
import { MediaError } from '../media-error';
import { readWav } from '../wav';
import { describeFrame, describeSecond, joinDescriptors, looksOf, soundsOf } from './descriptors';
import { cutIntoStretches, typicalSecond } from './stretches';

/**
 * `every`: one second each segmentSeconds, from second 0 on. `content` (this project's own): the most typical second of each of as many
 * stretches as there are segments, cut so that each looks and sounds alike.
 */
type Sampling = 'every' | 'content';

export interface ChooseSecondsOptions {
  readonly datasetRoot: string; // holds frames/ and audio/
  readonly videoId: string;
  readonly sampling: Sampling;
  readonly segments: number;
  readonly segmentSeconds: number; // at least 1; whole for `every`
  readonly sampleRate?: number; // of the sound that is listened to; default 16000, audio/
}

/**
 * The seconds at which the segments of a video start, ascending, one for each segment.
 *
 * `content` looks at the first segments * segmentSeconds seconds, or at all of a shorter video, and cuts them into `segments` stretches
 * with the least sum of squared distances between seconds and their stretch's mean. A second is described by an 8 x 8 thumbnail of its
 * frame and the energies of seven octaves of its sound, which count the same; no encoder runs. Of a video that never changes it chooses
 * as `every` does. The same frames and sound give the same seconds. A video without a wav is judged by its frames alone.
 * Throws MediaError for fewer seconds than segments, and for frames or a sound that cannot be read.
 */
export async function chooseSeconds(options: ChooseSecondsOptions): Promise<number[]> {
  const { datasetRoot, videoId, sampling, segments, segmentSeconds } = options;
  for (const [name, value] of Object.entries({ segments, ...(sampling === 'every' && { segmentSeconds }) }))
    if (!Number.isInteger(value) || value < 1) throw new Error(`${name} is ${value}, expected a whole number above 0`);
  if (!(segmentSeconds >= 1)) throw new Error(`segmentSeconds is ${segmentSeconds}, expected at least 1`);
  if (sampling === 'every') return Array.from({ length: segments }, (_, segment) => segment * segmentSeconds);

  const files = await framesOf(datasetRoot, videoId);
  if (files.size === 0) throw new MediaError(await describeNoFrames(datasetRoot, videoId, 0));
  const soundPath = soundFile(datasetRoot, videoId, options.sampleRate);
  const sound = existsSync(soundPath) ? readWav(soundPath) : undefined;
  const seconds = [...files.keys()].filter((second) => second < segments * segmentSeconds).sort((a, b) => a - b);
  const missing = seconds.findIndex((second, place) => second !== place);
  if (missing >= 0) throw new MediaError(`video ${videoId} has no frame of second ${missing}. Extract its frames again`);
  if (sound && soundEndsWithin(seconds.length - 1, sound.samples.length / sound.sampleRate)) seconds.pop();
  if (seconds.length < segments)
    throw new MediaError(`video ${videoId} has ${seconds.length} seconds of frames, expected at least ${segments}, one for each segment`);

  const kinds = [looksOf(await mapBounded(seconds, filesAtOnce, (second) => describeFrame(files.get(second)!)))];
  if (sound) kinds.push(soundsOf(seconds.map((second) => describeSecond(sound, second))));
  const points = joinDescriptors(...kinds);
  return cutIntoStretches(points, segments).map((stretch) => typicalSecond(points, stretch));
}

/** The last second of a video is often only begun; then it has a frame, but too little sound to be encoded. */
const soundEndsWithin = (second: number, soundSeconds: number): boolean => soundSeconds > second - 1 && soundSeconds < second + 0.9;
