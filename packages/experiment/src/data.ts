import { ANSWERS, planBatches, type BatchPlan, type Question } from '@tass/dataset-music-avqa';
import type { ProjectSettings } from '@tass/config';
import type { FeatureStore } from '@tass/feature-store';
import { waitForMaker } from '@tass/files';
import { pathFrom } from '@tass/program';
import type { DataSizes } from '@tass/network';
import { say } from '@tass/progress';
import type { Random } from '@tass/tensor';
import { embeddedWorldRoot, hasQuestions, makeEmbeddedWorld, mendWorldTruth, type EmbeddedWorld } from './embedded-world';
import { makeFeatures } from './features/make-features';
import { openFeatures, openWhole, type OpenFeatures } from './features/open-features';
import { makeMedia, type MakeHow } from './features/make-media';
import { presentVideos } from './features/present-videos';
import { wantedFeatures, type WantedFeatures } from './features/wanted-features';
import type { BatchSource } from './load-batch';
import { neededFeatures } from './networks';
import { readAllQuestions, readQuestions, type QuestionSplits } from './questions';
import type { Experiment } from './schema';

/** Everything an experiment reads. */
export interface ExperimentData extends QuestionSplits, Omit<OpenFeatures, 'sizes'>, BatchSource {
  readonly sizes: DataSizes;
}

/** The inputs of an experiment, determined once by a command and passed to the functions that make or open them. */
interface Asked {
  readonly splits: QuestionSplits;
  readonly wanted: WantedFeatures | undefined; // undefined: the network reads no features
}

/**
 * Makes the embedded world and its features if they are missing, then opens the experiment's data. Reads questions once, and opens stores
 * once, or again after making something. `run`: the folder of an existing run, which keeps its list of videos. Throws the errors of the
 * dataset, the world and the encoders, and the signal's reason; incomplete data never count as complete.
 */
export async function prepareData(
  experiment: Experiment,
  settings: ProjectSettings,
  { run, signal }: { readonly run?: string; readonly signal?: AbortSignal } = {},
): Promise<ExperimentData> {
  const { dataset } = experiment;
  if (dataset.kind !== 'mini-avqa') return open(experiment, ask(experiment, settings, run));
  const isBegun = await hasQuestions(dataset, settings);
  if (!isBegun) await makeWorld(dataset, settings, signal);
  await mendWorldTruth(dataset, settings);
  const asked = ask(experiment, settings, run);
  const { wanted } = asked;
  const whole = wanted && openWhole(wanted);
  if (wanted && !whole) {
    if (isBegun) await makeWorld(dataset, settings, signal); // its videos, from which features are made
    await encode(wanted, { signal });
  }
  return open(experiment, asked, whole);
}

/**
 * Makes all inputs of an experiment: the embedded world, or frames and sound of a real dataset; then the features. Existing parts are kept,
 * and unusable videos do not stop the rest. Returns the wanted features; undefined if the network reads none. Throws WorldError, the errors of media and encoders, the signal's reason.
 */
export async function makeData(experiment: Experiment, settings: ProjectSettings, how: MakeHow = {}): Promise<WantedFeatures | undefined> {
  const { dataset } = experiment;
  if (dataset.kind === 'mini-avqa') await makeWorld(dataset, settings, how.signal);
  const wanted = readWanted(experiment, settings);
  if (!wanted) return undefined;
  await makeMedia(wanted, dataset, how);
  await encode(wanted, how);
  return wanted;
}

const makeWorld = (world: EmbeddedWorld, settings: ProjectSettings, signal?: AbortSignal): Promise<void> =>
  waitForMaker(() => makeEmbeddedWorld(world, settings, signal), { say, signal });

const encode = (wanted: WantedFeatures, how: MakeHow): Promise<void> =>
  waitForMaker(() => makeFeatures(wanted, how), { say, signal: how.signal });

/**
 * The features that an experiment reads, for all videos and questions of its dataset or, with `present`, for those that are available.
 * Throws AnnotationError.
 */
export function readWanted(experiment: Experiment, settings: ProjectSettings): WantedFeatures | undefined {
  const root = datasetRoot(experiment.dataset, settings);
  const questions = readAllQuestions(root, experiment.dataset, presentVideos(experiment, settings, root));
  return wantedFeatures(experiment, settings, root, questions);
}

/** Reads the questions and opens the features; makes nothing. Throws if something is missing, with the command that makes it. */
export const openData = (experiment: Experiment, settings: ProjectSettings): ExperimentData => open(experiment, ask(experiment, settings));

function ask(experiment: Experiment, settings: ProjectSettings, run?: string): Asked {
  const root = datasetRoot(experiment.dataset, settings);
  const splits = readQuestions(root, experiment.dataset, presentVideos(experiment, settings, root, run));
  const { train, val, test } = splits;
  return { splits, wanted: wantedFeatures(experiment, settings, root, [...train, ...val, ...test]) };
}

function open(experiment: Experiment, { splits, wanted }: Asked, whole?: FeatureStore): ExperimentData {
  const opened = openFeatures(wanted, experiment, splits, whole);
  const sizes = { ...opened.sizes, words: opened.words, vocabulary: splits.vocabulary.size, answers: ANSWERS.length };
  return { ...splits, needed: neededFeatures(experiment), ...opened, sizes };
}

/** sha256 by part: each annotation file, and `features` if the network reads any. A run's manifest stores them. */
export function dataDigests({ digests, features }: Pick<ExperimentData, 'digests' | 'features'>): Readonly<Record<string, string>> {
  return { ...digests, ...(features ? { features: features.digest } : {}) };
}

export function datasetRoot(dataset: Experiment['dataset'], settings: ProjectSettings): string {
  if (dataset.kind === 'mini-avqa') return embeddedWorldRoot(dataset, settings);
  return dataset.root === null ? settings.data : pathFrom(settings.root, dataset.root, 'dataset.root');
}

/** A training epoch: every question once, in the order that `random` draws. */
export function trainingPlan({ train }: QuestionSplits, { batch }: Experiment, random: Random): BatchPlan {
  return planBatches(train, { questionsPerBatch: batch.questions, questionsPerVideo: batch.perVideo, random });
}

/**
 * Scoring: every question once, in a fixed order, with a video's questions together, because an answer does not depend on the rest of its
 * batch.
 */
export function scoringPlan(questions: readonly Question[]): BatchPlan {
  return planBatches(questions, { questionsPerBatch: 256, questionsPerVideo: 8, videosPerBatch: 64 });
}
