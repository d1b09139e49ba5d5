import { type LinearParameters, Linear, Projection, type ProjectionParameters, type Random, expectShape, tf } from '@tass/tensor';
import { maskedMean } from './masked-mean';

export interface MatchHeadConfig {
  readonly dim: number;
}
/** [2 * dim] -> 512 -> 256 -> 128 -> 2; the first layer is stored in two parts, so that a sound is multiplied once for all questions. */
export interface MatchHeadParameters {
  readonly audio: LinearParameters;
  readonly visual: ProjectionParameters;
  readonly second: LinearParameters;
  readonly third: LinearParameters;
  readonly output: LinearParameters;
}
export interface MatchHeadInputs {
  readonly audio: tf.Tensor3D; // [videos, time, dim]
  readonly visual: tf.Tensor4D; // [videos, questions or 1, time, dim], grounded by the video's own sound and targets
  /** [videos, questions or 1, time, dim]: a video's segments grounded by the sound and the targets of the video before it in the batch. */
  readonly mismatched: tf.Tensor4D;
  readonly mask: tf.Tensor2D; // [videos, questions], 1 or 0
}

/**
 * Separates segments whose picture and sound belong together from mismatched ones: cross-entropy of relu layers on [a_t; v_t] (code). The code reads
 * negative frames of random videos from the disk; here the negatives are the frames of the next video of the batch. Pair by pair: `plain.ts`.
 * Each part of the first layer is drawn within 1 / sqrt(dim), where PyTorch draws one layer of [2 * dim] within 1 / sqrt(2 * dim).
 */
export const MatchHead = {
  initialize: ({ dim }: MatchHeadConfig, random: Random): MatchHeadParameters => ({
    audio: Linear.initialize({ from: dim, to: 512 }, random.fork('audio')),
    visual: Projection.initialize({ from: dim, to: 512 }, random.fork('visual')),
    second: Linear.initialize({ from: 512, to: 256 }, random.fork('second')),
    third: Linear.initialize({ from: 256, to: 128 }, random.fork('third')),
    output: Linear.initialize({ from: 128, to: 2 }, random.fork('output')),
  }),

  /** The mean over matched and mismatched segments whose questions have mask 1. 0 for a batch of one video, which has no negatives. Throws ShapeError. */
  loss(parameters: MatchHeadParameters, { audio, visual, mismatched, mask }: MatchHeadInputs): tf.Scalar {
    const sizes = expectShape(
      'MatchHead',
      { audio, visual, mismatched, mask },
      {
        audio: 'videos time dim',
        visual: 'videos questions time dim',
        mismatched: 'videos questions time dim',
        mask: visual.shape[1] === 1 ? 'videos all' : 'videos questions',
      },
    );
    return tf.tidy(() => {
      const { videos, questions, time } = sizes;
      const heard = Linear.forward(parameters.audio, audio); // [videos, time, 512]
      const sounds = tf.concat([heard, previousVideo(heard)], 0); // [2 * videos, time, 512]
      const scores = tf.logSoftmax(logits(parameters, sounds, tf.concat([visual, mismatched], 0))); // [2 * videos, questions, time, 2]
      const loss = (half: number, label: number): tf.Tensor =>
        // [videos, questions, time]
        tf.neg(tf.squeeze(tf.slice(scores, [half * videos, 0, 0, label], [videos, questions, time, 1]), [3]));
      const counts = questions === mask.shape[1] ? mask : tf.sum(mask, 1, true); // [videos, questions]; a shared picture counts for every question
      const valid = tf.mul(tf.expandDims(counts, -1), tf.ones([videos, questions, time])); // [videos, questions, time]
      const values = tf.concat([loss(0, 1), loss(1, 0)], 0); // [2 * videos, questions, time]
      const mean = maskedMean(values, tf.concat([valid, previousVideo(valid)], 0));
      return videos === 1 ? (tf.mul(mean, 0) as tf.Scalar) : mean;
    });
  },
};

/** Row v holds row v - 1 of x, the first row the last. */
export function previousVideo<Rank extends tf.Tensor>(x: Rank): Rank {
  const videos = x.shape[0];
  if (videos === 1) return tf.clone(x);
  return tf.tidy(() => tf.concat([tf.slice(x, videos - 1, 1), tf.slice(x, 0, videos - 1)], 0) as Rank);
}

/** `sounds`: the first layer's part of them, [2 * videos, time, 512]. */
function logits({ visual, second, third, output }: MatchHeadParameters, sounds: tf.Tensor3D, pictures: tf.Tensor4D): tf.Tensor {
  const first = tf.relu(tf.add(tf.expandDims(sounds, 1), Projection.forward(visual, pictures))); // [2 * videos, questions, time, 512]
  return Linear.forward(output, tf.relu(Linear.forward(third, tf.relu(Linear.forward(second, first)))));
}
