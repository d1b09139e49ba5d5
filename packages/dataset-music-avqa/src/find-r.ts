import { createHash } from 'node:crypto';
import { AnnotationError } from './annotation-error';
import { findFile, listed } from './find-file';
import { withoutOwnRows } from './own-rows';
import type { Question } from './question';
import { QUESTION_TYPES } from './question-types';
import { type Annotations, type IdCounts, type Repetitions, countIds, readAnnotations } from './read-annotations';
import type { Release } from './release';

const FOLDERS = [
  ...['', 'music-avqa-r', 'music_avqa_r', 'MUSIC-AVQA-R', 'dataset/MUSIC-AVQA-R', 'annots/music_avqa_r', 'data/annots/music_avqa_r'],
];

type Half = 'head' | 'tail';
const fileOf = (half: Half | 'headtail'): string => `avqa-test-${half}.json`;

/** Rows of the published files by question type, in the order of QUESTION_TYPES (paper, table 2). */
const PUBLISHED_ROWS: Readonly<Record<Half, readonly number[]>> = {
  head: [19033, 7519, 24738, 16270, 13311, 17976, 17464, 11718, 10124],
  tail: [4074, 5987, 3129, 16779, 11738, 8589, 4082, 11403, 7638],
};

/** The rephrased test questions of a benchmark, each with its half. */
export interface RephrasedTest {
  readonly files: readonly string[]; // of R: of the frequent answers, of the rare ones
  readonly questions: readonly Question[]; // those of the first file, then those of the second; id: the position in this list
  readonly release: Release; // of all files
  readonly sha256: string; // of the file; of several, of their digests, one a line
  readonly ids: IdCounts;
  readonly repetitions: Repetitions;
  readonly doubts: readonly string[]; // lines on what differs from the published files, and on rows of both halves
}

/**
 * Reads the test questions of MUSIC-AVQA-R from its head and its tail file; each question records its file. The headtail file is
 * the union of both and cannot replace them, because its rows do not record their file.
 * Throws AnnotationError as `readAnnotations`, and with the places searched when a file is not there.
 */
export function readRephrased(root: string): RephrasedTest {
  const [head, tail] = (['head', 'tail'] as const).map((half) => readHalf(root, half));
  const { kept, leftOut } = withoutOwnRows(tail.questions, head.questions);
  if (kept.length === 0)
    throw new AnnotationError(
      `${tail.file}: all of its questions are in ${head.file} as well, expected those with rare answers in the one and those with frequent answers in the other. Is one of them ${fileOf('headtail')}, their union?`,
    );
  const inBoth = leftOut === 0 ? [] : [`${tail.file}: ${leftOut} of its questions are in ${head.file} as well`];
  const questions = [...marked(head, 'head', 0), ...marked(tail, 'tail', head.questions.length)];
  return {
    files: [head.file, tail.file],
    questions,
    release: {
      kind: head.release.kind === 'R' && tail.release.kind === 'R' ? 'R' : 'unknown',
      name: [head, tail].map(({ release }) => release.name).join(' and '),
    },
    sha256: createHash('sha256').update(`${head.sha256}\n${tail.sha256}\n`).digest('hex'),
    ids: countIds([...head.rowIds, ...tail.rowIds]),
    repetitions: {
      rows: head.repetitions.rows + tail.repetitions.rows,
      contradictions: head.repetitions.contradictions + tail.repetitions.contradictions,
    },
    doubts: [...doubtsOf(head, 'head'), ...doubtsOf(tail, 'tail'), ...inBoth],
  };
}

function readHalf(root: string, half: Half): Annotations {
  const file = findFile(root, FOLDERS, [fileOf(half)]);
  if (file !== undefined) return readAnnotations(file, { benchmark: 'R', split: half });
  const union = findFile(root, FOLDERS, [fileOf('headtail')]);
  const aside =
    union === undefined ? '' : ` ${union} is the union of ${fileOf('head')} and ${fileOf('tail')}; it does not say which answers are rare.`;
  throw new AnnotationError(
    `${fileOf(half)} or ${fileOf(half)}.gz is in none of ${listed(root, FOLDERS)}.${aside} The repository reml-group/MUSIC-AVQA-R on GitHub has it in dataset/MUSIC-AVQA-R; put it into one of these folders`,
  );
}

const marked = ({ questions }: Annotations, frequency: Half, from: number): Question[] =>
  questions.map((question) => ({ ...question, id: from + question.id, frequency }));

function doubtsOf({ file, release, questions }: Annotations, half: Half): string[] {
  if (release.kind !== 'R') return [];
  const counts = QUESTION_TYPES.map(({ index }) => questions.filter(({ type }) => type === index).length);
  const other = QUESTION_TYPES.filter(({ index }) => counts[index] !== PUBLISHED_ROWS[half][index]);
  if (other.length === 0) return [];
  const shown = other.map(({ short, index }) => `${counts[index]} of ${short}, published ${PUBLISHED_ROWS[half][index]}`).join('; ');
  return [`${file}: the number of questions differs from the published one: ${shown}`];
}
