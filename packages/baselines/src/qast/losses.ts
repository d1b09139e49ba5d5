import { maskedMean } from '@tass/losses';
import { batchedMatMul, tf, unitLength } from '@tass/tensor';
import { change } from '../in-time';

export const lossNames = ['audioVisual', 'questionPatches', 'events', 'counterfactual', 'diversity', 'strength'] as const;
export type QastLosses = Readonly<Record<(typeof lossNames)[number], tf.Scalar>>;

export interface LossInputs {
  readonly sound: tf.Tensor3D; // [videos, questions, dim], pooled by importance, as the next two
  readonly picture: tf.Tensor3D;
  readonly patches: tf.Tensor3D;
  readonly question: tf.Tensor3D; // [videos, questions, dim]
  readonly events: tf.Tensor4D; // [videos, questions, time, dim], as the readers see them
  readonly memory: tf.Tensor4D; // [videos, questions, branches, dim]
  readonly queries: tf.Tensor2D; // [readers, dim]
  readonly strength: tf.Tensor2D; // [videos, questions], of the positions
  readonly logits: tf.Tensor3D; // [videos, questions, answers]
  readonly logitsOfRest: tf.Tensor3D; // those of the seconds of least importance
  readonly answers: tf.Tensor2D; // int32 [videos, questions]
  readonly mask: tf.Tensor2D; // [videos, questions]
  readonly rise: tf.Scalar; // from 0 to 1 over the first epochs
}

const MARGIN = 0.2;
const BAND = [0.06, 0.08] as const;

/**
 * What QAST trains besides the answers; means over the questions of the mask. rise = min(1, epoch / 3).
 *   audioVisual: rise * mean over channels of (a/|a| - v/|v|)^2; questionPatches: rise * (1 - cosine(q, patches))
 *   events: mean over seconds and channels of (e_t - e_(t-1))^2, 0 at the first, + mean of cosine^2 of two tokens of the memory
 *   counterfactual: relu(.2 - z_y + z'_y), y the answer, z' the logits by the seconds of least importance
 *   diversity: mean of cosine^2 of two of the readers' queries; strength: how far that of the positions is outside of .06 to .08
 * [our reading] The text names the last two without equations: `position band` is taken for a band about the strength's start, .07.
 */
export function qastLosses(inputs: LossInputs): QastLosses {
  const { sound, picture, patches, question, events, memory, queries, strength, logits, logitsOfRest, answers, mask, rise } = inputs;
  const ofQuestions = (values: tf.Tensor): tf.Scalar => maskedMean(values, mask);
  const risen = (loss: tf.Scalar): tf.Scalar => tf.mul(loss, rise);
  return tf.tidy(() => {
    const chosen = tf.oneHot(answers, logits.shape[2], 1, 0, 'float32');
    const ofAnswer = (of: tf.Tensor3D): tf.Tensor => tf.sum(tf.mul(of, chosen), -1); // [videos, questions]
    const difference = tf.sub(unitLength(sound), unitLength(picture));
    const similarity = tf.sum(tf.mul(unitLength(question), unitLength(patches)), -1);
    const [least, most] = BAND;
    return {
      audioVisual: risen(ofQuestions(tf.mean(tf.square(difference), -1))),
      questionPatches: risen(ofQuestions(tf.sub(1, similarity))),
      events: ofQuestions(tf.add(tf.mean(tf.square(change(events, 2)), [2, 3]), likeness(memory))),
      counterfactual: ofQuestions(tf.relu(tf.add(tf.sub(MARGIN, ofAnswer(logits)), ofAnswer(logitsOfRest)))),
      diversity: likeness(queries) as tf.Scalar,
      strength: ofQuestions(tf.add(tf.relu(tf.sub(least, strength)), tf.relu(tf.sub(strength, most)))),
    };
  });
}

/** The mean of cosine^2 over all pairs of two different vectors, [..., vectors, dim] -> [...]. */
function likeness(vectors: tf.Tensor): tf.Tensor {
  const count = vectors.shape[vectors.shape.length - 2]!;
  const unit = unitLength(vectors);
  const squares = tf.square(batchedMatMul(unit, unit, true)); // [..., vectors, vectors]
  const pairs = Math.max(count * (count - 1), 1);
  return tf.div(tf.sum(tf.mul(squares, tf.sub(1, tf.eye(count))), [-2, -1]), pairs);
}
