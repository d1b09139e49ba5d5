import type { Random, tf } from '@tass/tensor';
import type { z } from 'zod';
import type { NetworkBatch, NetworkLabels } from './batch';
import type { Intervention } from './intervention';

/** Axes and figures that the data fix. Those of features that the network does not read are undefined. */
export interface DataSizes {
  readonly time: number; // segments of a video; 1 where no video and no sound is read
  readonly regions?: number; // of a frame
  readonly regionDim?: number;
  readonly frameDim?: number;
  readonly audioDim?: number;
  readonly textDim?: number; // of sentence and words
  readonly logitScale?: number; // of CLIP: what its cosines are multiplied by
  readonly words: number; // length of the words axis
  readonly vocabulary: number; // words that have an index, padding and unknown included
  readonly answers: number;
}

/** Which features a network reads. */
export interface NeededFeatures {
  readonly video: boolean; // regions and frames
  readonly audio: boolean;
  readonly text: boolean; // sentence and words; false: the indices of the words
  readonly prompt?: boolean; // the question as a declaration, with text
}

/** `model.*` of the configuration as the network's `settings` have checked it, and what the data fix. */
export type NetworkConfig<Settings> = Settings & { readonly sizes: DataSizes };

export interface ForwardOptions {
  /** In training dropout is on, what it drops named by the seed, and the network gives its losses. */
  readonly training?: {
    readonly seed: () => number;
    readonly labels: NetworkLabels;
    readonly epoch?: () => number; // from 0, asked again at every call of a compiled step, for losses that rise; undefined: they have risen
    readonly weights?: LossWeights; // an optional loss without a weight here is not wanted; undefined: all are
  };
  readonly maps?: boolean; // give the grounding, for pictures
  readonly intervention?: Intervention; // at test, one that the network knows
}

export interface NetworkOutputs {
  readonly logits: tf.Tensor3D; // [videos, questions, answers]
  /** In training: a scalar for each of the network's `losses`. One that is left out counts as 0. */
  readonly losses?: Readonly<Record<string, tf.Scalar | undefined>>;
  /** In training: further scalars that are logged and not trained on. */
  readonly figures?: Readonly<Record<string, tf.Scalar>>;
  /** The question's attention in time, each sums to 1. [videos, questions, time] */
  readonly attention?: { readonly visual?: tf.Tensor3D; readonly audio?: tf.Tensor3D };
  /**
   * The shares in time as the network weighs segments by them, after an intervention; where one attention looks at both modalities, both parts of a head
   * sum to 1 together. `attention` is their mean over heads, rescaled. [videos, questions, heads, time]
   */
  readonly attentionByHead?: { readonly visual?: tf.Tensor4D; readonly audio?: tf.Tensor4D };
  /** On demand. A map is there where its query is. */
  readonly grounding?: {
    readonly map?: tf.Tensor4D; // [videos, questions, time, regions], the shares that pooled the regions
    readonly textMap?: tf.Tensor4D; // [videos, questions, time, regions], before the threshold
    readonly audioMap?: tf.Tensor4D; // [videos, questions, time, regions], before the threshold
    readonly targetWeights?: tf.Tensor3D; // [videos, questions, words]
  };
}

/** A setting that does not fit another one: `{ path: ['model', 'heads'], expected: 'a divisor of model.dim (128)' }`. */
export interface Mistake {
  readonly path: readonly string[];
  readonly expected: string;
}

/**
 * A network as the harness knows it. `forward` depends on nothing but its arguments and leaves no tensor behind but its outputs; a question's
 * logits depend on its own video and words alone, unless its docstring excepts it. `Parameters` is a tree whose leaves are tensors;
 * a leaf's path (`tsgPlus.merge.weight`) is its name in checkpoints and optimizer.
 */
export interface Network<Settings extends object, Parameters extends object> {
  readonly name: string; // the value of model.network
  readonly settings: z.ZodObject & z.ZodType<Settings>; // the keys of `model`, without `network`
  readonly example: Settings; // small ones, with which the specs of every network try it
  readonly losses?: readonly string[]; // further than `answer`, each with its weight loss.<name>
  readonly optionalLosses?: readonly string[]; // likewise, where loss.<name> may be left out: then, as at 0, the loss is not computed
  needs(settings: Settings): NeededFeatures;
  /** Are frames, regions and texts compared with each other as they are? Then features of two spaces are refused. */
  comparesInJointSpace?(settings: Settings): boolean;
  /** May its words be all tokens of a text encoder, before the projection into the joint space (`features.words: hidden`)? */
  readonly takesTokens?: boolean;
  /** Settings and weights of losses that do not fit each other; told before data are opened. */
  mistakes?(settings: Settings, weights: LossWeights): readonly Mistake[];
  /** What can be done to its grounding at test; none where it is left out. */
  interventions?(settings: Settings): readonly Intervention[];
  /** The share below which its maps drop a region, in units of the uniform one; 1 where it is left out. */
  mapThreshold?(settings: Settings): number;
  remarks?(settings: Settings): readonly string[]; // what a reader of the results must know
  /** Throws RangeError where the data do not fit the settings. */
  initialize(config: NetworkConfig<Settings>, random: Random): Parameters;
  /** Throws ShapeError, RangeError. */
  forward(parameters: Parameters, batch: NetworkBatch, config: NetworkConfig<Settings>, options: ForwardOptions): NetworkOutputs;
}

/** `loss.*`: `answer` and one for each loss that the network brings; of its optional ones those that are not 0. */
export type LossWeights = Readonly<Record<string, number>> & { readonly answer: number };
