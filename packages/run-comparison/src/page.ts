import type { ProjectSettings } from '@tass/config';
import { AnnotationError, findAnnotations, readSplit, type Question, type Release } from '@tass/dataset-music-avqa';
import { scoreColumns, type ScoreColumns } from '@tass/evaluation';
import {
  changedParts,
  datasetRoot,
  describePresent,
  learntQuestions,
  partFile,
  presentVideos,
  readQuestions,
  readTestFile,
  withoutSeen,
  type Experiment,
  type FurtherTest,
  type IsHere,
  type PartFile,
  type QuestionSplits,
  type TestOf,
} from '@tass/experiment';
import type { PublishedOn } from '@tass/leaderboard';
import { pathFrom, shellWord } from '@tass/program';
import { ComparisonError } from './comparison-error';
import type { Entry } from './entries';

/**
 * The questions that another program's predictions file must answer: those of the page or, if rows serve as ids, all rows of their file.
 */
type Asked = Pick<PartFile, 'questions' | 'identifiedBy' | 'ids'>;

/** The questions of a page: all its figures are on them. */
export interface Page {
  readonly name: string; // of the dataset
  readonly label: string; // a short name of the dataset
  readonly publishedOn: PublishedOn | null; // the name of these questions in published rows; null unless they are a whole known test file
  readonly split: 'val' | 'test';
  readonly digest: string; // sha256 of the split's annotation file
  readonly questions: readonly Question[];
  readonly asked: Asked;
  readonly train: readonly Question[]; // questions for fitting priors; may be empty
  readonly trained: number; // questions per training epoch of the page's runs; 0 without a run
  readonly columns: ScoreColumns;
}

/** The questions of runs. */
export interface RunPage extends Page {
  readonly seen: readonly Question[]; // what its runs were trained or chosen on
}

/**
 * The questions that a run was trained and scored on, below `root` or in the run's own folder. Throws ComparisonError if they have changed,
 * AnnotationError if they are missing.
 */
export function pageOfRun(
  { record, experiment }: Entry,
  split: 'val' | 'test',
  root: string | undefined,
  settings: ProjectSettings,
): RunPage {
  const { dataset } = experiment;
  const folder = root === undefined ? datasetRoot(dataset, settings) : pathFrom(settings.root, root, 'dataset.root');
  const { datasets, id } = record.manifest;
  const splits = questionsOf(id, folder, dataset, presentVideos(experiment, settings, folder, record.folder));
  const changed = changedParts(datasets, splits.digests);
  if (changed.length > 0)
    throw new ComparisonError(
      `${folder} has other questions than run ${id}: ${changed.join(', ')}. Name the folder of its questions: dataset.root=FOLDER`,
    );
  const { train, val, digests, files, furtherTest } = splits;
  const seen = split === 'test' ? { train, val } : { train };
  const questions = splits[split];
  return {
    ...aboutPresent(aboutSplit(splits, dataset, split), files[split]),
    ...{ split, digest: digests[split], questions, asked: askedOf(files[split], questions) },
    train: split === 'test' && furtherTest ? learntQuestions(splits) : train,
    trained: train.length,
    seen: [...train, ...val],
    columns: scoreColumns(questions, seen),
  };
}

const askedOf = ({ identifiedBy, ids, ...file }: PartFile, questions: readonly Question[]): Asked => ({
  ...{ identifiedBy, ids, questions: identifiedBy === 'position' ? (file.all ?? file.questions) : questions },
});

type About = Pick<Page, 'name' | 'label' | 'publishedOn'>;

function aboutSplit({ files, furtherTest }: QuestionSplits, dataset: Experiment['dataset'], split: 'val' | 'test'): About {
  if (dataset.kind === 'mini-avqa') return { name: `MiniAVQA, seed ${dataset.seed}`, label: 'MiniAVQA', publishedOn: null };
  if (furtherTest && split === 'test') return aboutFurther(furtherTest, files.test);
  return aboutRelease(files[split].release, split);
}

const aboutPresent = ({ name, label, publishedOn }: About, file: PartFile): About => ({
  label,
  name: `${name}${describePresent(file)}`,
  publishedOn: file.present ? null : publishedOn,
});

