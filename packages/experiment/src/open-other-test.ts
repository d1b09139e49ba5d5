import { configOf, type ProjectSettings } from '@tass/config';
import { counted } from '@tass/program';
import { datasetRoot, type ExperimentData } from './data';
import { openFeatures } from './features/open-features';
import { wantedFeatures } from './features/wanted-features';
import { readTestFile, withoutSeen, type TestOf } from './further-benchmarks';
import { checkExperiment } from './load-experiment';
import type { ScoredData } from './report';
import type { Experiment } from './schema';

/** The folders of another benchmark's test split. */
export interface OtherTest {
  readonly benchmark: TestOf;
  readonly root?: string; // absent: the project's data folder
  readonly store?: string; // of its features; absent: as for the run
}

/** The inputs of a report, and lines about what was read and left out. */
export interface OpenOtherTest {
  readonly data: ScoredData;
  readonly sources: readonly string[];
}

/**
 * Another benchmark's test split for a run's network: its questions, without those that the run was trained or chosen on, and their
 * features. Uses the run's vocabulary and standardisation of sentences. Throws AnnotationError; the encoders' errors if features are
 * missing or have other sizes than the run's.
 */
export function openOtherTest(experiment: Experiment, own: ExperimentData, asked: OtherTest, settings: ProjectSettings): OpenOtherTest {
  const other = otherExperiment(experiment, asked);
  const folder = datasetRoot(other.dataset, settings);
  const file = readTestFile(folder, asked.benchmark);
  const { questions, furtherTest, remark } = withoutSeen(file, [...own.files.train.questions, ...own.files.val.questions]);
  if (questions.length === 0) throw new Error(`the run was trained or chosen on all questions of ${file.place}`);
  const opened = openFeatures(wantedFeatures(other, settings, folder, questions), other, { ...own, train: questions, val: [], test: [] });
  const ofFeatures = Object.keys(opened.sizes) as (keyof typeof opened.sizes)[]; // words and vocabulary stay the run's
  const [now, then] = [opened.sizes, own.sizes].map((sizes) => JSON.stringify(sizes, ofFeatures));
  if (now !== then) {
    throw new Error(`the features below ${folder} have the sizes ${now}, expected those the run was trained with, ${then}`);
  }
  const test = `test: ${counted(questions.length, 'question')} from ${file.place} (${file.release.name})`;
  return {
    data: {
      ...own,
      ...opened,
      sentences: own.sentences,
      test: questions,
      files: { ...own.files, test: file },
      furtherTest,
    },
    sources: [test, remark, ...file.remarks, ...opened.remarks],
  };
}

function otherExperiment(experiment: Experiment, { benchmark, root, store }: OtherTest): Experiment {
  const features = experiment.features && store !== undefined ? { ...experiment.features, store } : experiment.features;
  const dataset = { ...benchmark, root: root ?? null, holdOut: 0.1, holdOutSeed: 1 }; // no part of it is held out
  return checkExperiment(configOf({ ...experiment, features, dataset }, 'the settings of another test'));
}
