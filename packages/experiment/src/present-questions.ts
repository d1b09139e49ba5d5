import { createHash } from 'node:crypto';
import type { Question } from '@tass/dataset-music-avqa';
import { PARTS, type PartFile, type PartFiles } from './parts';

/** Whether the video with an id is available. */
export type IsHere = (videoId: string) => boolean;

/**
 * Annotation files with only the questions whose videos are available (`dataset.questions: present`). Their digests identify these
 * questions, so that figures on different questions are never compared; a file whose videos are all available stays unchanged. Throws if no
 * question of a file is left.
 */
export function presentFiles(files: PartFiles, isHere: IsHere): PartFiles {
  const present = new Map<PartFile, PartFile>();
  for (const part of PARTS) if (!present.has(files[part])) present.set(files[part], presentFile(files[part], isHere));
  return { train: present.get(files.train)!, val: present.get(files.val)!, test: present.get(files.test)! };
}

function presentFile(file: PartFile, isHere: IsHere): PartFile {
  const questions = file.questions.filter(({ videoId }) => isHere(videoId));
  if (questions.length === file.questions.length) return file;
  const present = { videos: countVideos(questions), ofVideos: countVideos(file.questions), ofQuestions: file.questions.length };
  if (questions.length === 0) {
    throw new Error(
      `none of the ${present.ofVideos} videos of ${file.place} is here, neither frames nor sound nor features. ` +
        'Check dataset.root and features.store, or set dataset.questions=all',
    );
  }
  const ids = questions.map(({ id }) => id).join();
  const sha256 = createHash('sha256').update(`${file.sha256}\nquestions ${ids}\n`).digest('hex');
  return { ...file, questions, sha256, present, all: file.questions };
}

const countVideos = (questions: readonly Question[]): number => new Set(questions.map(({ videoId }) => videoId)).size;

/** The part of a file's line about available videos; empty if all questions are used. */
export function describePresent({ questions, present }: PartFile): string {
  if (!present) return '';
  return `, only those whose videos are here: ${present.videos} of ${present.ofVideos} videos, ${questions.length} of ${present.ofQuestions} questions`;
}
