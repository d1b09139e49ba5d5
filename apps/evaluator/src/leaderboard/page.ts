import type { ProjectSettings } from '@tass/config';
import { AnnotationError, findAnnotations, readSplit, type Annotations, type Question } from '@tass/dataset-music-avqa';
import { scoreColumns, type ScoreColumns } from '@tass/evaluation';
import {
  datasetRoot,
  describePresent,
  presentVideos,
  readQuestions,
  type Experiment,
  type IsHere,
  type QuestionSplits,
} from '@tass/experiment';
import { EvaluatorError } from '../evaluator-error';
import type { Entry } from './entries';

/** The questions of a page: all its figures are on them. */
export interface Page {
  readonly name: string; // of the dataset
  readonly isOfficialTest: boolean; // MUSIC-AVQA's, as published figures are on it
  readonly split: 'val' | 'test';
  readonly digest: string; // sha256 of the split's annotation file
  readonly questions: readonly Question[];
  readonly train: readonly Question[]; // what priors are fitted on; empty where there is nothing
  readonly columns: ScoreColumns;
}

/**
 * The questions that a run was trained and scored on, below `root` or where the run had them. Throws EvaluatorError where they are others now,
 * AnnotationError where they are not there.
 */
export function pageOfRun({ record, experiment }: Entry, split: 'val' | 'test', root: string | undefined, settings: ProjectSettings): Page {
  const { dataset } = experiment;
  const folder = root ?? datasetRoot(dataset, settings);
  const { datasets, id } = record.manifest;
  const splits = questionsOf(id, folder, dataset, presentVideos(experiment, settings, folder, record.folder));
  const other = (['train', 'val', 'test'] as const).filter((part) => datasets[part] !== splits.digests[part]);
  if (other.length > 0) {
    const parts = other.map(
      (part) => `${part} (sha256 ${datasets[part]?.slice(0, 12) ?? 'none'} then, ${splits.digests[part].slice(0, 12)} now)`,
    );
    throw new EvaluatorError(
      `${folder} holds other questions than those of run ${id}: ${parts.join(', ')}. Name the folder of its questions: dataset.root=FOLDER`,
    );
  }
  const { kind } = dataset;
  const about =
    kind === 'mini-avqa'
      ? { name: `MiniAVQA, seed ${dataset.seed}`, isOfficialTest: false }
      : aboutRelease(readSplit(folder, split), split);
  const { train, val, test, digests, files } = splits;
  const seen = split === 'test' ? { train, val } : { train };
  const questions = { val, test }[split];
  const part = files[split];
  const name = `${about.name}${describePresent(part)}`;
  const isOfficialTest = about.isOfficialTest && !part.present;
  return { name, isOfficialTest, split, digest: digests[split], questions, train, columns: scoreColumns(questions, seen) };
}

function questionsOf(id: string, folder: string, dataset: Experiment['dataset'], isHere: IsHere | undefined): QuestionSplits {
  try {
    return readQuestions(folder, dataset, isHere);
  } catch (error) {
    if (dataset.kind !== 'mini-avqa' || !(error instanceof AnnotationError)) throw error;
    const makeIt = `npx nx run evaluator:evaluate --run=${id}`;
    throw new EvaluatorError(`${folder} does not hold the embedded world of run ${id} (any more). Make it: ${makeIt}`);
  }
}

/**
 * A split below `root` that no run has to do with. Without a train file val is taken for what was learnt from when test is scored.
 * Throws AnnotationError.
 */
export function pageOfRoot(root: string, split: 'val' | 'test'): Page {
  const scored = readSplit(root, split);
  const part = (name: 'train' | 'val'): readonly Question[] =>
    findAnnotations(root, name) === undefined ? [] : readSplit(root, name).questions;
  const [train, val] = [part('train'), split === 'test' ? part('val') : []];
  const learnt = train.length > 0 ? train : val;
  const { questions, sha256 } = scored;
  return {
    ...aboutRelease(scored, split),
    split,
    digest: sha256,
    questions,
    train: learnt,
    columns: scoreColumns(questions, { train: learnt, val }),
  };
}

function aboutRelease({ release: { kind, name } }: Annotations, split: 'val' | 'test'): Pick<Page, 'name' | 'isOfficialTest'> {
  const names = {
    official: `MUSIC-AVQA, ${name}`,
    embedded: 'MiniAVQA',
    older: name,
    synthetic: name,
    'v2.0': name,
    R: name,
    unknown: `unknown questions, avqa-${split}.json`,
  };
  return { name: names[kind], isOfficialTest: kind === 'official' && split === 'test' };
}

/** 1 for a right answer, 0 for a wrong one [questions]; `answers` are indices in ANSWERS. */
export const markAnswers = (answers: Uint8Array, questions: readonly Question[]): Uint8Array =>
  answers.map((answer, index) => Number(answer === questions[index].answer));
