import type { Annotations, Question } from '@tass/dataset-music-avqa';

export const PARTS = ['train', 'val', 'test'] as const;
export type Part = (typeof PARTS)[number];
export type PartFiles = Readonly<Record<Part, PartFile>>;

/** The annotation files of a dataset, and how they are divided into training, choosing the epoch and scoring. */
export interface ReadParts {
  readonly files: PartFiles;
  /** `files`: those above, or some of their questions. Throws RangeError if too few videos are left to hold some out. */
  readonly divide: (files: PartFiles) => DividedParts;
}

export interface DividedParts {
  readonly parts: Readonly<Record<Part, readonly Question[]>>;
  readonly remarks?: readonly string[];
  readonly furtherTest?: FurtherTest;
}

/** The annotation file of a part: all of it or, with `present`, its questions with available videos. */
export interface PartFile extends Pick<Annotations, 'questions' | 'identifiedBy' | 'ids' | 'sha256' | 'release'> {
  readonly place: string; // the file; both files for the test of R
  readonly present?: Present;
  readonly all?: readonly Question[]; // with `present`: all questions of the file
}

/** How much of an annotation file has available videos. */
export interface Present {
  readonly videos: number;
  readonly ofVideos: number;
  readonly ofQuestions: number;
}

/** The test split of v2.0 or R, without the questions used in training. */
export interface FurtherTest {
  readonly name: string; // 'MUSIC-AVQA v2.0, balance'
  readonly leftOut: number; // questions of the file with the same video, words and answer as one of train or val
}

/** The source of a part from an annotation file. */
export function partFile({ file, release, questions, identifiedBy, ids, sha256 }: Annotations): PartFile {
  return { place: file, release, questions, identifiedBy, ids, sha256 };
}
