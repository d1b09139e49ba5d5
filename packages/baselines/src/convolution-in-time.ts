import { type Random, tf } from '@tass/tensor';

export interface ConvolutionInTimeParameters {
  readonly kernel: tf.Tensor2D; // [seconds, dim]
  readonly bias: tf.Tensor1D; // [dim]
}

/**
 * A convolution of each channel by itself: y_t = b + sum over j of w_j x_(t + j - h), j from 0 to 2h, zeros outside of the video. Initial values as
 * PyTorch's Conv1d with as many groups as channels: uniform within 1 / sqrt(seconds).
 */
export const ConvolutionInTime = {
  /** `seconds`: of the kernel, an odd number from 3. */
  initialize({ dim, seconds }: { readonly dim: number; readonly seconds: number }, random: Random): ConvolutionInTimeParameters {
    const limit = 1 / Math.sqrt(seconds);
    return {
      kernel: tf.tensor2d(random.fork('kernel').uniforms(seconds * dim, limit), [seconds, dim]),
      bias: tf.tensor1d(random.fork('bias').uniforms(dim, limit)),
    };
  },

  /** x: [videos, questions, time, dim] -> the same. */
  forward({ kernel, bias }: ConvolutionInTimeParameters, x: tf.Tensor4D): tf.Tensor4D {
    return tf.tidy(() => {
      const [time, half] = [x.shape[2], (kernel.shape[0] - 1) / 2];
      const wide = tf.pad(x, [[0, 0], [0, 0], [half, half], [0, 0]]); // prettier-ignore
      const terms = tf.split(kernel, kernel.shape[0]).flatMap((weight, j) => {
        const meetsVideo = Math.abs(j - half) < time;
        return meetsVideo ? tf.mul(tf.slice(wide, [0, 0, j, 0], [-1, -1, time, -1]), weight) : [];
      });
      return tf.add(tf.addN(terms), bias) as tf.Tensor4D;
    });
  },
};
