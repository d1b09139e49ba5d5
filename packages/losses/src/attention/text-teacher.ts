import { tf, unitLength } from '@tass/tensor';
import { type AttentionLoss, crossEntropy } from './attention-loss';

const SCALE = 100; // the trained CLIP's own; that of a small CLIP would leave the teacher flat

/**
 * CLIP teaches both halves when the target is to be seen (ours): t = softmax over time of 100 * cosine(frame, target), a constant in the gradient;
 * (CE(t, v) + CE(t, a)) / 2. Unlike synchrony it does not prefer still and silent seconds.
 */
export const textTeacher: AttentionLoss = ({ visual, audio, text }) => {
  if (text === undefined) return undefined;
  const cosines = tf.matMul(unitLength(text.target), unitLength(text.frames), false, true); // [videos, questions, time]
  const teacher = tf.softmax(tf.mul(cosines, SCALE));
  return tf.mul(tf.add(crossEntropy(teacher, visual), crossEntropy(teacher, audio)), 0.5);
};
