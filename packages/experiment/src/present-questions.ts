import { createHash } from 'node:crypto';
import type { Question } from '@tass/dataset-music-avqa';
import { PARTS, type PartFile, type PartFiles } from './parts';

/** Whether a video is here, by its id. */
export type IsHere = (videoId: string) => boolean;

/**
 * Annotation files with only the questions whose videos are here (`dataset.questions: present`). Their digests say which questions these are, so
 * that figures on them are never compared with figures on others; a file all of whose videos are here stays as it is. Throws where nothing is left of a file.
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

/** What a line on a file says of the videos that are here; nothing where all questions are asked. */
export function describePresent({ questions, present }: PartFile): string {
  if (!present) return '';
  return `, only those whose videos are here: ${present.videos} of ${present.ofVideos} videos, ${questions.length} of ${present.ofQuestions} questions`;
}
