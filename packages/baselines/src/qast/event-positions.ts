import { type LayerNormParameters, type LinearParameters, type Random, LayerNorm, Linear, Projection, tf } from '@tass/tensor';
import { FeedForward, type FeedForwardParameters } from '../feed-forward';
import { gelu } from '../gelu';
import { change, runningMean } from '../in-time';
import { lengths } from '../lengths';
import { NormedLinear, type NormedLinearParameters } from '../normed-linear';
import { standardised } from '../standardised';

export interface EventPositionsParameters {
  readonly loudness: LinearParameters; // [1] -> [dim]
  readonly motion: LinearParameters; // [1] -> [dim]
  readonly curves: LinearParameters; // [9] -> [dim]
  readonly question: LinearParameters; // [dim] -> [dim]
  readonly map: FeedForwardParameters; // [4 * dim] -> [2 * dim] -> [dim]
  readonly norm: LayerNormParameters;
  readonly gate: LinearParameters; // [dim] -> [1]
  readonly strength: NormedLinearParameters; // [dim] -> [1]
}
export interface EventPositionsInputs {
  readonly events: tf.Tensor4D; // [videos, questions, time, dim]
  readonly picture: tf.Tensor4D; // [videos, 1, time, dim]
  readonly sound: tf.Tensor4D; // [videos, 1, time, dim]
  readonly question: tf.Tensor3D; // [videos, questions, dim]
}

const GATE_AT_START = 0.8; // before the sigmoid
const STRENGTH_AT_START = 0.07;
const LEAST = 1e-6;

/**
 * Where a second is in the video, by what is heard and seen up to it.
 *   l, m = |a_t|, |dv_t|, each standardised over the video; o = sigmoid(l) sigmoid(m); t from 0 to 1
 *   c = [t, sin(pi t), cos(pi t), relu(dl), relu(dm), running means of sigmoid(l) and of sigmoid(m), o, running mean of 1 - o]
 *   f = LN(W_2 gelu(W_1 [W_l l; W_m m; W_c c; W_q q])), divided by its root mean square; f <- f (1/4 + 3/4 sigmoid(w . f + .8))
 *   e <- e + f * strength * mean |e_t| / mean |f_t|, strength = .05 + .05 sigmoid(b + W LN(q)), about .07 at the start; means over the seconds of a question
 * [our reading] One gate for all channels of a second; its weights and those of the strength start as every layer's do.
 */
export const EventPositions = {
  initialize(dim: number, random: Random): EventPositionsParameters {
    const linear = (name: string, from: number, to = dim) => Linear.initialize({ from, to }, random.fork(name));
    const share = STRENGTH_AT_START / 0.05 - 1; // of the sigmoid
    const toOne = (name: string, bias: number): LinearParameters => {
      const drawn = linear(name, dim, 1);
      drawn.bias.dispose();
      return { weight: drawn.weight, bias: tf.tensor1d([bias]) };
    };
    return {
      loudness: linear('loudness', 1),
      motion: linear('motion', 1),
      curves: linear('curves', 9),
      question: linear('question', dim),
      map: FeedForward.initialize({ from: 4 * dim, dim: 2 * dim, to: dim }, random.fork('map')),
      norm: LayerNorm.initialize({ dim }),
      gate: toOne('gate', GATE_AT_START),
      strength: { norm: LayerNorm.initialize({ dim }), map: toOne('strength', Math.log(share / (1 - share))) },
    };
  },

  /** Events [videos, questions, time, dim], and the strength [videos, questions]. */
  forward(
    parameters: EventPositionsParameters,
    { events, picture, sound, question }: EventPositionsInputs,
  ): { readonly events: tf.Tensor4D; readonly strength: tf.Tensor2D } {
    return tf.tidy(() => {
      const dim = events.shape[3];
      const loudness = standardised(lengths(sound)); // [videos, 1, time]
      const motion = standardised(lengths(change(picture, 2))); // [videos, 1, time]
      const inVideo = [
        Linear.forward(parameters.loudness, tf.expandDims(loudness, 3)),
        Linear.forward(parameters.motion, tf.expandDims(motion, 3)),
        Linear.forward(parameters.curves, curvesOf(loudness, motion)),
      ]; // each [videos, 1, time, dim]
      const asked = tf.expandDims(Linear.forward(parameters.question, question), 2); // [videos, questions, 1, dim]
      const { hidden, output } = parameters.map;
      const [ofVideo, ofQuestion] = tf.split(hidden.weight, [3 * dim, dim]) as tf.Tensor2D[];
      const inside = tf.add(
        Linear.forward({ weight: ofVideo, bias: hidden.bias }, tf.concat(inVideo, -1)),
        Projection.forward({ weight: ofQuestion }, asked),
      ); // [videos, questions, time, 2 * dim]
      const position = LayerNorm.forward(parameters.norm, Linear.forward(output, gelu(inside)));
      const even = tf.mul(position, tf.rsqrt(tf.add(tf.mean(tf.square(position), -1, true), LEAST)));
      const gated = tf.mul(even, between(0.25, 1, Linear.forward(parameters.gate, even)));
      const strength = tf.squeeze(between(0.05, 0.1, NormedLinear.forward(parameters.strength, question)), [2]) as tf.Tensor2D;
      const ratio = tf.div(tf.mean(lengths(events), -1), tf.add(tf.mean(lengths(gated), -1), LEAST)); // [videos, questions]
      const factor = tf.reshape(tf.mul(strength, ratio), [...strength.shape, 1, 1]);
      return { events: tf.add(events, tf.mul(gated, factor)) as tf.Tensor4D, strength };
    });
  },
};

const between = (least: number, most: number, x: tf.Tensor): tf.Tensor => tf.add(least, tf.mul(most - least, tf.sigmoid(x)));

/** The nine curves of a video, [videos, 1, time, 9]; loudness and motion [videos, 1, time]. */
function curvesOf(loudness: tf.Tensor, motion: tf.Tensor): tf.Tensor {
  const time = loudness.shape[2]!;
  const places = Array.from({ length: time }, (_, t) => t / Math.max(time - 1, 1));
  const along = (curve: (place: number) => number): tf.Tensor => tf.broadcastTo(tf.tensor1d(places.map(curve)), loudness.shape);
  const [isLoud, isMoving] = [tf.sigmoid(loudness), tf.sigmoid(motion)];
  const both = tf.mul(isLoud, isMoving);
  const curves = [
    ...[along((place) => place), along((place) => Math.sin(Math.PI * place)), along((place) => Math.cos(Math.PI * place))],
    ...[tf.relu(change(loudness, 2)), tf.relu(change(motion, 2)), runningMean(isLoud, 2), runningMean(isMoving, 2)],
    ...[both, runningMean(tf.sub(1, both), 2)],
  ];
  return tf.stack(curves, 3);
}
