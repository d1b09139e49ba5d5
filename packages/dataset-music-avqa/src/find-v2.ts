import { AnnotationError } from './annotation-error';
import { describeOthers, findFile, listed } from './find-file';
import { type Annotations, readAnnotations } from './read-annotations';

/** Both data sets of MUSIC-AVQA v2.0: with balanced answers, and with the bias of MUSIC-AVQA. */
export type V2Version = 'balance' | 'bias';
export type V2Part = 'train' | 'val' | 'test';

/** QA-TIGER's train file, which is the official one without the rows of its validation file, before the official one. */
const NAMES: Readonly<Record<V2Part, (version: V2Version) => readonly string[]>> = {
  train: (version) => [`${version}_train`, `train_${version}`],
  val: (version) => [`${version}_valid`],
  test: (version) => [`test_${version}`],
};

const foldersOf = (version: V2Version): string[] => {
  const official = version === 'balance' ? 'balance_full_set' : 'bias_set';
  return ['', 'music-avqa-v2', 'music_avqa_v2', official, `data/${official}`, 'annots/music_avqa_v2', 'data/annots/music_avqa_v2'];
};

const namesOf = (part: V2Part, version: V2Version): string[] => NAMES[part](version).map((name) => `${name}.json`);

/** The annotation file of a part of MUSIC-AVQA v2.0, or undefined if it is missing. */
export function findV2(root: string, version: V2Version, part: V2Part): string | undefined {
  return findFile(root, foldersOf(version), namesOf(part, version));
}

/**
 * Finds and reads a part of MUSIC-AVQA v2.0. Questions are identified by their rows' positions.
 * Throws AnnotationError as `readAnnotations`, and with the places searched when there is no file.
 */
export function readV2(root: string, version: V2Version, part: V2Part): Annotations {
  const file = findV2(root, version, part);
  if (file === undefined) {
    const names = namesOf(part, version).flatMap((name) => [name, `${name}.gz`]);
    throw new AnnotationError(
      `none of ${names.join(', ')} is in ${listed(root, foldersOf(version))}. ${describeOthers(root, foldersOf(version), namesOf(part, version))}${WHERE_TO_GET[part]}`,
    );
  }
  return readAnnotations(file, { benchmark: 'v2.0', split: NAMES[part](version)[0] });
}

const NAME_IT = 'put it into one of these folders, or name its folder by dataset.root=<folder> or the environment variable TASS_DATA';
const OFFICIAL = `The official repository DragonLiu1995/MUSIC-AVQA-v2.0 on GitHub has it in data/balance_full_set or data/bias_set; ${NAME_IT}`;
const WHERE_TO_GET: Readonly<Record<V2Part, string>> = {
  train: OFFICIAL,
  val: `The repository AIM-SKKU/QA-TIGER on GitHub has it in data/annots/music_avqa_v2, the official one has no validation file; ${NAME_IT}. A train file is enough as well`,
  test: OFFICIAL,
};
