import { groupByVideo, seededRandom, shuffled, type Question } from '@tass/dataset-music-avqa';
import type { BatchSource } from '../load-batch';

/** Features without information about a video, by their name in a batch: [channels]. */
export type Blanks = Readonly<Partial<Record<'regions' | 'frames' | 'audio' | 'audioPatches', Float32Array>>>;

const FIELDS = { regions: 'patch', frames: 'frame', audio: 'audio', audioPatches: 'audioPatch' } as const;
const VIDEOS = 64;

/**
 * The mean over all segments (and regions) of 64 training videos drawn with a fixed seed. No encoder returns zeros, so no network has seen
 * them.
 */
export function blanksOf({ features, needed }: BatchSource, train: readonly Question[]): Blanks {
  const videos = shuffled([...groupByVideo(train).keys()], seededRandom(1)).slice(0, VIDEOS);
  const isRead = { regions: needed.video, frames: needed.video, audio: needed.audio, audioPatches: needed.audioPatches === true };
  const names = (['regions', 'frames', 'audio', 'audioPatches'] as const).filter((name) => isRead[name]);
  return Object.fromEntries(
    names.map((name) => {
      const channels = features!.describe(FIELDS[name]).shape.at(-1)!;
      const sums = new Float64Array(channels);
      let rows = 0;
      for (const video of videos) {
        const values = features!.read(FIELDS[name], [video]);
        values.forEach((value, at) => (sums[at % channels] += value));
        rows += values.length / channels;
      }
      return [name, Float32Array.from(sums, (sum) => sum / rows)];
    }),
  );
}
