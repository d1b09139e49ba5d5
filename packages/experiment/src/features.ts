import { join, resolve } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { MAX_WORDS, type Question } from '@tass/dataset-music-avqa';
import { planStores, prepareFeatures, type FeaturePlan } from '@tass/encoders';
import { openFeatureStore, type FeatureStore } from '@tass/feature-store';
import { neededFeatures, type NeededFeatures } from './inputs';
import { standardisationOf, type Standardisation } from './standardisation';
import { showProgress, type Progress } from './progress';
import type { QuestionSplits } from './questions';
import type { Experiment } from './schema';

/** Axes and figures that the features fix; those of features that the network does not read stand at 1. */
export interface DataSizes {
  readonly time: number;
  readonly joint: number;
  readonly audioDim: number;
  readonly logitScale: number; // of CLIP
}

export interface OpenFeatures {
  readonly features: FeatureStore | undefined; // undefined: the network reads none
  readonly sizes: DataSizes;
  readonly words: number; // length of the words axis
  readonly sentences: Standardisation | undefined; // of the training part, where sentence embeddings are read
}

const withoutFeatures = (words: number): OpenFeatures => ({
  features: undefined,
  sizes: { time: 1, joint: 1, audioDim: 1, logitScale: 1 },
  words,
  sentences: undefined,
});

/** Room for the words of any question where they are not features: MUSIC-AVQA's own, or more where a dataset has longer ones. */
const longestOf = (questions: readonly Question[]): number =>
  questions.reduce((most, { words }) => Math.max(most, words.length), MAX_WORDS);

/** Makes the features that the network reads, of every video and question, where they are missing. */
export async function makeFeatures(
  experiment: Experiment,
  settings: ProjectSettings,
  datasetRoot: string,
  splits: QuestionSplits,
): Promise<void> {
  const wanted = wantedFeatures(experiment, settings, datasetRoot, splits);
  // Texts too where none are read: the store must not grow, and its digest change, with the next experiment.
  if (wanted) await makeMissing(wanted.plan, wanted.keys, wanted.workers);
}

/**
 * Opens the features that the network reads, after checking that every video and question of the splits has its own.
 * Throws where some are missing; the error names the command that makes them.
 */
export function openFeatures(experiment: Experiment, settings: ProjectSettings, datasetRoot: string, splits: QuestionSplits): OpenFeatures {
  const wanted = wantedFeatures(experiment, settings, datasetRoot, splits);
  const longest = longestOf(questionsOf(splits));
  return wanted ? open(wanted.plan, wanted.keys, neededFeatures(experiment), longest, splits.train) : withoutFeatures(longest);
}

interface WantedFeatures {
  readonly plan: FeaturePlan;
  readonly keys: Keys;
  readonly workers: number;
}

/** Undefined where the network reads none. */
function wantedFeatures(
  experiment: Experiment,
  settings: ProjectSettings,
  datasetRoot: string,
  splits: QuestionSplits,
): WantedFeatures | undefined {
  const needed = neededFeatures(experiment);
  if (!needed.video && !needed.audio && !needed.text) return undefined;
  if (experiment.features === null) {
    throw new Error(
      'experiment: features is null, expected encoders, as model.inputs or model.question.encoder needs them. Write +features=tiny',
    );
  }
  const questions = questionsOf(splits);
  const keys = { videos: [...new Set(questions.map(({ videoId }) => videoId))], texts: textsOf(questions) };
  return { plan: featurePlan(experiment.features, settings, datasetRoot, needed), keys, workers: experiment.features.workers };
}

const questionsOf = ({ train, val, test }: QuestionSplits): Question[] => [...train, ...val, ...test];

export function featurePlan(
  { clip, audio, patches, words, store, segmentSeconds }: NonNullable<Experiment['features']>,
  settings: ProjectSettings,
  datasetRoot: string,
  needed: NeededFeatures,
): FeaturePlan {
  return {
    datasetRoot,
    storeRoot: store ?? join(datasetRoot, 'features'),
    sampling: { choice: 'every', segments: 10, segmentSeconds },
    ...(needed.video || needed.text ? { clip: { folder: resolve(settings.root, clip), patches, words } } : {}),
    ...(needed.audio ? { audio: { folder: resolve(settings.root, audio) } } : {}),
  };
}

interface Keys {
  readonly videos: readonly string[];
  readonly texts: readonly string[];
}

async function makeMissing(plan: FeaturePlan, keys: Keys, workers: number): Promise<void> {
  const started = performance.now();
  const stages = new Map<string, Progress>();
  await prepareFeatures({
    ...plan,
    ...keys,
    workers,
    onProgress({ stage, done, total }) {
      const progress = stages.get(stage) ?? showProgress(`features: ${stage} encoded`, total, process.stderr, started);
      stages.set(stage, progress);
      progress.update(done);
      if (done === total) progress.finish();
    },
  });
}

function open(plan: FeaturePlan, keys: Keys, needed: NeededFeatures, longest: number, train: readonly Question[]): OpenFeatures {
  const features = openStores(plan);
  const fields = [
    ...(needed.video ? ['frame', 'patch'] : []),
    ...(needed.audio ? ['audio'] : []),
    ...(needed.text ? ['sentence', 'words'] : []),
  ];
  for (const field of fields) refuseMissing(features, plan, field, keys);
  const shape = (field: string): readonly number[] => features.describe(field).shape;
  return {
    features,
    sizes: {
      time: needed.video ? shape('frame')[0] : needed.audio ? shape('audio')[0] : 1,
      joint: needed.video || needed.text ? shape('sentence')[0] : 1,
      audioDim: needed.audio ? shape('audio')[1] : 1,
      logitScale: features.logitScale ?? 1,
    },
    words: needed.text ? shape('words')[0] : longest,
    sentences: needed.text ? standardisationOf(features.read('sentence', textsOf(train)), shape('sentence')[0]) : undefined,
  };
}

function openStores(plan: FeaturePlan): FeatureStore {
  try {
    return openFeatureStore(planStores(plan));
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`${message}${message.includes('encoders:prepare') ? `; in full: ${prepareCommand(plan)}` : ''}`, { cause: error });
  }
}

function refuseMissing(features: FeatureStore, plan: FeaturePlan, field: string, { videos, texts }: Keys): void {
  const { key } = features.describe(field);
  const missing = features.missing(field, key === 'video' ? videos : texts);
  if (missing.length === 0) return;
  const some = missing.slice(0, 3).join(', ');
  throw new Error(
    `experiment: ${field} is missing for ${missing.length} of the dataset's ${key}s in the feature store ${plan.storeRoot}, the first: ${some}. ` +
      `Run: ${prepareCommand(plan)}`,
  );
}

/** The command that makes what a plan reads. */
function prepareCommand({ datasetRoot, storeRoot, clip, audio, sampling }: FeaturePlan): string {
  const options = {
    ...{ dataset: datasetRoot, store: storeRoot },
    ...(clip ? { clip: clip.folder, patches: clip.patches, words: clip.words } : {}),
    ...(audio ? { audio: audio.folder } : {}),
    'segment-seconds': sampling?.segmentSeconds ?? 1,
  };
  return `npx nx run encoders:prepare ${Object.entries(options)
    .map(([name, value]) => `--${name}=${value}`)
    .join(' ')}`;
}

const textsOf = (questions: readonly Question[]): string[] => [...new Set(questions.map(({ text }) => text))];
