import { Linear, tf, unitLength } from '@tass/tensor';
import type { AudioMapLossInputs } from './audio-map-loss';
import type { MatchHeadInputs, MatchHeadParameters } from './match-head';

/**
 * The match loss as its equation is written, pair by pair; specs compare the fast form with it.
 *   h = relu(W_3 relu(W_2 relu(W_1 [a_t; v_t]))); p = softmax(W_4 h); loss = mean of -log p(match) over the matched segments and of
 *   -log p(no match) over the mismatched ones, whose pictures were grounded by the sound and the question of the video before.
 */
export function plainMatchLoss(
  { audio: ofAudio, visual: ofVisual, second, third, output }: MatchHeadParameters,
  { audio, visual, mismatched, mask }: MatchHeadInputs,
): tf.Tensor {
  const [videos, questions] = mask.shape;
  const first = { weight: tf.concat([ofAudio.weight, ofVisual.weight]) as tf.Tensor2D, bias: ofAudio.bias }; // [2 * dim] -> [512]
  const lossOf = (sound: tf.Tensor, picture: tf.Tensor, label: 0 | 1) => {
    const pair = tf.concat([sound, picture], -1); // [time, 2 * dim]
    const hidden = [first, second, third].reduce((x, layer) => tf.relu(Linear.forward(layer, x)), pair); // [time, 128]
    return tf.neg(tf.unstack(tf.logSoftmax(Linear.forward(output, hidden)), 1)[label]); // [time]
  };
  const [sounds, valid] = [tf.unstack(audio), mask.arraySync()]; // sounds: each [time, dim]
  const at = (pictures: tf.Tensor4D, video: number, question: number) =>
    tf.unstack(tf.unstack(pictures)[video])[Math.min(question, pictures.shape[1] - 1)]; // [time, dim]; all questions may share a picture

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

/**
 * The loss of the audio map as its equation is written, picture by picture; specs compare the fast form with it.
 *   s(x) = sum over regions of p c, with c = cosine(sound, region of picture x) and p = softmax of scale * c; loss = mean of -log softmax of
 *   s / 0.07 at the sound's own picture, over it, the other seconds of its video and the same second of the other videos.
 */
export function plainAudioMapLoss({ audio, regions, logScale, mask }: AudioMapLossInputs): tf.Tensor {
  const [videos, time] = audio.shape;
  const valid = mask.arraySync().map((questions) => questions.some((question) => question === 1));
  const of = (x: tf.Tensor, video: number, second: number) => tf.unstack(tf.unstack(x)[video])[second];
  const losses: tf.Tensor[] = [];
  for (let video = 0; video < videos; video++) {
    for (let second = 0; second < time && valid[video]; second++) {
      const sound = unitLength(of(audio, video, second)); // [joint]
      const found = (v: number, t: number) => {
        const cosines = tf.sum(tf.mul(unitLength(of(regions, v, t)), sound), -1); // [regions]
        return tf.sum(tf.mul(tf.softmax(tf.mul(tf.exp(logScale), cosines)), cosines));
      };
      const pictures = [[video, second]];
      for (let t = 0; t < time; t++) if (t !== second) pictures.push([video, t]);
      for (let v = 0; v < videos; v++) if (v !== video && valid[v]) pictures.push([v, second]);
      const scores = tf.logSoftmax(tf.div(tf.stack(pictures.map(([v, t]) => found(v, t))), 0.07) as tf.Tensor1D);
      losses.push(tf.neg(tf.unstack(scores)[0]));
    }
  }
  return tf.mean(tf.stack(losses));
}
