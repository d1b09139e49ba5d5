import { Vocabulary, holdOut, findAnnotations, readSplit, type Question } from '@tass/dataset-music-avqa';
import { readR, readV2Parts } from './further-benchmarks';
import { PARTS, partFile, type FurtherTest, type Part, type PartFile, type ReadParts } from './parts';
import type { Experiment } from './schema';

/** The questions of an experiment. Videos of `val` that choose the epoch are never trained on; `test` is read once, after the choice. */
export interface QuestionSplits {
  readonly train: readonly Question[];
  readonly val: readonly Question[];
  readonly test: readonly Question[];
  readonly vocabulary: Vocabulary; // the words of `train`
  readonly sources: readonly string[]; // a line for each part: file, release, number of questions; then what is odd about them
  readonly digests: Readonly<Record<string, string>>; // sha256 of each annotation file, by split
  readonly files: Readonly<Record<Part, PartFile>>;
  readonly furtherTest?: FurtherTest; // absent where the test is that of MUSIC-AVQA or of an embedded world
}

/**
 * Reads the annotations below `root`. MUSIC-AVQA without its train file (which is not everyone's to pass on): `holdOut` of val's videos
 * choose the epoch and the rest of val is trained on (ours); likewise v2.0, where train or val may be missing. The embedded world has all three.
 * Throws AnnotationError.
 */
export function readQuestions(root: string, dataset: Experiment['dataset']): QuestionSplits {
  const { parts, files, remarks = [], furtherTest } = readParts(root, dataset);
  const line = (name: Part): string => `${name}: ${parts[name].length} questions from ${files[name].place} (${files[name].release})`;
  return {
    ...parts,
    vocabulary: Vocabulary.fromQuestions(parts.train),
    sources: [...PARTS.map(line), ...remarks],
    digests: Object.fromEntries(PARTS.map((name) => [name, files[name].sha256])),
    files,
    ...(furtherTest ? { furtherTest } : {}),
  };
}

function readParts(root: string, dataset: Experiment['dataset']): ReadParts {
  if (dataset.kind === 'music-avqa-v2') return readV2Parts(root, dataset);
  const val = readSplit(root, 'val');
  const isWhole = dataset.kind === 'mini-avqa' || findAnnotations(root, 'train') !== undefined;
  const train = isWhole ? readSplit(root, 'train') : val;
  const heldOut = isWhole ? undefined : holdOut(val.questions, { share: dataset.holdOut, seed: dataset.holdOutSeed });
  const learnt = { train: heldOut?.kept ?? train.questions, val: heldOut?.heldOut ?? val.questions };
  const files = { train: partFile(train), val: partFile(val) };
  if (dataset.kind === 'music-avqa-r') return readR(root, learnt, files);
  const test = readSplit(root, 'test');
  return { parts: { ...learnt, test: test.questions }, files: { ...files, test: partFile(test) } };
}
