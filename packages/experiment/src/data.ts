import { planBatches, type BatchPlan, type Question } from '@tass/dataset-music-avqa';
import type { ProjectSettings } from '@tass/config';
import { waitForMaker } from '@tass/files';
import { say } from '@tass/progress';
import type { Random } from '@tass/tensor';
import { embeddedWorldRoot, hasQuestions, makeEmbeddedWorld } from './embedded-world';
import { makeFeatures } from './features/make-features';
import { areMade, openFeatures, type OpenFeatures } from './features/open-features';
import { makeMedia } from './features/make-media';
import { presentVideos } from './features/present-videos';
import { wantedFeatures, type WantedFeatures } from './features/wanted-features';
import { neededFeatures } from './inputs';
import type { BatchSource } from './load-batch';
import { readAllQuestions, readQuestions, type QuestionSplits } from './questions';
import type { Experiment } from './schema';

/** Everything an experiment reads. */
export interface ExperimentData extends QuestionSplits, OpenFeatures, BatchSource {}

/**
 * Makes what can be made (the embedded world and its features, where they are not there yet), reads the questions and opens the features.
 * `run`: the folder of a run that was begun, which is about the videos that were here then.
 * Throws the dataset's, the world's and the encoders' errors; nothing half-made is taken for whole.
 */
export async function prepareData(experiment: Experiment, settings: ProjectSettings, run?: string): Promise<ExperimentData> {
  const read = await readyQuestions(experiment, settings, run);
  if (!read) await makeData(experiment, settings);
  return openData(experiment, settings, read);
}

/**
 * The questions of a dataset all of whose features are made, so that its videos need not be looked at. Undefined where something is to be made
 * first.
 */
async function readyQuestions(experiment: Experiment, settings: ProjectSettings, run?: string): Promise<QuestionSplits | undefined> {
  const { dataset } = experiment;
  if (dataset.kind === 'mini-avqa' && !(await hasQuestions(dataset, settings))) return undefined;
  const root = datasetRoot(dataset, settings);
  const read = splitQuestions(experiment, settings, run);
  const wanted = wantedFeatures(experiment, settings, root, askedIn(read));
  return dataset.kind !== 'mini-avqa' || !wanted || areMade(wanted) ? read : undefined;
}

/**
 * Makes the embedded world and its features where they are not there yet, or waits for another process that does. Of a real dataset frames,
 * sound and features are made only with `extract`, as that takes hours. Videos that cannot be used do not stop the rest.
 * `refresh`: frames and sound that were extracted from another version of a video are extracted again.
 * Throws WorldError, the errors of media and encoders, the signal's reason.
 */
export async function makeData(
  experiment: Experiment,
  settings: ProjectSettings,
  { extract = false, ...how }: { readonly extract?: boolean; readonly refresh?: boolean; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const { dataset } = experiment;
  if (dataset.kind === 'mini-avqa') await waitForMaker(() => makeEmbeddedWorld(dataset, settings), { say });
  else if (!extract) return;
  const wanted = readWanted(experiment, settings);
  if (!wanted) return;
  await makeMedia(wanted, dataset, how);
  await waitForMaker(() => makeFeatures(wanted, how.signal), { say });
}

/** The features that an experiment reads, of all videos and questions of its dataset, or with `present` of those that are here. Throws AnnotationError. */
export function readWanted(experiment: Experiment, settings: ProjectSettings): WantedFeatures | undefined {
  const root = datasetRoot(experiment.dataset, settings);
  const questions = readAllQuestions(root, experiment.dataset, presentVideos(experiment, settings, root));
  return wantedFeatures(experiment, settings, root, questions);
}

/** The questions of an experiment, divided; those of a `run` that was begun, where it is about the videos that were here then. */
function splitQuestions(experiment: Experiment, settings: ProjectSettings, run?: string): QuestionSplits {
  const root = datasetRoot(experiment.dataset, settings);
  return readQuestions(root, experiment.dataset, presentVideos(experiment, settings, root, run));
}

const askedIn = ({ train, val, test }: QuestionSplits): readonly Question[] => [...train, ...val, ...test];

/** Reads the questions and opens the features; makes nothing. Throws where something is missing, with the command that makes it. */
export function openData(experiment: Experiment, settings: ProjectSettings, splits = splitQuestions(experiment, settings)): ExperimentData {
  const root = datasetRoot(experiment.dataset, settings);
  const wanted = wantedFeatures(experiment, settings, root, askedIn(splits));
  return { ...splits, needed: neededFeatures(experiment), ...openFeatures(wanted, experiment, splits) };
}

/** sha256 by part: each annotation file, and `features` where the network reads any. A run's manifest holds the same. */
export function dataDigests({ digests, features }: Pick<ExperimentData, 'digests' | 'features'>): Readonly<Record<string, string>> {
  return { ...digests, ...(features ? { features: features.digest } : {}) };
}

export function datasetRoot(dataset: Experiment['dataset'], settings: ProjectSettings): string {
  if (dataset.kind === 'mini-avqa') return embeddedWorldRoot(dataset, settings);
  return dataset.root ?? settings.data;
}

/** A training epoch: every question once, in the order that `random` draws. */
export function trainingPlan({ train }: QuestionSplits, { batch }: Experiment, random: Random): BatchPlan {
  return planBatches(train, { questionsPerBatch: batch.questions, questionsPerVideo: batch.perVideo, random });
}

/** Scoring: every question once, in a fixed order; those of a video together, as an answer does not depend on the rest of its batch. */
export function scoringPlan(questions: readonly Question[]): BatchPlan {
  return planBatches(questions, { questionsPerBatch: 256, questionsPerVideo: 8, videosPerBatch: 64 });
}
