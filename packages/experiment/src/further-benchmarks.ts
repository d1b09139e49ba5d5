import { findV2, holdOut, readRephrased, readV2, withoutOwnRows, type Question, type Repetitions } from '@tass/dataset-music-avqa';
import { partFile, type DividedParts, type PartFile, type PartFiles, type ReadParts } from './parts';
import type { Experiment } from './schema';

type V2 = Extract<Experiment['dataset'], { kind: 'music-avqa-v2' }>;
type Learnt<Of> = Readonly<Record<'train' | 'val', Of>>;

/**
 * A version of MUSIC-AVQA v2.0. The official repository has no val file and QA-TIGER's train file is large, so one of the two is enough:
 * `holdOut` of its videos choose the epoch, the rest is trained on (ours). Questions of val are taken out of train, as the official train
 * file holds them. Throws AnnotationError.
 */
export function readV2Parts(root: string, dataset: V2): ReadParts {
  const { version } = dataset;
  const isThere = (part: 'train' | 'val'): boolean => findV2(root, version, part) !== undefined;
  const train = isThere('train') ? readV2(root, version, 'train') : undefined;
  const val = isThere('val') || !train ? readV2(root, version, 'val') : train;
  const test = readV2(root, version, 'test');
  return {
    files: { train: partFile(train ?? val), val: partFile(val), test: partFile(test) },
    divide(files) {
      const { learnt, remarks } = learntFrom(files, dataset);
      return furtherTest(`MUSIC-AVQA v2.0, ${version}`, learnt, files, test.repetitions, remarks);
    },
  };
}

/** MUSIC-AVQA-R: MUSIC-AVQA's train and val, the rephrased test. Throws AnnotationError. */
export function readR(root: string, { files, divide }: ReadLearnt): ReadParts {
  const { files: places, questions, name, sha256, ids, repetitions, doubts } = readRephrased(root);
  const test: PartFile = { place: places.join(' and '), release: name, questions, identifiedBy: 'position', ids, sha256 };
  return {
    files: { ...files, test },
    divide: (some) => furtherTest('MUSIC-AVQA-R', divide(some), some, repetitions, doubts),
  };
}

/** MUSIC-AVQA's train and val. */
export interface ReadLearnt {
  readonly files: Learnt<PartFile>;
  readonly divide: (files: Learnt<PartFile>) => Learnt<readonly Question[]>;
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
  const remarks = leftOut === 0 ? [] : [`train: without ${leftOut} questions of ${train.place} that are in val`];
  return { learnt: { train: kept, val: val.questions }, remarks };
}

function furtherTest(
  name: string,
  { train, val }: Learnt<readonly Question[]>,
  files: PartFiles,
  repetitions: Repetitions,
  remarks: readonly string[],
): DividedParts {
  const { test } = files;
  const { kept, leftOut, otherAnswer } = withoutOwnRows(test.questions, [...files.train.questions, ...files.val.questions]);
  const own = `test: ${leftOut} of ${test.questions.length} questions are left out, as train or val holds them with the same answer`;
  return {
    parts: { train, val, test: kept },
    remarks: [
      ...remarks,
      otherAnswer === 0 ? own : `${own}; scored, as its answer there is another: ${otherAnswer}`,
      ...describeRepetitions(repetitions),
    ],
    furtherTest: { name, leftOut },
  };
}

function describeRepetitions({ rows, contradictions }: Repetitions): string[] {
  if (rows === 0 && contradictions === 0) return [];
  return [`test: rows that repeat an earlier one: ${rows}; questions with several answers: ${contradictions}; all are scored`];
}
