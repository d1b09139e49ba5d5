import { expectShape, tf, unitLength } from '@tass/tensor';
import { maskedMean } from './masked-mean';

export interface ContrastiveMatchParameters {
  readonly logTemperature: tf.Scalar;
}
export interface ContrastiveMatchInputs {
  readonly audio: tf.Tensor3D; // [videos, time, joint], the sound in the joint space
  readonly grounded: tf.Tensor4D; // [videos, questions or 1, time, joint], the pooled regions; 1: shared by the questions
  readonly mask: tf.Tensor2D; // [videos, questions], 1 or 0
}

const TEMPERATURE = 0.07; // at the start, as CLIP

/**
 * InfoNCE over the videos of a batch (ours): a segment's sound has to be closer to its own grounded regions than to those of other videos at
 * the same time and question index. cosine / temperature, with a learned temperature. A question with mask 0 is neither an example nor a
 * negative. 0 for a batch of one video.
 */
export const ContrastiveMatch = {
  initialize: (): ContrastiveMatchParameters => ({ logTemperature: tf.scalar(Math.log(TEMPERATURE)) }),

  /** The mean over segments of questions with mask 1. Throws ShapeError. */
  loss({ logTemperature }: ContrastiveMatchParameters, { audio, grounded, mask }: ContrastiveMatchInputs): tf.Scalar {
    const { videos, questions, time, joint } = expectShape(
      'ContrastiveMatch',
      { audio, grounded, mask },
      {
        audio: 'videos time joint',
        grounded: 'videos questions time joint',
        mask: grounded.shape[1] === 1 ? 'videos all' : 'videos questions',
      },
    );
    return tf.tidy(() => {
      const sounds = tf.transpose(unitLength(audio), [1, 0, 2]); // [time, videos, joint]
      const pictures = tf.reshape(tf.transpose(unitLength(grounded), [2, 1, 0, 3]), [time, questions * videos, joint]);
      const cosines = tf.reshape(tf.matMul(sounds, pictures, false, true), [time, videos, questions, videos]);
      const valid = tf.transpose(mask); // [questions of the mask, videos]: shared regions count for every question
      const scores = tf.sub(tf.mul(cosines, tf.exp(tf.neg(logTemperature))), tf.mul(tf.sub(1, valid), 1e9)); // [time, videos, questions, videos]
      const own = tf.sum(tf.mul(tf.logSoftmax(scores), tf.reshape(tf.eye(videos), [videos, 1, videos])), -1); // [time, videos, questions]
      const examples = tf.mul(mask, tf.onesLike(own));
      return maskedMean(tf.neg(own), examples);
    });
  },
};
