import {
  ContrastiveMatch,
  MatchHead,
  attentionLoss,
  attentionLossNames,
  audioMapLoss,
  crossModalSynchrony,
  type AttentionLossName,
} from '@tass/losses';
import type { LossWeights } from '@tass/network';
import { tf } from '@tass/tensor';
import type { TassOutputs, TassParameters } from './tass';

export const optionalLossNames = [...attentionLossNames, 'audioMap'] as const;
export type OptionalLossName = AttentionLossName | 'audioMap';

/** Scalars. A loss that the configuration or a missing modality disables is undefined, a figure 0. */
export interface TassLosses {
  readonly losses: { readonly [Name in 'match' | 'synchrony' | OptionalLossName]?: tf.Scalar };
  readonly figures: {
    readonly visualEntropy: tf.Scalar; // of the question's attention in time, in nats
    readonly audioEntropy: tf.Scalar;
  };
}

/**
 * The network's losses for a batch, from training outputs; of the optional ones, only those with a weight. `mask`: [videos, questions], 1
 * or 0.
 */
export function lossesOf(parameters: TassParameters, outputs: TassOutputs, mask: tf.Tensor2D, weights?: LossWeights): TassLosses {
  return tf.tidy(() => {
    const match = matchLoss(parameters, outputs, mask);
    const { visual, audio } = outputs.attention ?? {};
    const synchrony = visual && audio && crossModalSynchrony({ visual, audio, mask });
    return {
      losses: { match, synchrony: synchrony?.divergence, ...optionalLosses(parameters, outputs, mask, weights) },
      figures: {
        visualEntropy: synchrony?.visualEntropy ?? tf.scalar(0),
        audioEntropy: synchrony?.audioEntropy ?? tf.scalar(0),
      },
    };
  });
}

function optionalLosses(
  { tsgPlus }: TassParameters,
  { attention = {}, inJointSpace = {} }: TassOutputs,
  mask: tf.Tensor2D,
  weights?: LossWeights,
): { readonly [Name in OptionalLossName]?: tf.Scalar } {
  const { regions, frames, target, sound } = inJointSpace;
  const { visual, audio } = attention;
  const isWanted = (name: OptionalLossName) => !weights || weights[name] !== undefined;
  const logScale = tsgPlus?.logAudioScale;
  const audioMap =
    isWanted('audioMap') && logScale && sound && regions ? audioMapLoss({ audio: sound, regions, logScale, mask }) : undefined;
  const wanted = attentionLossNames.filter(isWanted);
  if (!visual || !audio || wanted.length === 0) return { audioMap };
  const inputs = { visual, audio, text: frames && target && { frames, target }, mask };
  return { ...Object.fromEntries(wanted.map((name) => [name, attentionLoss(name, inputs)])), audioMap };
}

function matchLoss({ matchHead, contrastiveMatch }: TassParameters, { match }: TassOutputs, mask: tf.Tensor2D): tf.Scalar | undefined {
  if (match === undefined) return undefined;
  if (contrastiveMatch) return ContrastiveMatch.loss(contrastiveMatch, { audio: match.audio, grounded: match.visual, mask });
  return MatchHead.loss(matchHead!, { audio: match.audio, visual: match.visual, mismatched: match.mismatched!, mask });
}
