import {
  type LayerNormParameters,
  type LinearParameters,
  type ProjectionParameters,
  type Random,
  LayerNorm,
  Linear,
  Projection,
  batchedMatMul,
  stopGradient,
  tf,
} from '@tass/tensor';
import { type Drop, dropped } from '../feed-forward';
import { change } from '../in-time';
import { largest } from '../largest';
import { lengths } from '../lengths';
import { NormedLinear, type NormedLinearParameters } from '../normed-linear';
import { standardised } from '../standardised';

export interface PatchReaderParameters {
  readonly key: ProjectionParameters; // [dim] -> [dim]; a bias would add the same to all patches of a frame, which standardising takes away
  readonly sound: LinearParameters; // [dim] -> [dim]
  readonly question: LinearParameters; // [dim] -> [dim]
  readonly mix: NormedLinearParameters; // [dim] -> [3]
  readonly value: LinearParameters; // [dim] -> [dim]
  readonly further: NormedLinearParameters; // [dim] -> [dim]
  readonly norm: LayerNormParameters;
}
export interface PatchReaderInputs {
  readonly events: tf.Tensor4D; // [videos, questions, time, dim]
  readonly patches: tf.Tensor4D; // [videos, time, regions, dim]
  readonly sound: tf.Tensor4D; // [videos, 1, time, dim]
  readonly question: tf.Tensor3D; // [videos, questions, dim]
  readonly kept: number; // patches of a frame
  readonly drop?: Drop; // in training
  readonly reshare?: (map: tf.Tensor4D) => tf.Tensor4D; // other shares for those of the map, at test
}

/**
 * The patches of a frame, by how they move and by what sound and question ask for.
 *   scores of the patches of a frame: |dp|, (W_a a_t) . W_k p / sqrt(dim), (W_q q) . W_k p / sqrt(dim), each standardised over the frame
 *   soft = softmax of their sum by softmax(W LN(q)); w = hard * soft over its sum, hard = 1 for the `kept` largest, whose gradient is that of soft
 *   g = W_v sum of w_p p; g <- g + W drop(LN(g)); e = LN(s + g)
 * The shares sum to 1, so W_v comes after the sum, and W_k is folded into what asks.
 */
export const PatchReader = {
  initialize(dim: number, random: Random): PatchReaderParameters {
    const linear = (name: string) => Linear.initialize({ from: dim, to: dim }, random.fork(name));
    return {
      key: Projection.initialize({ from: dim, to: dim }, random.fork('key')),
      sound: linear('sound'),
      question: linear('question'),
      mix: NormedLinear.initialize({ from: dim, to: 3 }, random.fork('mix')),
      value: linear('value'),
      further: NormedLinear.initialize({ from: dim, to: dim }, random.fork('further')),
      norm: LayerNorm.initialize({ dim }),
    };
  },

  /** e and g [videos, questions, time, dim]; w, the map [videos, questions, time, regions]. Throws RangeError. */
  forward(
    parameters: PatchReaderParameters,
    { events, patches, sound, question, kept, drop, reshare = (map) => map }: PatchReaderInputs,
  ): { readonly events: tf.Tensor4D; readonly seen: tf.Tensor4D; readonly map: tf.Tensor4D } {
    return tf.tidy(() => {
      const [videos, time, regions, dim] = patches.shape;
      const asking = (map: LinearParameters, x: tf.Tensor): tf.Tensor => {
        const query = tf.reshape(Linear.forward(map, x), [-1, dim]) as tf.Tensor2D;
        return tf.mul(tf.matMul(query, parameters.key.weight, false, true), 1 / Math.sqrt(dim));
      };
      const bySound = batchedMatMul(tf.reshape(asking(parameters.sound, sound), [videos, time, 1, dim]), patches, true);
      const ofVideo = tf.reshape(patches, [videos, time * regions, dim]);
      const byQuestion = batchedMatMul(tf.reshape(asking(parameters.question, question), [videos, -1, dim]), ofVideo, true);
      const scores = [
        tf.reshape(lengths(change(patches, 1)), [videos, 1, time, regions]),
        tf.reshape(bySound, [videos, 1, time, regions]),
        tf.reshape(byQuestion, [videos, -1, time, regions]),
      ];
      const mix = tf.split(tf.softmax(NormedLinear.forward(parameters.mix, question)), 3, -1); // each [videos, questions, 1]
      const mixed = scores.map((score, i) => tf.mul(standardised(score), tf.expandDims(mix[i], 3)));
      const soft = tf.softmax(mixed.reduce((sum, term) => tf.add(sum, term)));
      const hard = tf.add(tf.sum(largest(soft, kept), 3), tf.sub(soft, stopGradient(soft)));
      const shares = tf.mul(hard, soft);
      const map = reshare(tf.div(shares, tf.sum(shares, -1, true)) as tf.Tensor4D); // [videos, questions, time, regions]

      const pooled = tf.transpose(batchedMatMul(tf.transpose(map, [0, 2, 1, 3]), patches), [0, 2, 1, 3]); // [videos, questions, time, dim]
      const read = Linear.forward(parameters.value, pooled);
      const { norm, map: further } = parameters.further;
      const seen = tf.add(read, Linear.forward(further, dropped(LayerNorm.forward(norm, read), drop))) as tf.Tensor4D;
      return { events: LayerNorm.forward(parameters.norm, tf.add(events, seen) as tf.Tensor4D), seen, map };
    });
  },
};
