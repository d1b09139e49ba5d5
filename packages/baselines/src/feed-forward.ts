import { type DropoutSource, type LinearParameters, type Random, Linear, dropout, tf } from '@tass/tensor';

export interface FeedForwardParameters {
  readonly hidden: LinearParameters; // [from] -> [dim]
  readonly output: LinearParameters; // [dim] -> [dim]
}

/** W_2 drop(relu(W_1 x)). */
export const FeedForward = {
  initialize: ({ from, dim }: { readonly from: number; readonly dim: number }, random: Random): FeedForwardParameters => ({
    hidden: Linear.initialize({ from, to: dim }, random.fork('hidden')),
    output: Linear.initialize({ from: dim, to: dim }, random.fork('output')),
  }),

  /** x: [..., from] -> [..., dim]. `drop` in training. */
  forward<Rank extends tf.Tensor>({ hidden, output }: FeedForwardParameters, x: Rank, drop?: Drop): Rank {
    return tf.tidy(() => {
      const inside = tf.relu(Linear.forward(hidden, x)) as Rank;
      return Linear.forward(output, drop ? dropout(inside, drop.rate, drop.source.fork('hidden')) : inside);
    });
  },
};

/** What is dropped in training, and where the draws come from. */
export interface Drop {
  readonly rate: number;
  readonly source: DropoutSource;
}

/** Undefined where nothing is dropped. */
export const dropAt = (rate: number, source: DropoutSource | undefined): Drop | undefined =>
  source && rate > 0 ? { rate, source } : undefined;
