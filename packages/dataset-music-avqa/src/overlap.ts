import { askedIn } from './own-rows';
import type { Question } from './question';

/** What a part of a dataset has in common with others. */
export interface Overlap {
  readonly questions: number; // with the video and the words of one of the others
  readonly videos: number; // of its questions, that the others ask about as well
  readonly ofVideos: number; // of its questions
}

export function overlapOf(part: readonly Question[], others: readonly Question[]): Overlap {
  const asked = new Set(others.map(askedIn));
  const seen = new Set(others.map(({ videoId }) => videoId));
  const videos = [...new Set(part.map(({ videoId }) => videoId))];
  return {
    questions: part.filter((question) => asked.has(askedIn(question))).length,
    videos: videos.filter((video) => seen.has(video)).length,
    ofVideos: videos.length,
  };
}
