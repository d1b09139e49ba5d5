import { findAnnotations, findV2, readAnnotations, type Question } from '@tass/dataset-music-avqa';
import type { TestOf } from '@tass/experiment';

/** What a model of another program was trained and chosen on. */
export interface Seen {
  readonly questions: readonly Question[];
  readonly line: string; // which files, and who says so
}

/**
 * The questions of the annotation files `trainedOn`, of whatever release; without any named, those of the train and the val file that belong
 * to the benchmark, where they lie below `root`. Throws AnnotationError.
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
