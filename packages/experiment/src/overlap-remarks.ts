import { overlapOf, type Question } from '@tass/dataset-music-avqa';
import type { Part, PartFiles } from './parts';

/**
 * A line for val and one for test, if they share questions or videos with the parts before them. Only for a dataset of the user's own: the
 * official splits share videos (2,296 of val's 3,815 are in test), as published, and no questions.
 */
export function overlapRemarks({ train, val, test }: Readonly<Record<Part, readonly Question[]>>, files: PartFiles): string[] {
  if (Object.values(files).every(({ release }) => release.kind !== 'unknown')) return [];
  return [...describeOverlap('val', val, train, 'train'), ...describeOverlap('test', test, [...train, ...val], 'train or val')];
}

function describeOverlap(part: Part, questions: readonly Question[], before: readonly Question[], names: string): string[] {
  const shared = overlapOf(questions, before);
  const parts = [
    ...(shared.questions > 0 ? [`${shared.questions} of ${questions.length} questions (same video and words)`] : []),
    ...(shared.videos > 0 ? [`${shared.videos} of ${shared.ofVideos} videos`] : []),
  ];
  if (parts.length === 0) return [];
  const effect = shared.questions > 0 ? '. Its accuracy may be higher than on new questions' : '';
  return [`${part} shares ${parts.join(' and ')} with ${names}${effect}`];
}
