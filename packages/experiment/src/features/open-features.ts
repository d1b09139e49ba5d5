import { basename } from 'node:path';
import { MAX_WORDS, type Question } from '@tass/dataset-music-avqa';
import { notChecked } from '@tass/files';
import { openFeatureStore, zerosForMissing, type FeatureStore } from '@tass/feature-store';
import type { DataSizes } from '@tass/network';
import { comparesInJointSpace, remarksOf } from '../networks';
import type { QuestionSplits } from '../questions';
import type { Experiment } from '../schema';
import { standardisationOf, type Standardisation } from '../standardisation';
import { faultsIn } from './list-faults';
import { refuseFaults, refuseFoundProblems } from './refuse-faults';
import { countShortVideos } from './short-videos';
import { importedFolder, neededFields, storeParts, textsOf, type WantedFeatures } from './wanted-features';

export interface OpenFeatures {
  readonly features: FeatureStore | undefined; // undefined: the network reads none
  readonly sizes: Omit<DataSizes, 'words' | 'vocabulary' | 'answers'>;
  readonly words: number; // length of the words axis
  readonly sentences: Standardisation | undefined; // of the training part, if sentence embeddings are read
  readonly remarks: readonly string[]; // notes on the features for readers of the results
}

/**
 * Opens the features that the network reads, unless they are open already, and checks that every video and question of the splits has them.
 * Throws if some are missing or doubtful and the experiment does not accept that; the error names the command that makes them. Throws if
 * frames and patches are outside CLIP's joint space and no learned map projects them into it.
 */
export function openFeatures(
  wanted: WantedFeatures | undefined,
  { model }: Experiment,
  { train, val, test }: QuestionSplits,
  whole?: FeatureStore,
): OpenFeatures {
  if (!wanted) return withoutFeatures(longestOf([...train, ...val, ...test]));
  const opened = whole ?? openFeatureStore(storeParts(wanted));
  const faults = [...refuseFaults(faultsIn(opened, wanted), wanted), ...refuseFoundProblems(opened, wanted)];
  const short = countShortVideos(opened, wanted);
  const features = faults.length > 0 ? zerosForMissing(opened) : opened;
  const { needed } = wanted;
  const shape = (field: string): readonly number[] => features.describe(field).shape;
  const [time, regions, regionDim] = needed.video ? shape('patch') : [];
  if (needed.video && needed.text && comparesInJointSpace(model)) refuseTwoSpaces(wanted, features);
  return {
    features,
    sizes: {
      time: time ?? (needed.audio ? shape('audio')[0] : 1),
      ...(needed.video ? { regions, regionDim, frameDim: shape('frame')[1] } : {}),
      ...(needed.audio ? { audioDim: shape('audio')[1] } : {}),
      ...(needed.audioPatches ? { audioPatches: shape('audioPatch')[1], audioPatchDim: shape('audioPatch')[2] } : {}),
      ...(needed.text ? { textDim: shape('sentence')[0] } : {}),
      logitScale: features.logitScale,
    },
    words: needed.text ? shape('words')[0] : longestOf([...train, ...val, ...test]),
    sentences: needed.text ? standardisationOf(features.read('sentence', textsOf(train)), shape('sentence')[0]) : undefined,
    remarks: [...remarksOf(model), ...short, ...faults, ...uncheckedIn(opened)],
  };
}

const uncheckedIn = ({ folders }: FeatureStore): string[] =>
  folders.filter(({ isChecked }) => !isChecked).map(({ folder }) => `descriptions in ${folder}: ${notChecked}`);

/** Opens the features if every wanted record exists; undefined if some are missing. */
export function openWhole(wanted: WantedFeatures): FeatureStore | undefined {
  let store: FeatureStore;
  try {
    store = openFeatureStore(storeParts(wanted));
  } catch {
    return undefined; // missing; any other fault is reported when the features are made
  }
  if (neededFields(wanted).every(([field, keys]) => store.missing(field, keys).length === 0)) return store;
  store.close();
  return undefined;
}

const withoutFeatures = (words: number): OpenFeatures => ({
  features: undefined,
  sizes: { time: 1 },
  words,
  sentences: undefined,
  remarks: [],
});

/** The length of the words axis without word features: that of MUSIC-AVQA, or more if the dataset has longer questions. */
const longestOf = (questions: readonly Question[]): number =>
  questions.reduce((most, { words }) => Math.max(most, words.length), MAX_WORDS);

/** Imported frames and patches are in CLIP's joint space only if their import declared it. */
function refuseTwoSpaces({ config, plan }: WantedFeatures, features: FeatureStore): void {
  if (config.importedVisual === null) return;
  const [visual, text] = [features.describe('frame').shape[1], features.describe('sentence').shape[0]];
  const folder = importedFolder(plan, config, 'importedVisual');
  const { space = 'own' } = features.folders.find((store) => store.folder === folder)!.manifest.encoder;
  if (space === `clip:${basename(config.clip)}` && visual === text) return;
  throw new Error(
    `the frames and patches of ${folder} are in the space "${space}" of ${visual} values, the texts in that of ${basename(config.clip)} of ${text}. ` +
      "Their cosine means nothing. Set model.visualProjection=learned: learned maps then bring them into one space, and matching is learned, not CLIP's; or " +
      `import them with --space=clip:${basename(config.clip)} if they are of that very CLIP`,
  );
}
