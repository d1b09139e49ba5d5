import { Linear, tf } from '@tass/tensor';
import type { MatchHeadInputs, MatchHeadParameters } from './match-head';

/**
 * The match loss as its equation is written, pair by pair; the specs hold the fast form against it.
 *   h = relu(W_3 relu(W_2 relu(W_1 [a_t; v_t]))); p = softmax(W_4 h); loss = mean of -log p(match) over the matched segments and of
 *   -log p(no match) over the mismatched ones, whose pictures were grounded by the sound and the question of the video before.
 */
export function plainMatchLoss(
  { audio: ofAudio, visual: ofVisual, second, third, output }: MatchHeadParameters,
  { audio, visual, mismatched, mask }: MatchHeadInputs,
): tf.Tensor {
  const [videos, questions] = visual.shape;
  const first = { weight: tf.concat([ofAudio.weight, ofVisual.weight]) as tf.Tensor2D, bias: ofAudio.bias }; // [2 * dim] -> [512]
  const lossOf = (sound: tf.Tensor, picture: tf.Tensor, label: 0 | 1) => {
    const pair = tf.concat([sound, picture], -1); // [time, 2 * dim]
    const hidden = [first, second, third].reduce((x, layer) => tf.relu(Linear.forward(layer, x)), pair); // [time, 128]
    return tf.neg(tf.unstack(tf.logSoftmax(Linear.forward(output, hidden)), 1)[label]); // [time]
  };
  const [sounds, valid] = [tf.unstack(audio), mask.arraySync()]; // sounds: each [time, dim]
  const at = (pictures: tf.Tensor, video: number, question: number) => tf.unstack(tf.unstack(pictures)[video])[question]; // [time, dim]

  const losses: tf.Tensor[] = [];
  for (let video = 0; video < videos; video++) {
    const before = (video + videos - 1) % videos;
    for (let question = 0; question < questions; question++) {
      if (valid[video][question]) losses.push(lossOf(sounds[video], at(visual, video, question), 1));
      if (valid[before][question]) losses.push(lossOf(sounds[before], at(mismatched, video, question), 0));
    }
  }
  return tf.mean(tf.stack(losses));
}
