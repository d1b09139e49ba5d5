import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AnnotationError, WHERE_TO_GET_ANNOTATIONS } from './annotation-error';
import { type Annotations, readAnnotations } from './read-annotations';
import type { Split } from './release';

// json_update before json: a clone of the official repository holds both, and the older release is in json.
const FOLDERS = ['', 'json_update', 'json', 'music-avqa', 'data/json_update'];

const candidates = (root: string, split: Split): string[] =>
  FOLDERS.flatMap((folder) => ['', '.gz'].map((ending) => join(root, folder, `avqa-${split}.json${ending}`)));

/** The annotation file of a split under `root`, or undefined where there is none. `train` never stands for `train_fake`. */
export function findAnnotations(root: string, split: Split): string | undefined {
  return candidates(root, split).find((file) => existsSync(file));
}

/** Finds and reads the annotations of a split. Throws AnnotationError as `readAnnotations`, and with the places searched when there is no file. */
export function readSplit(root: string, split: Split, options: { readonly allowOlder?: boolean } = {}): Annotations {
  const file = findAnnotations(root, split);
  if (file === undefined) {
    const places = FOLDERS.map((folder) => join(root, folder)).join(', ');
    throw new AnnotationError(`avqa-${split}.json or avqa-${split}.json.gz is in none of ${places}. ${WHERE_TO_GET_ANNOTATIONS}`);
  }
  return readAnnotations(file, { split, ...options });
}
