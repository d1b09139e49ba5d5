import { type DropoutSource, type LinearParameters, type Random, Linear, dropout, tf } from '@tass/tensor';
import type { InitialLinear } from './initial-values';

export interface FeedForwardParameters {
  readonly hidden: LinearParameters; // [from] -> [dim]
  readonly output: LinearParameters; // [dim] -> [to]
}
export interface FeedForwardConfig {
  readonly from: number;
  readonly dim: number;
  readonly to?: number; // dim
  readonly linear?: InitialLinear; // PyTorch's
}

type Activation = (x: tf.Tensor) => tf.Tensor;

/** W_2 drop(f(W_1 x)); f is relu where it is left out. */
export const FeedForward = {
  initialize: ({ from, dim, to = dim, linear = Linear.initialize }: FeedForwardConfig, random: Random): FeedForwardParameters => ({
    hidden: linear({ from, to: dim }, random.fork('hidden')),
    output: linear({ from: dim, to }, random.fork('output')),
  }),

  /** x: [..., from] -> [..., to]. `drop` in training. */
  forward<Rank extends tf.Tensor>({ hidden, output }: FeedForwardParameters, x: Rank, drop?: Drop, f: Activation = tf.relu): Rank {
    return tf.tidy(() => {
      const inside = f(Linear.forward(hidden, x)) as Rank;
      return Linear.forward(output, drop ? dropout(inside, drop.rate, drop.source.fork('hidden')) : inside);
    });
  },
};

/** What is dropped in training, and where the draws come from. */
export interface Drop {
  readonly rate: number;
  readonly source: DropoutSource;
}

/** x, of which `drop` drops in training. */
export const dropped = <Rank extends tf.Tensor>(x: Rank, drop: Drop | undefined): Rank => (drop ? dropout(x, drop.rate, drop.source) : x);

/** Undefined where nothing is dropped. */
export const dropAt = (rate: number, source: DropoutSource | undefined): Drop | undefined =>
  source && rate > 0 ? { rate, source } : undefined;
