import { findAnnotations, findV2, readAnnotations, type Question } from '@tass/dataset-music-avqa';
import type { TestOf } from '@tass/experiment';

/** The questions that another program's model was trained and chosen on. */
export interface Seen {
  readonly questions: readonly Question[];
  readonly line: string; // the files, and whether they were given or assumed
}

/**
 * The questions of the annotation files `trainedOn`, of any release; by default, those of the benchmark's train and val files below `root`.
 * Throws AnnotationError.
 */
export function seenBy(trainedOn: readonly string[] | undefined, root: string, benchmark: TestOf): Seen {
  const files = trainedOn ?? trainingFiles(root, benchmark);
  const questions = files.flatMap((file) => readAnnotations(file, { benchmark: 'any' }).questions);
  if (trainedOn) return { questions, line: `trained or chosen on: ${files.join(', ')}` };
  const others = '--trained-on=FILE,FILE names other annotation files';
  const assumed = files.length === 0 ? `nothing, as no train or val file of the benchmark is below ${root}` : files.join(', ');
  return { questions, line: `trained or chosen on: assumed to be ${assumed}; ${others}` };
}

function trainingFiles(root: string, benchmark: TestOf): string[] {
  const { kind } = benchmark;
  const found = (['train', 'val'] as const).map((part) =>
    kind === 'music-avqa-v2' ? findV2(root, benchmark.version, part) : findAnnotations(root, part),
  );
  return found.filter((file) => file !== undefined);
}
