import { leastSeconds, type Sampling } from '@tass/feature-store';
import { MediaError, type Sound } from '@tass/media';

const tolerance = 0.1; // seconds that may be missing at a sound's end

/** A medium of one video, fitted to its segments. */
export interface Fitted<Media> {
  readonly media: Media;
  readonly shortSeconds?: number; // how long it lasts, where it ends before its last segment begins
}

/**
 * The seconds whose frames stand for the segments of a video that has frames for `lasting` seconds: those of `segmentStarts`, and the last one for
 * segments that begin later, as the field's feature files do (code). Throws MediaError for a video that is too short for that.
 */
export function fitSeconds(
  videoId: string,
  lasting: number,
  segmentStarts: readonly number[],
  sampling: Sampling,
): Fitted<readonly number[]> {
  if (lasting === 0) return { media: segmentStarts };
  const isWhole = Math.max(...segmentStarts) < lasting;
  if (!isWhole || sampling.choice === 'content') expectLongEnough(videoId, 'frames', lasting, sampling); // content finds seconds in any video
  if (isWhole) return { media: segmentStarts };
  return { media: segmentStarts.map((second) => Math.min(second, lasting - 1)), shortSeconds: lasting };
}

/**
 * A sound that ends before `neededSeconds`, lengthened to all that its segments cover by its last second, again and again.
 * Throws MediaError for a sound that is too short for that.
 */
export function fitSound(videoId: string, sound: Sound, neededSeconds: number, sampling: Sampling): Fitted<Sound> {
  const { samples, sampleRate } = sound;
  const lasting = samples.length / sampleRate;
  const isWhole = lasting >= neededSeconds - tolerance;
  if (!isWhole || sampling.choice === 'content') expectLongEnough(videoId, 'sound', lasting, sampling);
  if (isWhole) return { media: sound };
  const covered = sampling.segments * sampling.segmentSeconds;
  const longer = new Float32Array((covered + 1) * sampleRate); // the last window may reach a little beyond
  longer.set(samples);
  for (let at = samples.length; at < longer.length; at++) longer[at] = longer[at - sampleRate];
  return { media: { samples: longer, sampleRate }, shortSeconds: lasting };
}

function expectLongEnough(videoId: string, media: 'frames' | 'sound', lasting: number, sampling: Sampling): void {
  const least = leastSeconds(sampling);
  if (lasting >= least - tolerance) return;
  const { segments, segmentSeconds } = sampling;
  const fitting = Math.max(1, Math.ceil((lasting - 1) / segments)); // as of videos that are too long, a second may be left over
  const [verb, given] = [media === 'frames' ? 'last' : 'lasts', Number(lasting.toFixed(2))];
  throw new MediaError(
    `the ${media} of video ${videoId} ${verb} ${given} s, expected ${segments * segmentSeconds} s (${segments} segments of ${segmentSeconds} s), at least ${least} s. ` +
      `Fetch the whole video${fitting < segmentSeconds ? `. If all videos last so long, set features.segmentSeconds=${fitting}` : ''}`,
  );
}
