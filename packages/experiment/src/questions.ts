import { Vocabulary, holdOut, findAnnotations, readSplit, type Annotations, type Question } from '@tass/dataset-music-avqa';
import type { Experiment } from './schema';

/** The questions of an experiment. Videos of `val` that choose the epoch are never trained on; `test` is read once, after the choice. */
export interface QuestionSplits {
  readonly train: readonly Question[];
  readonly val: readonly Question[];
  readonly test: readonly Question[];
  readonly vocabulary: Vocabulary; // the words of `train`
  readonly sources: readonly string[]; // a line for each part: file, release, number of questions
  readonly digests: Readonly<Record<string, string>>; // sha256 of each annotation file, by split
}

/**
 * Reads the annotations below `root`. MUSIC-AVQA without its train file (which is not everyone's to pass on): `holdOut` of val's videos
 * choose the epoch and the rest of val is trained on (ours). The embedded world has all three files.
 * Throws AnnotationError.
 */
export function readQuestions(root: string, dataset: Experiment['dataset']): QuestionSplits {
  const val = readSplit(root, 'val');
  const test = readSplit(root, 'test');
  const trainFile = findAnnotations(root, 'train');
  if (dataset.kind === 'mini-avqa' || trainFile !== undefined) {
    const train = readSplit(root, 'train');
    return splits({ train: train.questions, val: val.questions, test: test.questions }, { train, val, test });
  }
  const { kept, heldOut } = holdOut(val.questions, { share: dataset.holdOut, seed: dataset.holdOutSeed });
  return splits({ train: kept, val: heldOut, test: test.questions }, { train: val, val, test });
}

function splits(
  parts: Readonly<Record<'train' | 'val' | 'test', readonly Question[]>>,
  files: Readonly<Record<'train' | 'val' | 'test', Annotations>>,
): QuestionSplits {
  const names = ['train', 'val', 'test'] as const;
  return {
    ...parts,
    vocabulary: Vocabulary.fromQuestions(parts.train),
    sources: names.map((name) => `${name}: ${parts[name].length} questions from ${files[name].file} (${files[name].release.name})`),
    digests: Object.fromEntries(names.map((name) => [name, files[name].sha256])),
  };
}