export const aboutFurther = (test: FurtherTest, { release }: PartFile): About => ({
  name: nameOf(test),
  label: labelOf(test.name),
  publishedOn: test.leftOut === 0 ? publishedOn(release) : null,
});

/** `MUSIC-AVQA v2.0, bias` as `v2.0, bias`, MUSIC-AVQA-R as `R`. */
const labelOf = (name: string): string => name.replace(/^MUSIC-AVQA[ -]/, '');

const nameOf = ({ name, leftOut }: FurtherTest): string =>
  leftOut === 0 ? name : `${name} (without ${leftOut} questions that the methods were trained or chosen on)`;

function questionsOf(id: string, folder: string, dataset: Experiment['dataset'], isHere: IsHere | undefined): QuestionSplits {
  try {
    return readQuestions(folder, dataset, isHere);
  } catch (error) {
    if (dataset.kind !== 'mini-avqa' || !(error instanceof AnnotationError)) throw error;
    const makeIt = `npx nx run evaluator:evaluate ${shellWord(`--run=${id}`)}`;
    throw new ComparisonError(`${folder} does not contain the embedded world of run ${id}. Make it: ${makeIt}`);
  }
}

/**
 * A split of MUSIC-AVQA below `root`, without a run. If there is no train file and test is scored, val counts as the training data. Throws
 * AnnotationError.
 */
export function pageOfRoot(root: string, split: 'val' | 'test'): Page {
  const scored = partFile(readSplit(root, split));
  const part = (name: 'train' | 'val'): readonly Question[] =>
    findAnnotations(root, name) === undefined ? [] : readSplit(root, name).questions;
  const [train, val] = [part('train'), split === 'test' ? part('val') : []];
  const learnt = train.length > 0 ? train : val;
  return pageOfFile(aboutRelease(scored.release, split), split, scored, scored.questions, learnt, val);
}

/**
 * The test split of a benchmark below `root`, without the questions in `seen`, on which a method was trained or chosen. `remarks` has their
 * number and irregularities. Throws AnnotationError; ComparisonError if no question is left.
 */
export function pageOfTest(
  root: string,
  benchmark: TestOf,
  seen: readonly Question[],
): { readonly page: Page; readonly remarks: readonly string[] } {
  const file = readTestFile(root, benchmark);
  const { questions, furtherTest, remark } = withoutSeen(file, seen);
  if (questions.length === 0)
    throw new ComparisonError(`${file.place}: the method was trained or chosen on all of its questions, none is left to score`);
  return { page: pageOfFile(aboutFurther(furtherTest, file), 'test', file, questions, seen, []), remarks: [remark, ...file.remarks] };
}

const pageOfFile = (
  about: About,
  split: 'val' | 'test',
  file: PartFile,
  questions: readonly Question[],
  train: readonly Question[],
  val: readonly Question[],
): Page => ({
  ...about,
  split,
  digest: file.sha256,
  questions,
  asked: file,
  train,
  trained: 0,
  columns: scoreColumns(questions, { train, val }),
});

function aboutRelease(release: Release, split: 'val' | 'test'): About {
  const { kind, name } = release;
  const names = {
    official: `MUSIC-AVQA, ${name}`,
    embedded: 'MiniAVQA',
    older: name,
    synthetic: name,
    'v2.0': name,
    R: name,
    unknown: `unknown questions, avqa-${split}.json`,
  };
  const label = kind === 'embedded' ? 'MiniAVQA' : kind === 'unknown' ? `avqa-${split}.json` : 'MUSIC-AVQA';
  return { name: names[kind], label, publishedOn: split === 'test' ? publishedOn(release) : null };
}

/** The name of a release's test split in published rows. */
function publishedOn({ kind, name, split }: Release): PublishedOn | null {
  if (kind === 'official' || kind === 'older') return { dataset: 'MUSIC-AVQA', questions: name };
  if (kind === 'v2.0') return { dataset: 'MUSIC-AVQA v2.0', questions: `${split}.json` };
  return kind === 'R' ? { dataset: 'MUSIC-AVQA-R', questions: 'head and tail' } : null;
}

/** 1 for a right answer, 0 for a wrong one [questions]; `answers` are indices in ANSWERS. */
export const markAnswers = (answers: Uint8Array, questions: readonly Question[]): Uint8Array =>
  answers.map((answer, index) => Number(answer === questions[index].answer));
