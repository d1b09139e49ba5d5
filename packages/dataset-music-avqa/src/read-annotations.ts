import { AnnotationError, WHERE_TO_GET_ANNOTATIONS } from './annotation-error';
import { readAnnotationFile } from './annotation-file';
import { parseQuestion } from './parse-question';
import type { Question } from './question';
import { type Release, type Split, recogniseRelease, splitOfName } from './release';

export interface ReadAnnotationsOptions {
  /** What the file is to be used as; taken from the name avqa-<split>.json when left out. */
  readonly split?: Split;
  /** Reads MUSIC-AVQA's older `json` release too, which published tables since 2023 do not use. Default false. */
  readonly allowOlder?: boolean;
}

export interface Annotations {
  readonly file: string;
  readonly questions: readonly Question[]; // in the file's order
  readonly release: Release;
  readonly sha256: string; // of the content, as `readAnnotationFile` says
  readonly gitBlob: string; // of the same
  /** Ids of which the older releases hold several rows; the first row of each is kept, the others are left out. Empty otherwise. */
  readonly repeatedIds: readonly number[];
}

/**
 * Reads a MUSIC-AVQA annotation file (.json or .json.gz) and says which release it is.
 * Throws AnnotationError for a file that is missing, cut off, no annotation list, of the older release (unless allowed), of another split
 * than it is used as, or has a row that breaks a convention.
 */
export function readAnnotations(file: string, options: ReadAnnotationsOptions = {}): Annotations {
  const { rows, gitBlob, sha256 } = readAnnotationFile(file);
  const release = recogniseRelease(file, gitBlob);
  refuseWrongRelease(file, release, options);
  const first = new Map<number, number>();
  const repeated = new Set<number>();
  const questions: Question[] = [];
  rows.forEach((row, index) => {
    const question = parseQuestion(row, index, file);
    const before = first.get(question.id);
    if (before === undefined) {
      first.set(question.id, index);
      questions.push(question);
    } else if (release.kind === 'older' || release.kind === 'synthetic') {
      repeated.add(question.id);
    } else {
      throw new AnnotationError(
        `${file}: row ${index}, question_id ${question.id}: the id was used by row ${before} already; ids must be unique, as predictions are matched by them`,
      );
    }
  });
  return { file, questions, release, sha256, gitBlob, repeatedIds: [...repeated] };
}

function refuseWrongRelease(file: string, release: Release, { split, allowOlder = false }: ReadAnnotationsOptions): void {
  const use = split ?? splitOfName(file);
  if (release.kind === 'synthetic' && use !== 'train_fake') {
    throw new AnnotationError(
      `${file}: is ${release.name}, an older list of questions on synthetic videos only, no replacement for the train file. To use it all the same, name the split train_fake`,
    );
  }
  if (release.kind === 'older' && !allowOlder) {
    throw new AnnotationError(
      `${file}: is ${release.name} of the older release, which has contradictory duplicates. Take the file of the same name from json_update, or allow older releases. ${WHERE_TO_GET_ANNOTATIONS}`,
    );
  }
  if (use !== undefined && release.split !== undefined && wholeSplit(use) !== wholeSplit(release.split)) {
    throw new AnnotationError(`${file}: is ${release.name} but would be used as ${use}. Put the file of that split there`);
  }
}

/** The split that a part such as val_real belongs to; train_fake stands for itself. */
const wholeSplit = (split: string): string => (split === 'train_fake' ? split : split.replace(/_(real|fake)$/, ''));
