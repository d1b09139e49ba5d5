import { expectShape, tf } from '@tass/tensor';
import { maskedMean } from './masked-mean';

export interface AnswerLossInputs {
  readonly logits: tf.Tensor3D; // [videos, questions, answers]
  readonly answers: tf.Tensor2D; // int32 [videos, questions]
  readonly mask: tf.Tensor2D; // [videos, questions], 1 or 0
}

/** Cross-entropy over the answers, the mean over questions whose mask is 1. Throws ShapeError. */
export function answerLoss({ logits, answers, mask }: AnswerLossInputs): tf.Scalar {
  const sizes = expectShape(
    'answerLoss',
    { logits, answers, mask },
    { logits: 'videos questions answers', answers: 'videos questions', mask: 'videos questions' },
  );
  return tf.tidy(() => {
    const chosen = tf.sum(tf.mul(tf.logSoftmax(logits), tf.oneHot(answers, sizes.answers)), -1); // log p, [videos, questions]
    return maskedMean(tf.neg(chosen), mask);
  });
}
