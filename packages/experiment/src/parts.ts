import type { Annotations, Question } from '@tass/dataset-music-avqa';

export const PARTS = ['train', 'val', 'test'] as const;
export type Part = (typeof PARTS)[number];

/** The parts of a dataset, read. */
export interface ReadParts {
  readonly parts: Readonly<Record<Part, readonly Question[]>>;
  readonly files: Readonly<Record<Part, PartFile>>;
  readonly remarks?: readonly string[];
  readonly furtherTest?: FurtherTest;
}

/** The annotation file that a part was taken from, all of it. */
export interface PartFile extends Pick<Annotations, 'questions' | 'identifiedBy' | 'ids' | 'sha256'> {
  readonly place: string;
  readonly release: string;
}

/** The test of v2.0 or R, without the questions that training used. */
export interface FurtherTest {
  readonly name: string; // 'MUSIC-AVQA v2.0, balance'
  readonly leftOut: number; // questions of the file that equal one of train or val in video, words and answer
}

/** An annotation file as the source of a part. */
export function partFile({ file, release, questions, identifiedBy, ids, sha256 }: Annotations): PartFile {
  return { place: file, release: release.name, questions, identifiedBy, ids, sha256 };
}
