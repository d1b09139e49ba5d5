import type { Annotations, Question } from '@tass/dataset-music-avqa';

export const PARTS = ['train', 'val', 'test'] as const;
export type Part = (typeof PARTS)[number];
export type PartFiles = Readonly<Record<Part, PartFile>>;

/** The annotation files of a dataset, read, and how they are divided into what is trained on, what chooses the epoch and what is scored. */
export interface ReadParts {
  readonly files: PartFiles;
  /** `files`: those above, or some of their questions. Throws RangeError where too few videos are left to hold some out. */
  readonly divide: (files: PartFiles) => DividedParts;
}

export interface DividedParts {
  readonly parts: Readonly<Record<Part, readonly Question[]>>;
  readonly remarks?: readonly string[];
  readonly furtherTest?: FurtherTest;
}

/** The annotation file that a part was taken from, all of it, or with `present` its questions whose videos are here. */
export interface PartFile extends Pick<Annotations, 'questions' | 'identifiedBy' | 'ids' | 'sha256' | 'release'> {
  readonly place: string; // the file; of the test of R both
  readonly present?: Present;
  readonly all?: readonly Question[]; // with `present`: all questions of the file
}

/** How much of an annotation file is here. */
export interface Present {
  readonly videos: number;
  readonly ofVideos: number;
  readonly ofQuestions: number;
}

/** The test of v2.0 or R, without the questions that training used. */
export interface FurtherTest {
  readonly name: string; // 'MUSIC-AVQA v2.0, balance'
  readonly leftOut: number; // questions of the file that equal one of train or val in video, words and answer
}

/** An annotation file as the source of a part. */
export function partFile({ file, release, questions, identifiedBy, ids, sha256 }: Annotations): PartFile {
  return { place: file, release, questions, identifiedBy, ids, sha256 };
}
