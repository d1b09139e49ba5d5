import { expectShape, tf } from '@tass/tensor';
import { maskedMean } from './masked-mean';

export interface CrossModalSynchronyInputs {
  readonly visual: tf.Tensor3D; // [videos, questions, time], shares that sum to 1
  readonly audio: tf.Tensor3D; // [videos, questions, time], shares that sum to 1
  readonly mask: tf.Tensor2D; // [videos, questions], 1 or 0
}
/** Means over questions whose mask is 1, in nats. The entropies show whether a divergence fell because both agree or because both became flat. */
export interface CrossModalSynchrony {
  readonly divergence: tf.Scalar; // 0 to log 2
  readonly visualEntropy: tf.Scalar; // 0 to log time
  readonly audioEntropy: tf.Scalar;
}

const EPSILON = 1e-8;

/**
 * CMS: Jensen-Shannon divergence between the question's attention over the visual and over the audio segments.
 * Source: arXiv 2405.07451 and TJSTG (code), which passes probabilities to kl_div instead of log-probabilities, with the mixture as the target,
 * on halves that do not sum to 1; here the halves are rescaled and the logarithm is taken. Throws ShapeError.
 */
export function crossModalSynchrony({ visual, audio, mask }: CrossModalSynchronyInputs): CrossModalSynchrony {
  expectShape(
    'crossModalSynchrony',
    { visual, audio, mask },
    { visual: 'videos questions time', audio: 'videos questions time', mask: 'videos questions' },
  );
  return tf.tidy(() => {
    const log = (shares: tf.Tensor): tf.Tensor => tf.log(tf.add(shares, EPSILON));
    const expectation = (shares: tf.Tensor, values: tf.Tensor): tf.Tensor => tf.sum(tf.mul(shares, values), -1);
    const [logVisual, logAudio, logMixture] = [log(visual), log(audio), log(tf.mul(tf.add(visual, audio), 0.5))]; // each [videos, questions, time]
    const fromVisual = expectation(visual, tf.sub(logVisual, logMixture)); // [videos, questions]
    const fromAudio = expectation(audio, tf.sub(logAudio, logMixture)); // [videos, questions]
    return {
      divergence: maskedMean(tf.mul(tf.add(fromVisual, fromAudio), 0.5), mask),
      visualEntropy: maskedMean(tf.neg(expectation(visual, logVisual)), mask),
      audioEntropy: maskedMean(tf.neg(expectation(audio, logAudio)), mask),
    };
  });
}
