import {
  type Intervention,
  type Network,
  type NetworkBatch,
  type NetworkConfig,
  type NetworkOutputs,
  INTERVENTIONS,
  attentionChange,
} from '@tass/network';
import { type LinearParameters, Linear, tf } from '@tass/tensor';
import { z } from 'zod';
import { AttendedStream, type AttendedStreamParameters } from '../attended-stream';
import { FeedForward, dropAt } from '../feed-forward';
import { Grounding, mapUnder, type GroundingParameters } from '../grounding';
import { LearnedQuestion, type LearnedQuestionParameters } from '../learned-question';
import { drawnBySeed, type MatchTraining } from '../match-training';
import { readBatch } from '../read-batch';

const settings = z.strictObject({
  dim: z.int().positive(), // width of every layer; 512
  heads: z.int().positive(), // of the attention in time; a divisor of dim; 4
  dropout: z.number().min(0).lt(1), // of attention and feed-forward; 0.1
});

type Settings = z.infer<typeof settings>;

export interface StAvqaParameters extends GroundingParameters {
  readonly question: LearnedQuestionParameters;
  readonly visualStream: AttendedStreamParameters;
  readonly audioStream: AttendedStreamParameters;
  readonly merge: LinearParameters; // [2 * dim] -> [dim]
  readonly answer: LinearParameters; // [dim] -> [answers]
}

/**
 * ST-AVQA (AVST): Li et al., CVPR 2022, as its public code computes it. Two streams, grounded in space by the sound and in time by the question.
 *   h, c = LSTM(tanh(E word)); q = W tanh([h; c]); a_t = W_2 relu(W_1 x_t)
 *   p = softmax over regions of cosine(r_i, a_t); v_t = W_gl tanh([mean r_i; sum p_i r_i / |r_i|])
 *   u = MHA(q; v); y_v = LN(u + W_12 relu(W_11 u)), y_a likewise of a
 *   logits = W_ans tanh((W_f tanh([y_a + mean a_t; y_v + mean v_t])) * q); loss = answer + match
 * Other than published: a negative is the frame of another video of the batch, not of the split, and the questions of a video share it; all words of
 * the harness's question length take part, 14 there; where regions have another width than dim, a learned map comes before. What does not depend
 * on the question is computed once for a video. Throws ShapeError, RangeError.
 */
export function stAvqa(
  parameters: StAvqaParameters,
  batch: NetworkBatch,
  { heads, dropout: rate, sizes }: NetworkConfig<Settings>,
  training?: MatchTraining,
  intervention?: Intervention,
): NetworkOutputs {
  return tf.tidy(() => {
    const { regions, audio, wordIds } = readBatch('st-avqa', batch, sizes);
    const { question } = LearnedQuestion.forward(parameters.question, wordIds); // [videos, questions, dim]
    const sound = FeedForward.forward(parameters.audio, audio); // [videos, time, dim]
    const queries = tf.expandDims(sound, 2) as tf.Tensor4D; // [videos, time, 1, dim]
    const mapOf = mapUnder(intervention, (cosines) => tf.softmax(cosines));
    const segments = Grounding.forward(parameters, { regions, queries, negatives: training?.negatives }, mapOf);

    const attend = (stream: AttendedStreamParameters, segment: tf.Tensor4D, label: string) => {
      const at = (place: string) => dropAt(rate, training?.drop?.fork(`${label}.${place}`));
      const inputs = {
        question,
        streams: [segment],
        attentionDrop: at('attention'),
        drop: at('feedForward'),
        change: attentionChange(intervention),
      };
      const { fused, attention, byHead } = AttendedStream.forward(stream, inputs, heads);
      return { summary: tf.add(fused, tf.mean(segment, 2)), attention, byHead }; // [videos, questions, dim], [videos, questions, time]
    };
    const seen = attend(parameters.visualStream, segments.visual, 'visual');
    const heard = attend(parameters.audioStream, tf.expandDims(sound, 1) as tf.Tensor4D, 'audio');

    const merged = Linear.forward(parameters.merge, tf.tanh(tf.concat([heard.summary, seen.summary], -1)));
    const logits = Linear.forward(parameters.answer, tf.tanh(tf.mul(merged, question))) as tf.Tensor3D;
    const [videos, questions] = question.shape;
    const map = tf.broadcastTo(tf.transpose(segments.map, [0, 2, 1, 3]), [videos, questions, ...regions.shape.slice(1, 3)] as [number, number, number, number]) as tf.Tensor4D; // prettier-ignore
    return {
      logits,
      attention: { visual: seen.attention, audio: heard.attention },
      attentionByHead: { visual: seen.byHead, audio: heard.byHead },
      grounding: { map, audioMap: tf.clone(map) },
      ...(training ? { losses: { match: Grounding.matchLoss(parameters, sound, segments, training.mask) } } : {}),
    };
  });
}

export const network: Network<Settings, StAvqaParameters> = {
  name: 'st-avqa',
  settings,
  example: { dim: 8, heads: 2, dropout: 0 },
  losses: ['match'],
  needs: () => ({ video: true, audio: true, text: false }),
  interventions: () => INTERVENTIONS,
  mistakes: ({ dim, heads }) => (dim % heads === 0 ? [] : [{ path: ['model', 'heads'], expected: `a divisor of model.dim (${dim})` }]),

  initialize({ dim, heads, sizes }, random) {
    const linear = (name: string, from: number, to: number) => Linear.initialize({ from, to }, random.fork(name));
    return {
      ...Grounding.initialize(dim, sizes, random),
      question: LearnedQuestion.initialize({ dim, vocabulary: sizes.vocabulary }, random.fork('question')),
      visualStream: AttendedStream.initialize({ dim, heads }, random.fork('visualStream')),
      audioStream: AttendedStream.initialize({ dim, heads }, random.fork('audioStream')),
      merge: linear('merge', 2 * dim, dim),
      answer: linear('answer', dim, sizes.answers),
    };
  },

  forward: drawnBySeed(stAvqa),
};
