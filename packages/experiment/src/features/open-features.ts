import { basename } from 'node:path';
import { MAX_WORDS, type Question } from '@tass/dataset-music-avqa';
import { openFeatureStore, zerosForMissing, type FeatureStore } from '@tass/feature-store';
import type { QuestionSplits } from '../questions';
import type { Experiment } from '../schema';
import { standardisationOf, type Standardisation } from '../standardisation';
import { faultsIn } from './list-faults';
import { refuseFaults, refuseFoundProblems } from './refuse-faults';
import { countShortVideos } from './short-videos';
import { importedFolder, neededFields, storeParts, textsOf, type WantedFeatures } from './wanted-features';

/** Axes and figures that the features fix; those of features that the network does not read stand at 1. */
export interface DataSizes {
  readonly time: number;
  readonly joint: number;
  readonly visualDim?: number; // of frames and patches that learned maps bring into the joint space
  readonly audioDim: number;
  readonly logitScale: number; // of CLIP
}

export interface OpenFeatures {
  readonly features: FeatureStore | undefined; // undefined: the network reads none
  readonly sizes: DataSizes;
  readonly words: number; // length of the words axis
  readonly sentences: Standardisation | undefined; // of the training part, where sentence embeddings are read
  readonly remarks: readonly string[]; // what a reader of the results must know of the features
}

/**
 * Opens the features that the network reads, unless they are open already, and checks that every video and question of the splits has its own.
 * Throws where some are missing or doubtful and the experiment does not accept that; the error names the command that makes them. Throws for
 * frames and patches outside CLIP's joint space where no learned map brings them there.
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
  const space = spaceOf(wanted, features, model);
  return {
    features,
    sizes: {
      time: needed.video ? shape('frame')[0] : needed.audio ? shape('audio')[0] : 1,
      ...space.sizes,
      audioDim: needed.audio ? shape('audio')[1] : 1,
      logitScale: features.logitScale ?? 1,
    },
    words: needed.text ? shape('words')[0] : longestOf([...train, ...val, ...test]),
    sentences: needed.text ? standardisationOf(features.read('sentence', textsOf(train)), shape('sentence')[0]) : undefined,
    remarks: [...space.remarks, ...short, ...faults],
  };
}

/** Opens the features where every record that is wanted is there; undefined where some are still to be made. */
export function openWhole(wanted: WantedFeatures): FeatureStore | undefined {
  let store: FeatureStore;
  try {
    store = openFeatureStore(storeParts(wanted));
  } catch {
    return undefined; // not there yet; any other fault shows when the features are made
  }
  if (neededFields(wanted).every(([field, keys]) => store.missing(field, keys).length === 0)) return store;
  store.close();
  return undefined;
}

const withoutFeatures = (words: number): OpenFeatures => ({
  features: undefined,
  sizes: { time: 1, joint: 1, audioDim: 1, logitScale: 1 },
  words,
  sentences: undefined,
  remarks: [],
});

/** Room for the words of any question where they are not features: MUSIC-AVQA's own, or more where a dataset has longer ones. */
const longestOf = (questions: readonly Question[]): number =>
  questions.reduce((most, { words }) => Math.max(most, words.length), MAX_WORDS);

interface Space {
  readonly sizes: Pick<DataSizes, 'joint' | 'visualDim'>;
  readonly remarks: readonly string[];
}

/** The joint space of frames, patches and texts. Imported features lie in a CLIP's only where their import said so. */
function spaceOf({ config, needed, plan }: WantedFeatures, features: FeatureStore, { visualProjection }: Experiment['model']): Space {
  const visual = needed.video ? features.describe('frame').shape[1] : undefined;
  const text = needed.text ? features.describe('sentence').shape[0] : undefined;
  if (visual === undefined) return { sizes: { joint: text ?? 1 }, remarks: [] };
  if (visualProjection === 'learned') {
    const remark = `frames and patches pass learned maps into the joint space: regions and texts are matched as trained here, not as CLIP matches them`;
    return { sizes: { joint: text ?? visual, visualDim: visual }, remarks: [remark] };
  }
  if (config.importedVisual === null || text === undefined) return { sizes: { joint: visual }, remarks: [] };
  const folder = importedFolder(plan, config, 'importedVisual');
  const { space = 'own' } = features.folders.find((store) => store.folder === folder)!.manifest.encoder;
  if (space === `clip:${basename(config.clip)}` && visual === text) return { sizes: { joint: text }, remarks: [] };
  throw new Error(
    `the frames and patches of ${folder} are in the space "${space}" of ${visual} values, the texts in that of ${basename(config.clip)} of ${text}. ` +
      "Their cosine means nothing. Set model.visualProjection=learned: learned maps then bring them into one space, and matching is learned, not CLIP's; or " +
      `import them with --space=clip:${basename(config.clip)} if they are of that very CLIP`,
  );
}
