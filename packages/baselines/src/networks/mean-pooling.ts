import type { Network } from '@tass/network';
import { Linear, type LinearParameters, tf } from '@tass/tensor';
import { z } from 'zod';

const settings = z.strictObject({
  dim: z.int().positive(), // width of every layer
});

interface MeanPoolingParameters {
  readonly video: LinearParameters; // [regionDim] -> [dim]
  readonly audio: LinearParameters; // [audioDim] -> [dim]
  readonly question: LinearParameters; // [textDim] -> [dim]
  readonly hidden: LinearParameters; // [3 * dim] -> [dim]
  readonly second: LinearParameters; // [dim] -> [dim]
  readonly answer: LinearParameters; // [dim] -> [answers]
}

/**
 * A control (ours) that grounds nothing: what is left of a video is the mean of its regions and of its sound.
 *   h = relu(W_1 [W_v mean_{t,r} region; W_a mean_t audio; W_q sentence]); logits = W_o relu(W_2 h)
 */
export const network: Network<z.infer<typeof settings>, MeanPoolingParameters> = {
  name: 'mean-pooling',
  settings,
  example: { dim: 8 },
  needs: () => ({ video: true, audio: true, text: true }),
  takesTokens: true, // it reads the sentence alone

  initialize({ dim, sizes }, random) {
    const linear = (name: string, from: number, to: number) => Linear.initialize({ from, to }, random.fork(name));
    return {
      video: linear('video', sizes.regionDim!, dim),
      audio: linear('audio', sizes.audioDim!, dim),
      question: linear('question', sizes.textDim!, dim),
      hidden: linear('hidden', 3 * dim, dim),
      second: linear('second', dim, dim),
      answer: linear('answer', dim, sizes.answers),
    };
  },

  forward(parameters, { regions, audio, sentence }, { dim }) {
    return tf.tidy(() => {
      const [videos, questions] = sentence!.shape;
      const forAll = (ofVideos: tf.Tensor) => tf.broadcastTo(tf.expandDims(ofVideos, 1), [videos, questions, dim]);
      const seen = forAll(Linear.forward(parameters.video, tf.mean(regions!, [1, 2]))); // [videos, questions, dim]
      const heard = forAll(Linear.forward(parameters.audio, tf.mean(audio!, 1))); // [videos, questions, dim]
      const asked = Linear.forward(parameters.question, sentence!); // [videos, questions, dim]
      const hidden = tf.relu(Linear.forward(parameters.hidden, tf.concat([seen, heard, asked], -1)));
      return { logits: Linear.forward(parameters.answer, tf.relu(Linear.forward(parameters.second, hidden))) as tf.Tensor3D };
    });
  },
};
