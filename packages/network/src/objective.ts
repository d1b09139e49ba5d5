import { answerLoss } from '@tass/losses';
import { tf } from '@tass/tensor';
import type { NetworkLabels } from './batch';
import type { LossWeights, NetworkOutputs } from './network';

/**
 * The losses of a batch by name, and `total`, their weighted sum: the answer loss, then the network's losses in the order of `names`,
 * without those that have no weight. A loss that the network omits is 0. The network's further figures follow. Scalars.
 */
export function objective(
  { logits, losses = {}, figures = {} }: NetworkOutputs,
  { answers, mask }: NetworkLabels,
  weights: LossWeights,
  names: readonly string[],
): { readonly total: tf.Scalar; readonly answer: tf.Scalar; readonly [name: string]: tf.Scalar } {
  return tf.tidy(() => {
    const answer = answerLoss({ logits, answers, mask });
    const weighted = names.filter((name) => weights[name] !== undefined);
    const given = weighted.filter((name) => losses[name] !== undefined);
    const terms = given.map((name) => tf.mul(losses[name]!, weights[name]));
    const total = terms.reduce((sum, term) => tf.add(sum, term), tf.mul(answer, weights.answer)) as tf.Scalar;
    return { total, answer, ...Object.fromEntries(weighted.map((name) => [name, losses[name] ?? tf.scalar(0)])), ...figures };
  });
}
