import { stopGradient, tf } from '@tass/tensor';
import { type AttentionLoss, crossEntropy } from './attention-loss';

/**
 * The attention on sounds teaches the attention on pictures, the more the surer it is (ours): m c(a) CE(a, v), with m the sounds' part of all attention and
 * c(a) = 1 - H(a) / log T, 0 where a is flat. All but v are constants in the gradient.
 */
export const audioTeacher: AttentionLoss = ({ visual, audio, audioMass }) => {
  const most = Math.log(visual.shape[2]);
  const certainty = most > 0 ? tf.sub(1, tf.div(crossEntropy(audio, audio), most)) : tf.onesLike(audioMass); // [videos, questions]
  return tf.mul(stopGradient(tf.mul(audioMass, certainty)), crossEntropy(audio, visual));
};
