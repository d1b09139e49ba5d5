import { AnnotationError, WHERE_TO_GET_ANNOTATIONS } from './annotation-error';
import { describeOthers, findFile, listed } from './find-file';
import { type Annotations, readAnnotations } from './read-annotations';
import type { Split } from './release';

// json_update before json: a clone of the official repository holds both, and the older release is in json.
const FOLDERS = ['', 'json_update', 'json', 'music-avqa', 'data/json_update'];

/** The annotation file of a split under `root`, or undefined if there is none. `train` never finds `train_fake`. */
export function findAnnotations(root: string, split: Split): string | undefined {
  return findFile(root, FOLDERS, [`avqa-${split}.json`]);
}

/** Finds and reads the annotations of a split. Throws AnnotationError as `readAnnotations`, and with the places searched when there is no file. */
export function readSplit(root: string, split: Split): Annotations {
  const file = findAnnotations(root, split);
  if (file === undefined) {
    throw new AnnotationError(
      `avqa-${split}.json or avqa-${split}.json.gz is in none of ${listed(root, FOLDERS)}. ${describeOthers(root, FOLDERS, [`avqa-${split}.json`])}${WHERE_TO_GET_ANNOTATIONS}`,
    );
  }
  return readAnnotations(file, { split });
}
