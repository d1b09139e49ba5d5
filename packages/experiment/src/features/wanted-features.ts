import { join } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import type { Question } from '@tass/dataset-music-avqa';
import { type FeaturePlan, localModel, planStores } from '@tass/encoders';
import type { StorePart } from '@tass/feature-store';
import type { NeededFeatures } from '@tass/network';
import { expandHome, pathFrom } from '@tass/program';
import { isRephrased } from '../further-benchmarks';
import { neededFeatures } from '../networks';
import type { Experiment } from '../schema';
import { featuresCommand } from './features-command';

export type FeaturesConfig = NonNullable<Experiment['features']>;

/** The features that an experiment reads: those made by encoders, those imported, and their videos and texts. */
export interface WantedFeatures {
  readonly experiment: Experiment;
  readonly settings: ProjectSettings;
  readonly config: FeaturesConfig;
  readonly needed: NeededFeatures;
  readonly plan: FeaturePlan; // of the encoders
  readonly videos: readonly string[];
  readonly texts: readonly string[];
}

/** Undefined if the network reads none. Throws if it reads some and the experiment names no encoders. */
export function wantedFeatures(
  experiment: Experiment,
  settings: ProjectSettings,
  datasetRoot: string,
  questions: readonly Question[],
): WantedFeatures | undefined {
  const needed = neededFeatures(experiment);
  if (!needed.video && !needed.audio && !needed.text) return undefined;
  if (experiment.features === null) {
    throw new Error('features is null, expected encoders, as this network reads features (model.*). Write +features=tiny');
  }
  if (needed.audioPatches && experiment.features.importedAudio === null) {
    throw new Error(
      `model.network is ${experiment.model.network}, which reads patches of sound. No encoder here makes them: import them (features:import --as=audio ` +
        '--from=FOLDER --patches=FOLDER --name=NAME) and set features.importedAudio=NAME',
    );
  }
  return {
    ...{ experiment, settings },
    config: experiment.features,
    needed,
    plan: { ...featurePlan(experiment.features, settings, datasetRoot, needed), ...ofBenchmark(experiment, settings, datasetRoot) },
    videos: [...new Set(questions.map(({ videoId }) => videoId))],
    texts: textsOf(questions),
  };
}

const wordsOfRephrased = 32; // rephrased questions are longer

/** v2.0, R and FortisAVQA share a root with MUSIC-AVQA but have their own stores, because a store must not grow with the next benchmark. */
function ofBenchmark(
  { dataset, features }: Experiment,
  settings: ProjectSettings,
  datasetRoot: string,
): Partial<Pick<FeaturePlan, 'storeRoot' | 'words'>> {
  if (dataset.kind === 'mini-avqa' || dataset.kind === 'music-avqa') return {};
  const name = dataset.kind === 'music-avqa-v2' ? `features-${dataset.kind}-${dataset.version}` : `features-${dataset.kind}`;
  return {
    storeRoot: storeRootOf(features?.store, settings, datasetRoot, name),
    ...(isRephrased(dataset.kind) ? { words: wordsOfRephrased } : {}),
  };
}

const storeRootOf = (store: string | null | undefined, { root }: ProjectSettings, datasetRoot: string, name: string): string =>
  store === null || store === undefined ? join(datasetRoot, name) : pathFrom(root, store, 'features.store');

export const textsOf = (questions: readonly Question[]): string[] => [...new Set(questions.map(({ text }) => text))];

/**
 * The features that encoders make for an experiment. Includes texts even if only frames are read, because a store must not grow, and its
 * digest not change, with the next experiment. Excludes frames and sound if imported ones are read instead.
 */
export function featurePlan(
  {
    clip,
    dtype,
    audio,
    audioWindow,
    patches,
    words,
    store,
    sampling,
    segments,
    segmentSeconds,
    importedVisual,
    importedAudio,
    device,
  }: FeaturesConfig,
  settings: ProjectSettings,
  datasetRoot: string,
  needed: NeededFeatures,
): FeaturePlan {
  const frames = needed.video && importedVisual === null;
  return {
    datasetRoot,
    storeRoot: storeRootOf(store, settings, datasetRoot, 'features'),
    sampling: { choice: sampling, segments, segmentSeconds },
    device,
    ...(frames || needed.text
      ? {
          clip: {
            folder: localModel(expandHome(clip, 'features.clip'), settings.root),
            dtype,
            patches,
            words,
            frames,
            ...(needed.prompt ? { prompts: true } : {}),
          },
        }
      : {}),
    ...(needed.audio && importedAudio === null
      ? { audio: { folder: localModel(expandHome(audio, 'features.audio'), settings.root), window: audioWindow } }
      : {}),
  };
}

/** The folders to read, and their expected content. Throws the encoders' errors. */
export function storeParts(wanted: WantedFeatures): StorePart[] {
  const { config, needed, plan } = wanted;
  const imported = [
    ...(needed.video && config.importedVisual !== null ? [{ key: 'importedVisual' as const, field: 'frame' }] : []),
    ...(needed.audio && config.importedAudio !== null ? [{ key: 'importedAudio' as const, field: 'audio' }] : []),
  ];
  const howToPrepare = (field: string) => (): string => `Run: ${commandFor(field, wanted)}`;
  return [
    ...planStores(plan)
      .filter(({ encoder }) => encoder !== 'seconds')
      .map((part) => ({ ...part, howToPrepare: howToPrepare('sentence') })),
    ...imported.map(({ key, field }) => ({
      folder: importedFolder(plan, config, key),
      expected: { sampling: plan.sampling, ...(field === 'audio' && needed.audioPatches ? { fields: { audioPatch: {} } } : {}) },
      howToPrepare: howToPrepare(field),
    })),
  ];
}

/** The command that makes a field of features, or imports it from a folder of .npy files. */
export function commandFor(field: string, wanted: WantedFeatures): string {
  const { importedVisual, importedAudio } = wanted.config;
  const as = ['audio', 'audioPatch'].includes(field) ? 'audio' : 'visual';
  const name = { frame: importedVisual, patch: importedVisual, audio: importedAudio, audioPatch: importedAudio }[field] ?? null;
  if (name === null) return featuresCommand('prepare', wanted);
  const patches = as === 'audio' && wanted.needed.audioPatches ? ['--patches=FOLDER'] : [];
  return featuresCommand('import', wanted, '--from=FOLDER', ...patches, `--as=${as}`, `--name=${name}`);
}

/** Imported features are in a folder of the store, or anywhere. */
export const importedFolder = ({ storeRoot }: FeaturePlan, config: FeaturesConfig, key: 'importedVisual' | 'importedAudio'): string =>
  pathFrom(storeRoot, config[key]!, `features.${key}`);

/** The fields that the network reads, with their keys. */
export function neededFields({ needed, videos, texts }: WantedFeatures): [field: string, keys: readonly string[]][] {
  return [
    ...(needed.video ? [['frame', videos] as [string, readonly string[]], ['patch', videos] as [string, readonly string[]]] : []),
    ...(needed.audio ? [['audio', videos] as [string, readonly string[]]] : []),
    ...(needed.audioPatches ? [['audioPatch', videos] as [string, readonly string[]]] : []),
    ...(needed.prompt ? [['prompt', texts] as [string, readonly string[]]] : []),
    ...(needed.text ? [['sentence', texts] as [string, readonly string[]], ['words', texts] as [string, readonly string[]]] : []),
  ];
}
