import { ContrastiveMatch, MatchHead, answerLoss, crossModalSynchrony } from '@tass/losses';
import { tf } from '@tass/tensor';
import type { TassOutputs, TassParameters } from './tass';

export interface TassLabels {
  readonly answers: tf.Tensor2D; // int32 [videos, questions]
  readonly mask: tf.Tensor2D; // [videos, questions], 1 or 0; a question under 0 counts nowhere
}
export interface ObjectiveWeights {
  readonly answer: number;
  readonly match: number;
  readonly synchrony: number;
}
/** Scalars. What the configuration or a missing modality leaves out is 0. */
export interface Objective {
  readonly total: tf.Scalar; // the weighted sum
  readonly answer: tf.Scalar;
  readonly match: tf.Scalar;
  readonly synchrony: tf.Scalar;
  readonly visualEntropy: tf.Scalar; // of the question's attention in time, in nats
  readonly audioEntropy: tf.Scalar;
}

/** The losses of a batch and their weighted sum. The match loss is there for outputs of a forward in training. */
export function objective(
  parameters: TassParameters,
  outputs: TassOutputs,
  { answers, mask }: TassLabels,
  weights: ObjectiveWeights,
): Objective {
  return tf.tidy(() => {
    const answer = answerLoss({ logits: outputs.logits, answers, mask });
    const match = matchLoss(parameters, outputs, mask);
    const synchrony = outputs.attention && crossModalSynchrony({ ...outputs.attention, mask });
    const terms = [tf.mul(answer, weights.answer)];
    if (match) terms.push(tf.mul(match, weights.match));
    if (synchrony) terms.push(tf.mul(synchrony.divergence, weights.synchrony));
    return {
      total: terms.reduce((sum, term) => tf.add(sum, term)) as tf.Scalar,
      answer,
      match: match ?? tf.scalar(0),
      synchrony: synchrony?.divergence ?? tf.scalar(0),
      visualEntropy: synchrony?.visualEntropy ?? tf.scalar(0),
      audioEntropy: synchrony?.audioEntropy ?? tf.scalar(0),
    };
  });
}

function matchLoss({ matchHead, contrastiveMatch }: TassParameters, { match }: TassOutputs, mask: tf.Tensor2D): tf.Scalar | undefined {
  if (match === undefined) return undefined;
  if (contrastiveMatch) return ContrastiveMatch.loss(contrastiveMatch, { audio: match.audio, grounded: match.visual, mask });
  return MatchHead.loss(matchHead!, { audio: match.audio, visual: match.visual, mismatched: match.mismatched!, mask });
}
