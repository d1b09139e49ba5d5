/** An annotation file that cannot be used, or a row of it: the message names the file, the row, the question id, the key and the remedy. */
export class AnnotationError extends Error {
  override readonly name = 'AnnotationError';
}

/** Where to get the official annotations, and how to point this project to them. */
export const WHERE_TO_GET_ANNOTATIONS =
  'The official files are in the folder data/json_update of the repository GeWu-Lab/MUSIC-AVQA on GitHub; put them (plain or gzipped) into one folder and name it by dataset.root=<folder> or the environment variable TASS_DATA.';
