import { tf } from '@tass/tensor';

/** All tokens that a layer mixes, and which of them are there. */
export interface Tokens {
  readonly x: tf.Tensor4D; // [videos, questions, tokens, dim]
  readonly mask: tf.Tensor3D; // [videos, questions, tokens], 1 or 0
}

/** Streams [videos, questions or 1, positions, dim] and a question's words [videos, questions, words, dim], end to end; padding words are masked. */
export function tokensOf(streams: readonly tf.Tensor4D[], words: tf.Tensor4D, wordMask: tf.Tensor3D): Tokens {
  return tf.tidy(() => {
    const [videos, questions, , dim] = words.shape;
    const ofQuestions = streams.map((stream) => tf.broadcastTo(stream, [videos, questions, stream.shape[2], dim]));
    const count = streams.reduce((sum, { shape }) => sum + shape[2], 0);
    return {
      x: tf.concat([...ofQuestions, words], 2) as tf.Tensor4D,
      mask: tf.concat([tf.ones([videos, questions, count]), wordMask], 2) as tf.Tensor3D,
    };
  });
}

/** The mean of the tokens that are there, [videos, questions, dim]. */
export function meanOfTokens(x: tf.Tensor4D, mask: tf.Tensor3D): tf.Tensor3D {
  return tf.tidy(() => tf.div(tf.sum(tf.mul(x, tf.expandDims(mask, 3)), 2), tf.sum(mask, 2, true)) as tf.Tensor3D);
}
