import type { Random, tf } from '@tass/tensor';
import type { z } from 'zod';
import type { NetworkBatch, NetworkLabels } from './batch';
import type { Intervention } from './intervention';

/** Sizes that the data determine. Those of features that the network does not read are undefined. */
export interface DataSizes {
  readonly time: number; // segments of a video; 1 if neither video nor sound is read
  readonly regions?: number; // of a frame
  readonly regionDim?: number;
  readonly frameDim?: number;
  readonly audioDim?: number;
  readonly audioPatches?: number; // of a segment's sound
  readonly audioPatchDim?: number;
  readonly textDim?: number; // of sentence and words
  readonly logitScale?: number; // of CLIP: the factor of its cosines
  readonly words: number; // length of the words axis
  readonly vocabulary: number; // words with an index, including padding and unknown
  readonly answers: number;
}

/** Which features a network reads. */
export interface NeededFeatures {
  readonly video: boolean; // regions and frames
  readonly audio: boolean;
  readonly audioPatches?: boolean; // patches of each segment's sound, with audio
  readonly text: boolean; // sentence and words; false: the indices of the words
  readonly prompt?: boolean; // the question as a declaration, with text
}

/** `model.*` of the configuration, checked by the network's `settings`, and the sizes of the data. */
export type NetworkConfig<Settings> = Settings & { readonly sizes: DataSizes };

export interface ForwardOptions {
  /** In training, dropout is on, with a seed, and the network returns its losses. */
  readonly training?: {
    readonly seed: () => number;
    readonly labels: NetworkLabels;
    readonly epoch?: () => number; // from 0, asked again at every call of a compiled step, for losses that rise; undefined: they have risen
    readonly weights?: LossWeights; // optional losses without a weight here are not computed; undefined: compute all
  };
  readonly maps?: boolean; // also return the grounding, for pages
  readonly intervention?: Intervention; // at test time, one of the network's interventions
}

export interface NetworkOutputs {
  readonly logits: tf.Tensor3D; // [videos, questions, answers]
  /** In training: a scalar for each of the network's `losses`. One that is left out counts as 0. */
  readonly losses?: Readonly<Record<string, tf.Scalar | undefined>>;
  /** In training: further scalars that are only logged. */
  readonly figures?: Readonly<Record<string, tf.Scalar>>;
  /** The question's attention in time, each sums to 1. [videos, questions, time] */
  readonly attention?: { readonly visual?: tf.Tensor3D; readonly audio?: tf.Tensor3D };
  /**
   * The shares in time with which the network weights segments, after an intervention. If one attention covers both modalities, both parts
   * of a head sum to 1 together. `attention` is their mean over heads, rescaled. [videos, questions, heads, time]
   */
  readonly attentionByHead?: { readonly visual?: tf.Tensor4D; readonly audio?: tf.Tensor4D };
  /** On demand. A map exists if its query does. */
  readonly grounding?: {
    readonly map?: tf.Tensor4D; // [videos, questions, time, regions], the shares that pooled the regions
    readonly textMap?: tf.Tensor4D; // [videos, questions, time, regions], before the threshold
    readonly audioMap?: tf.Tensor4D; // [videos, questions, time, regions], before the threshold
    readonly targetWeights?: tf.Tensor3D; // [videos, questions, words]
  };
}

/** A setting that contradicts another one: `{ path: ['model', 'heads'], expected: 'a divisor of model.dim (128)' }`. */
export interface Mistake {
  readonly path: readonly string[];
  readonly expected: string;
}

/**
 * The interface of a network. `forward` depends only on its arguments and leaves only its outputs as tensors. A question's logits depend
 * only on its own video and words, unless the network's docstring states an exception. `Parameters` is a tree whose leaves are tensors; a
 * leaf's path (`tsgPlus.merge.weight`) is its name in checkpoints and optimizer.
 */
export interface Network<Settings extends object, Parameters extends object> {
  readonly name: string; // the value of model.network
  readonly settings: z.ZodObject & z.ZodType<Settings>; // the keys of `model`, without `network`
  readonly example: Settings; // small settings for the specs of every network
  readonly losses?: readonly string[]; // in addition to `answer`, each with its weight loss.<name>
  readonly optionalLosses?: readonly string[]; // likewise, but loss.<name> may be omitted: then, as at 0, the loss is not computed
  needs(settings: Settings): NeededFeatures;
  /** Are frames, regions and texts compared with each other as they are? Then features of two spaces are refused. */
  comparesInJointSpace?(settings: Settings): boolean;
  /** May its words be all tokens of a text encoder, before the projection into the joint space (`features.words: hidden`)? */
  readonly takesTokens?: boolean;
  /** Contradicting settings and weights of losses, reported before data are opened. */
  mistakes?(settings: Settings, weights: LossWeights): readonly Mistake[];
  /** The interventions at test time; none if omitted. */
  interventions?(settings: Settings): readonly Intervention[];
  /** The share below which its maps drop a region, in units of the uniform share; 1 if omitted. */
  mapThreshold?(settings: Settings): number;
  remarks?(settings: Settings): readonly string[]; // notes for readers of the results
  /** Throws RangeError if the data do not fit the settings. */
  initialize(config: NetworkConfig<Settings>, random: Random): Parameters;
  /** Throws ShapeError, RangeError. */
  forward(parameters: Parameters, batch: NetworkBatch, config: NetworkConfig<Settings>, options: ForwardOptions): NetworkOutputs;
}

/** `loss.*`: `answer` and the network's losses; of the optional ones, those that are not 0. */
export type LossWeights = Readonly<Record<string, number>> & { readonly answer: number };
