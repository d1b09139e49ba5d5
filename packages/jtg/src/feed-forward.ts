import { type LinearParameters, Linear, type Random, tf } from '@tass/tensor';

export interface FeedForwardParameters {
  readonly hidden: LinearParameters; // [dim] -> [dim]
  readonly output: LinearParameters; // [dim] -> [dim]
}

/** W_b relu(W_a x), all of width dim. */
export const FeedForward = {
  initialize: ({ dim }: { readonly dim: number }, random: Random): FeedForwardParameters => ({
    hidden: Linear.initialize({ from: dim, to: dim }, random.fork('hidden')),
    output: Linear.initialize({ from: dim, to: dim }, random.fork('output')),
  }),

  forward: <Rank extends tf.Tensor>({ hidden, output }: FeedForwardParameters, x: Rank): Rank =>
    tf.tidy(() => Linear.forward(output, tf.relu(Linear.forward(hidden, x)) as Rank)),
};
