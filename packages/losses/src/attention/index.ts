import { expectShape, tf } from '@tass/tensor';
import { maskedMean } from '../masked-mean';
import type { AttentionLoss, AttentionLossInputs } from './attention-loss';
import { flatAttention } from './flat-attention';
import { textTeacher } from './text-teacher';

/** Further losses on the attention in time, by the name that their weight has in `loss.*`. To add one, write a file next to these and its name here. */
const losses = { flatAttention, textTeacher };

export type AttentionLossName = keyof typeof losses;
export const attentionLossNames = Object.keys(losses) as AttentionLossName[];

/** The mean over questions whose mask is 1. Undefined if what the loss compares is missing. Throws ShapeError. */
export function attentionLoss(name: AttentionLossName, inputs: AttentionLossInputs): tf.Scalar | undefined {
  const { visual, audio, text, mask } = inputs;
  const ofTime = 'videos questions time';
  const sizes = expectShape(name, { visual, audio, mask }, { visual: ofTime, audio: ofTime, mask: 'videos questions' });
  if (text) expectShape(name, { ...text }, { frames: 'videos time joint', target: 'videos questions joint' }, sizes);
  const form: AttentionLoss = losses[name];
  return tf.tidy(() => {
    const values = form(inputs);
    return values && maskedMean(values, mask);
  });
}
