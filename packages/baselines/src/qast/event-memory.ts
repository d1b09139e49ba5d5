import { type LayerNormParameters, type LinearParameters, type Random, LayerNorm, Linear, batchedMatMul, tf } from '@tass/tensor';
import { ConvolutionInTime, type ConvolutionInTimeParameters } from '../convolution-in-time';
import { type Drop, dropped } from '../feed-forward';
import { gelu } from '../gelu';
import { NormedLinear, type NormedLinearParameters } from '../normed-linear';

const SECONDS = [3, 7, 15]; // of each branch's kernel

export interface EventMemoryParameters {
  readonly branches: Readonly<Record<string, BranchParameters>>; // by the seconds of the kernel
  readonly mix: NormedLinearParameters; // [dim] -> [branches]
  readonly norm: LayerNormParameters;
}
interface BranchParameters {
  readonly convolution: ConvolutionInTimeParameters;
  readonly map: LinearParameters; // [dim] -> [dim]
  readonly query: LinearParameters; // [dim] -> [dim]
}
export interface EventMemoryInputs {
  readonly events: tf.Tensor4D; // [videos, questions, time, dim]
  readonly question: tf.Tensor3D; // [videos, questions, dim]
  readonly drop?: Drop; // in training
}

/**
 * Events in short, middle and long contexts.
 *   b_i = W_i gelu(convolution of 3, 7 or 15 seconds of e, each channel by itself); token_i = sum over t of softmax((Q_i q) . b_i,t / sqrt(dim)) b_i,t
 *   e <- LN(e + drop(sum over i of softmax(W LN(q))_i b_i))
 */
export const EventMemory = {
  initialize: (dim: number, random: Random): EventMemoryParameters => ({
    branches: Object.fromEntries(
      SECONDS.map((seconds) => {
        const own = random.fork(`branch ${seconds}`);
        const linear = (name: string) => Linear.initialize({ from: dim, to: dim }, own.fork(name));
        return [seconds, { convolution: ConvolutionInTime.initialize({ dim, seconds }, own), map: linear('map'), query: linear('query') }];
      }),
    ),
    mix: NormedLinear.initialize({ from: dim, to: SECONDS.length }, random.fork('mix')),
    norm: LayerNorm.initialize({ dim }),
  }),

  /** Events [videos, questions, time, dim], and a token of each branch, `memory` [videos, questions, branches, dim]. */
  forward(
    { branches, mix, norm }: EventMemoryParameters,
    { events, question, drop }: EventMemoryInputs,
  ): { readonly events: tf.Tensor4D; readonly memory: tf.Tensor4D } {
    return tf.tidy(() => {
      const [videos, questions, time, dim] = events.shape;
      const all = Object.values(branches);
      const each = all.map(({ convolution, map }) => Linear.forward(map, gelu(ConvolutionInTime.forward(convolution, events))));
      const stacked = tf.stack(each, 2); // [videos, questions, branches, time, dim]
      const queries = tf.stack(all.map(({ query }) => Linear.forward(query, question)), 2); // prettier-ignore
      const scores = batchedMatMul(tf.expandDims(tf.mul(queries, 1 / Math.sqrt(dim)), 3), stacked, true); // [videos, questions, branches, 1, time]
      const memory = tf.squeeze(batchedMatMul(tf.softmax(scores), stacked), [3]) as tf.Tensor4D;
      const shares = tf.expandDims(tf.softmax(NormedLinear.forward(mix, question)), 2); // [videos, questions, 1, branches]
      const timeline = batchedMatMul(shares, tf.reshape(stacked, [videos, questions, all.length, time * dim]));
      const further = dropped(tf.reshape(timeline, events.shape), drop);
      return { events: LayerNorm.forward(norm, tf.add(events, further) as tf.Tensor4D), memory };
    });
  },
};
