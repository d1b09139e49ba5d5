import type { Question } from './question';
import { seededRandom, shuffled } from './random';

export interface HoldOutOptions {
  readonly share: number; // of the videos, in (0, 1)
  readonly seed: number;
}

export interface HeldOut {
  readonly kept: readonly Question[]; // to train on
  readonly heldOut: readonly Question[]; // to choose the epoch by
}

/**
 * Splits questions by video, so that no video is on both sides; both keep the order given. Which videos are held out depends on the set of
 * videos and the seed, not on the order of the questions. For choosing the epoch without a train file (ours).
 * Throws RangeError when a side would be empty.
 */
export function holdOut(questions: readonly Question[], { share, seed }: HoldOutOptions): HeldOut {
  const videos = [...new Set(questions.map(({ videoId }) => videoId))].sort();
  const count = Math.round(share * videos.length);
  if (!(count >= 1 && count < videos.length)) {
    throw new RangeError(
      `holdOut: a share of ${share} of ${videos.length} videos is ${count} videos, expected at least 1 on either side. ${advice(videos.length)}`,
    );
  }
  const chosen = new Set(shuffled(videos, seededRandom(seed)).slice(0, count));
  return {
    kept: questions.filter(({ videoId }) => !chosen.has(videoId)),
    heldOut: questions.filter(({ videoId }) => chosen.has(videoId)),
  };
}

const advice = (videos: number): string =>
  videos < 2 ? 'Two videos are needed to hold one out' : `Set dataset.holdOut to ${Math.ceil(100 / videos) / 100} or more, below 1`;
