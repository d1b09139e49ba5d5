import { type LayerNormParameters, type Random, LayerNorm, batchedMatMul, tf, unitLength } from '@tass/tensor';
import { type Drop, FeedForward, type FeedForwardParameters } from '../feed-forward';
import { gelu } from '../gelu';
import { change } from '../in-time';
import { NormedLinear, type NormedLinearParameters } from '../normed-linear';

export interface QuestionRouterParameters {
  readonly frames: NormedLinearParameters;
  readonly motion: NormedLinearParameters;
  readonly sound: NormedLinearParameters;
  readonly onset: NormedLinearParameters;
  readonly norm: LayerNormParameters; // of the question
  readonly weights: FeedForwardParameters; // [dim] -> [dim] -> [4]
  readonly furtherNorm: LayerNormParameters;
  readonly further: FeedForwardParameters; // [dim] -> [2 * dim] -> [dim]
}
export interface QuestionRouterInputs {
  readonly picture: tf.Tensor4D; // [videos, 1, time, dim]
  readonly sound: tf.Tensor4D; // [videos, 1, time, dim]
  readonly question: tf.Tensor3D; // [videos, questions, dim]
  readonly drop?: Drop; // inside the further layers, in training
}

/**
 * The question weighs four candidates for what happens in a second: the picture, its change, the sound, and the sound's change where it agrees with the picture.
 *   c = v, dv, a, da * sigmoid(cosine(a_t, v_t)); p = softmax(W_2 gelu(W_1 LN(q))); s = sum over i of p_i W_i LN_i(c_i)
 *   s <- s + W_4 drop(gelu(W_3 LN(s)))
 */
export const QuestionRouter = {
  initialize(dim: number, random: Random): QuestionRouterParameters {
    const candidate = (name: string) => NormedLinear.initialize({ from: dim, to: dim }, random.fork(name));
    return {
      frames: candidate('frames'),
      motion: candidate('motion'),
      sound: candidate('sound'),
      onset: candidate('onset'),
      norm: LayerNorm.initialize({ dim }),
      weights: FeedForward.initialize({ from: dim, dim, to: 4 }, random.fork('weights')),
      furtherNorm: LayerNorm.initialize({ dim }),
      further: FeedForward.initialize({ from: dim, dim: 2 * dim, to: dim }, random.fork('further')),
    };
  },

  /** [videos, questions, time, dim]. */
  forward(parameters: QuestionRouterParameters, { picture, sound, question, drop }: QuestionRouterInputs): tf.Tensor4D {
    return tf.tidy(() => {
      const [videos, , time, dim] = picture.shape;
      const agreement = tf.sigmoid(tf.sum(tf.mul(unitLength(sound), unitLength(picture)), -1, true)); // [videos, 1, time, 1]
      const candidates = [
        NormedLinear.forward(parameters.frames, picture),
        NormedLinear.forward(parameters.motion, change(picture, 2)),
        NormedLinear.forward(parameters.sound, sound),
        NormedLinear.forward(parameters.onset, tf.mul(change(sound, 2), agreement)),
      ];
      const shares = tf.softmax(FeedForward.forward(parameters.weights, LayerNorm.forward(parameters.norm, question), undefined, gelu)); // [videos, questions, 4]
      const summed = batchedMatMul(shares, tf.reshape(tf.concat(candidates, 1), [videos, 4, time * dim]));
      const routed = tf.reshape(summed, [videos, -1, time, dim]);
      const further = FeedForward.forward(parameters.further, LayerNorm.forward(parameters.furtherNorm, routed), drop, gelu);
      return tf.add(routed, further) as tf.Tensor4D;
    });
  },
};
