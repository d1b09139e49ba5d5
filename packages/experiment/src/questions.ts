import { Vocabulary, holdOut, findAnnotations, readSplit, type Question } from '@tass/dataset-music-avqa';
import { counted } from '@tass/program';
import { overlapRemarks } from './overlap-remarks';
import { isRephrased, readRephrasedParts, readV2Parts, type ReadLearnt } from './further-benchmarks';
import { PARTS, partFile, type FurtherTest, type Part, type PartFiles, type ReadParts } from './parts';
import { describePresent, presentFiles, type IsHere } from './present-questions';
import type { Experiment } from './schema';

/**
 * The questions of an experiment. Videos of `val` that choose the epoch are never used for training; `test` is read once, after the choice.
 */
export interface QuestionSplits {
  readonly train: readonly Question[];
  readonly val: readonly Question[];
  readonly test: readonly Question[];
  readonly vocabulary: Vocabulary; // the words of `train`
  readonly sources: readonly string[]; // a line for each part: file, release, number of questions; then lines about irregularities
  readonly digests: Readonly<Record<string, string>>; // sha256 of each annotation file, by split
  readonly files: PartFiles;
  readonly furtherTest?: FurtherTest; // absent if the test split is that of MUSIC-AVQA or of an embedded world
}

/**
 * Reads the annotations below `root`. Without MUSIC-AVQA's train file, a share `holdOut` of val's videos chooses the epoch, and the rest of
 * val is for training (ours); likewise for v2.0, whose train or val file may be missing. The embedded world has all three. `isHere` selects
 * videos if `dataset.questions` is `present`; without it, all are used. Throws AnnotationError; RangeError if too few videos are left to
 * hold some out.
 */
export function readQuestions(root: string, dataset: Experiment['dataset'], isHere?: IsHere): QuestionSplits {
  const { files: whole, divide } = readParts(root, dataset);
  const files = isHere === undefined ? whole : presentFiles(whole, isHere);
  const { parts, remarks = [], furtherTest } = divide(files);
  const line = (name: Part): string =>
    `${name}: ${counted(parts[name].length, 'question')} from ${files[name].place} (${files[name].release.name})${describePresent(files[name])}`;
  return {
    ...parts,
    vocabulary: Vocabulary.fromQuestions(parts.train),
    sources: [...PARTS.map(line), ...remarks],
    digests: Object.fromEntries(PARTS.map((name) => [name, files[name].sha256])),
    files,
    ...(furtherTest ? { furtherTest } : {}),
  };
}

/** The questions of all annotation files of a dataset, undivided. Throws AnnotationError. */
export function readAllQuestions(root: string, dataset: Experiment['dataset'], isHere: IsHere = () => true): Question[] {
  const { train, val, test } = readParts(root, dataset).files;
  const files = train.place === val.place ? [val, test] : [train, val, test];
  return files.flatMap(({ questions }) => questions.filter(({ videoId }) => isHere(videoId)));
}

function readParts(root: string, dataset: Experiment['dataset']): ReadParts {
  if (dataset.kind === 'music-avqa-v2') return readV2Parts(root, dataset);
  const val = readSplit(root, 'val');
  const isWhole = dataset.kind === 'mini-avqa' || findAnnotations(root, 'train') !== undefined;
  const files = { train: partFile(isWhole ? readSplit(root, 'train') : val), val: partFile(val) };
  const divideLearnt: ReadLearnt['divide'] = ({ train, val }) => {
    if (isWhole) return { train: train.questions, val: val.questions };
    const { kept, heldOut } = holdOut(val.questions, { share: dataset.holdOut, seed: dataset.holdOutSeed });
    return { train: kept, val: heldOut };
  };
  if (isRephrased(dataset.kind)) return readRephrasedParts(root, dataset.kind, { files, divide: divideLearnt });
  return {
    files: { ...files, test: partFile(readSplit(root, 'test')) },
    divide(some) {
      const parts = { ...divideLearnt(some), test: some.test.questions };
      return { parts, remarks: overlapRemarks(parts, some) };
    },
  };
}

/** All questions used in training, for learning or for choosing the epoch; if both come from one file, in its order. */
export function learntQuestions({ train, val, files }: Pick<QuestionSplits, 'train' | 'val' | 'files'>): readonly Question[] {
  if (files.train.place !== files.val.place) return [...train, ...val];
  const used = new Set([...train, ...val]);
  return files.val.questions.filter((question) => used.has(question));
}
