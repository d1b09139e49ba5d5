import {
  findV2,
  holdOut,
  readFortis,
  readRephrased,
  readSplit,
  readV2,
  withoutOwnRows,
  type Question,
  type Repetitions,
} from '@tass/dataset-music-avqa';
import { counted } from '@tass/program';
import { partFile, type DividedParts, type FurtherTest, type PartFile, type PartFiles, type ReadParts } from './parts';
import type { Experiment } from './schema';

type Dataset = Experiment['dataset'];
type V2 = Extract<Dataset, { kind: 'music-avqa-v2' }>;
type Learnt<Of> = Readonly<Record<'train' | 'val', Of>>;

/**
 * A version of MUSIC-AVQA v2.0. The official repository has no val file and QA-TIGER's train file is large, so one of the two is enough: a
 * share `holdOut` of its videos chooses the epoch, and the rest is for training (ours). Questions of val are removed from train, because
 * the official train file contains them. Throws AnnotationError.
 */
export function readV2Parts(root: string, dataset: V2): ReadParts {
  const { version } = dataset;
  const isThere = (part: 'train' | 'val'): boolean => findV2(root, version, part) !== undefined;
  const train = isThere('train') ? readV2(root, version, 'train') : undefined;
  const val = isThere('val') || !train ? readV2(root, version, 'val') : train;
  const test = readTestFile(root, dataset);
  return {
    files: { train: partFile(train ?? val), val: partFile(val), test },
    divide(files) {
      const { learnt, remarks } = learntFrom(files, dataset);
      return withFurtherTest(test, learnt, files, remarks);
    },
  };
}

/** MUSIC-AVQA-R and FortisAVQA: MUSIC-AVQA's train and val, the rephrased test. Throws AnnotationError. */
export function readRephrasedParts(root: string, kind: Rephrased, { files, divide }: ReadLearnt): ReadParts {
  const test = readTestFile(root, { kind });
  return { files: { ...files, test }, divide: (some) => withFurtherTest(test, divide(some), some, []) };
}

/** MUSIC-AVQA's train and val. */
export interface ReadLearnt {
  readonly files: Learnt<PartFile>;
  readonly divide: (files: Learnt<PartFile>) => Learnt<readonly Question[]>;
}

/** The whole test split of a benchmark of real videos. */
export interface TestFile extends PartFile {
  readonly name: string; // of the benchmark
  readonly remarks: readonly string[];
}

/** Selects a benchmark's test split. */
export type TestOf = Pick<V2, 'kind' | 'version'> | { readonly kind: 'music-avqa' | Rephrased };

/** Benchmarks whose test has rephrased questions of MUSIC-AVQA's test, head and tail; how they are called and read. */
const REPHRASED = {
  'music-avqa-r': { name: 'MUSIC-AVQA-R', read: readRephrased },
  'fortis-avqa': { name: 'FortisAVQA', read: readFortis },
} as const;
type Rephrased = keyof typeof REPHRASED;

/** Whether the test of a dataset has rephrased questions. */
export const isRephrased = (kind: Dataset['kind']): kind is Rephrased => kind in REPHRASED;

/** The benchmarks' tests, in the order in which they are shown. */
const TESTS: readonly TestOf[] = [
  { kind: 'music-avqa' },
  { kind: 'music-avqa-r' },
  { kind: 'fortis-avqa' },
  { kind: 'music-avqa-v2', version: 'balance' },
  { kind: 'music-avqa-v2', version: 'bias' },
];

/** `music-avqa-v2-balance`: a test in the names of files and on the command line. */
export const nameOfTest = (test: TestOf): string => (test.kind === 'music-avqa-v2' ? `${test.kind}-${test.version}` : test.kind);

/** Every test by its name. */
export const testsByName: ReadonlyMap<string, TestOf> = new Map(TESTS.map((test) => [nameOfTest(test), test]));

/** Reads the test of a benchmark. Throws AnnotationError. */
export function readTestFile(root: string, dataset: TestOf): TestFile {
  if (isRephrased(dataset.kind)) {
    const benchmark = REPHRASED[dataset.kind];
    const { files, questions, release, sha256, ids, repetitions, doubts } = benchmark.read(root);
    const file: PartFile = { place: files.join(' and '), release, questions, identifiedBy: 'position', ids, sha256 };
    return { ...file, name: benchmark.name, remarks: [...doubts, ...describeRepetitions(repetitions)] };
  }
  const isV2 = dataset.kind === 'music-avqa-v2';
  const read = isV2 ? readV2(root, dataset.version, 'test') : readSplit(root, 'test');
  const name = isV2 ? `MUSIC-AVQA v2.0, ${dataset.version}` : 'MUSIC-AVQA';
  return { ...partFile(read), name, remarks: describeRepetitions(read.repetitions) };
}

/** A test without the questions that a model was trained or chosen on. */
export interface ScoredTest {
  readonly questions: readonly Question[];
  readonly furtherTest: FurtherTest;
  readonly remark: string; // how many were left out
}

export function withoutSeen({ questions, name }: Pick<TestFile, 'questions' | 'name'>, seen: readonly Question[]): ScoredTest {
  const { kept, leftOut, otherAnswer } = withoutOwnRows(questions, seen);
  const remark = `test: ${leftOut} of ${questions.length} questions are left out, as the model was trained or chosen on them`;
  return {
    questions: kept,
    furtherTest: { name, leftOut },
    remark: otherAnswer === 0 ? remark : `${remark}; scored, as it learnt another answer to them: ${otherAnswer}`,
  };
}

interface Learning {
  readonly learnt: Learnt<readonly Question[]>;
  readonly remarks: readonly string[];
}

function learntFrom({ train, val }: Learnt<PartFile>, { holdOut: share, holdOutSeed: seed }: V2): Learning {
  if (train.place === val.place) {
    const { kept, heldOut } = holdOut(val.questions, { share, seed });
    return { learnt: { train: kept, val: heldOut }, remarks: [] };
  }
  const { kept, leftOut } = withoutOwnRows(train.questions, val.questions);
  const remarks =
    leftOut === 0 ? [] : [`train: without ${counted(leftOut, 'question')} of ${train.place} that ${leftOut === 1 ? 'is' : 'are'} in val`];
  return { learnt: { train: kept, val: val.questions }, remarks };
}

function withFurtherTest(
  { name, remarks: ofTest }: TestFile,
  learnt: Learnt<readonly Question[]>,
  { train, val, test }: PartFiles,
  remarks: readonly string[],
): DividedParts {
  const { questions, furtherTest, remark } = withoutSeen({ questions: test.questions, name }, [...train.questions, ...val.questions]);
  return {
    parts: { ...learnt, test: questions },
    remarks: [...remarks, remark, ...ofTest],
    furtherTest,
  };
}

function describeRepetitions({ rows, contradictions }: Repetitions): string[] {
  if (rows === 0 && contradictions === 0) return [];
  return [`test: rows that repeat an earlier one: ${rows}; questions with several answers: ${contradictions}; all are scored`];
}
