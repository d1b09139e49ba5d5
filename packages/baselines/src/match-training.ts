import type { Intervention, Network, NetworkBatch, NetworkConfig, NetworkOutputs } from '@tass/network';
import { type RowOrder, DropoutSource, tf } from '@tass/tensor';
import { negativesOf } from './negatives';

/** What a network with a match head takes in training: the questions that count, what is dropped, and the negatives, absent for one video. */
export interface MatchTraining {
  readonly mask: tf.Tensor2D; // [videos, questions]
  readonly drop?: DropoutSource;
  readonly negatives?: RowOrder;
}

type Compute<Settings, Parameters> = (
  parameters: Parameters,
  batch: NetworkBatch,
  config: NetworkConfig<Settings>,
  training?: MatchTraining,
  intervention?: Intervention,
) => NetworkOutputs;

/** The forward pass of the harness: dropout and negatives are drawn from the step's seed, maps are given on demand. */
export function drawnBySeed<Settings extends object, Parameters extends object>(
  compute: Compute<Settings, Parameters>,
): Network<Settings, Parameters>['forward'] {
  return (parameters, batch, config, { training, maps, intervention }) =>
    tf.tidy(() => {
      const given = training && {
        mask: training.labels.mask,
        drop: DropoutSource.fromSeed(training.seed),
        negatives: negativesOf(training.seed, batch.wordMask.shape[0], config.sizes.time),
      };
      const { grounding, ...outputs } = compute(parameters, batch, config, given, intervention);
      return maps ? { ...outputs, grounding } : outputs;
    });
}
