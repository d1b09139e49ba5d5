import { crossModalSynchrony, maskedMean } from '@tass/losses';
import {
  type Intervention,
  type Network,
  type NetworkBatch,
  type NetworkConfig,
  type NetworkOutputs,
  INTERVENTIONS,
  attentionChange,
} from '@tass/network';
import { type AttentionWeightsParameters, type BidirectionalLstmParameters, type LinearParameters, type MultiHeadAttentionParameters, AttentionWeights, BidirectionalLstm, Linear, batchedMatMul, maskedSoftmax, tf } from '@tass/tensor'; // prettier-ignore
import { z } from 'zod';
import { AttendedStream, type AttendedStreamParameters } from '../attended-stream';
import { type Drop, FeedForward, type FeedForwardParameters, dropAt } from '../feed-forward';
import { Grounding, mapUnder, type GroundingParameters } from '../grounding';
import { initialValues } from '../initial-values';
import { LearnedQuestion, type LearnedQuestionParameters } from '../learned-question';
import { drawnBySeed, type MatchTraining } from '../match-training';
import { readBatch } from '../read-batch';

const settings = z.strictObject({
  form: z.enum(['published', 'corrected']), // with the faults of the public code, or without
  dim: z.int().positive(), // width of every layer; 512
  heads: z.int().positive(), // of both attentions; a divisor of dim; 4
  dropout: z.number().min(0).lt(1), // of feed-forward layers and of the weights that choose the target; 0.2
  attentionDropout: z.number().min(0).lt(1), // of the weights in time; 0.1
});

type Settings = z.infer<typeof settings>;
type Form = Settings['form'];

export interface TjstgParameters extends GroundingParameters {
  readonly question: LearnedQuestionParameters;
  /** Of the published attention nothing is trained: its output is not read, and which weight is the largest has no gradient. */
  readonly target: { readonly attention: AttentionWeightsParameters | MultiHeadAttentionParameters; readonly map: FeedForwardParameters };
  readonly visualContext: BidirectionalLstmParameters; // [dim] -> 2 x [dim / 2]
  readonly audioContext: BidirectionalLstmParameters; // [dim] -> 2 x [dim / 2]
  readonly stream: AttendedStreamParameters;
  readonly merge: LinearParameters; // [2 * dim] -> [dim]
  readonly answer: LinearParameters; // [dim] -> [answers]
}

const LEAST_OF_BOTH = 0.01 * 196; // what a region's two shares are to exceed together, in units of 1 / regions: 0.01 of 196 regions

/**
 * TJSTG: AAAI 2024, as its public code computes it (`published`), or without its faults (`corrected`).
 *   h_j, c = LSTM(tanh(E word_j)); q = W tanh([h_last; c]); w = weights of MHA(c; h), the mean over heads; u = W_b relu(W_a h_j), j the largest w
 *   s = softmax over regions of cosine(r_i, u), plus that of cosine(r_i, a_t); 0 where it is at most 0.01; p = softmax of s
 *   v_t = W_gl tanh([mean r_i; sum p_i r_i / |r_i|]); y, w = LN(o + W_2 relu(W_1 o)), o = MHA(q; BiLSTM(v), BiLSTM(a)), as one stream
 *   logits = W_ans tanh((W_f tanh([mean a_t; mean v_t]) + y) * q); loss = answer + match + synchrony of both halves of w
 * Faults of `published`, and what `corrected` does:
 * - The target of segment t of question b of B is that of question (b * time + t) mod B of the batch: rows are laid out one way and read the other. Its own.
 * - The second softmax takes shares for scores: the map is nearly uniform, and regions under the threshold keep their weight. One softmax of the sum
 *   of both cosines, over the regions above the threshold.
 * - The largest weight has no gradient. The sum of all words by their weights, u = W_b relu(W_a sum_j w_j h_j).
 * - The synchrony loss calls kl_div on probabilities, of halves that do not sum to 1 (`publishedSynchrony`). The Jensen-Shannon divergence of both
 *   halves, each rescaled to sum to 1.
 * Other than published in both forms: as in ST-AVQA. The threshold is 0.01 for 196 regions, and for other numbers the same share of the uniform one.
 * Throws ShapeError, RangeError.
 */
export function tjstg(
  parameters: TjstgParameters,
  batch: NetworkBatch,
  { form, heads, dropout, attentionDropout, sizes }: NetworkConfig<Settings>,
  training?: MatchTraining,
  intervention?: Intervention,
): NetworkOutputs {
  return tf.tidy(() => {
    const { regions, audio, wordIds } = readBatch('tjstg', batch, sizes);
    const at = (place: string, rate: number): Drop | undefined => dropAt(rate, training?.drop?.fork(place));
    const encoded = LearnedQuestion.forward(parameters.question, wordIds);
    const { question } = encoded; // [videos, questions, dim]
    const { target, targetWeights } = targetOf(parameters.target, encoded, form, heads, at('target', dropout));
    const sound = FeedForward.forward(parameters.audio, audio); // [videos, time, dim]
    const [videos, questions, dim] = question.shape;
    const { time } = sizes;

    const queries = tf.concat([targetsInTime(target, time, form), tf.expandDims(sound, 2)], 2) as tf.Tensor4D; // [videos, time, questions + 1, dim]
    const mapOf = mapUnder(intervention, form === 'published' ? publishedMap : correctedMap);
    const segments = Grounding.forward(parameters, { regions, queries, negatives: training?.negatives }, mapOf);

    const rows = (x: tf.Tensor): tf.Tensor3D => tf.reshape(x, [-1, time, dim]);
    const seen = tf.reshape(BidirectionalLstm.forward(parameters.visualContext, rows(segments.visual)), [
      videos,
      questions,
      time,
      dim,
    ]) as tf.Tensor4D;
    const heard = tf.expandDims(BidirectionalLstm.forward(parameters.audioContext, sound), 1) as tf.Tensor4D; // [videos, 1, time, dim]
    const drops = { attentionDrop: at('attention', attentionDropout), drop: at('feedForward', dropout) };
    const looking = { question, streams: [seen, heard], ...drops, change: attentionChange(intervention) };
    const { fused, attention, byHead } = AttendedStream.forward(parameters.stream, looking, heads);
    const [onVisual, onAudio] = tf.split(attention, 2, -1) as tf.Tensor3D[]; // each [videos, questions, time]
    const [visualByHead, audioByHead] = tf.split(byHead, 2, -1) as tf.Tensor4D[]; // each [videos, questions, heads, time]
    const attentionByHead = { visual: visualByHead, audio: audioByHead };
    const halves = { visual: rescaled(onVisual), audio: rescaled(onAudio) };

    const means = [tf.broadcastTo(tf.mean(sound, 1, true), question.shape), tf.mean(segments.visual, 2)]; // each [videos, questions, dim]
    const merged = tf.add(Linear.forward(parameters.merge, tf.tanh(tf.concat(means, -1))), fused);
    const logits = Linear.forward(parameters.answer, tf.tanh(tf.mul(merged, question))) as tf.Tensor3D;
    const grounding = { ...mapsOf(segments.map, segments.cosines), targetWeights };
    if (training === undefined) return { logits, attention: halves, attentionByHead, grounding };
    const { divergence, ...figures } = crossModalSynchrony({ ...halves, mask: training.mask });
    const synchrony = form === 'published' ? publishedSynchrony(onVisual, onAudio, training.mask) : divergence;
    const match = Grounding.matchLoss(parameters, sound, segments, training.mask);
    return { logits, attention: halves, attentionByHead, grounding, losses: { match, synchrony }, figures };
  });
}

/** What each question asks about, [videos, questions, dim], and by which words, [videos, questions, words]. */
function targetOf(
  { attention, map }: TjstgParameters['target'],
  { states, memory }: LearnedQuestion,
  form: Form,
  heads: number,
  drop: Drop | undefined,
): { target: tf.Tensor3D; targetWeights: tf.Tensor3D } {
  const weights = tf.mean(
    AttentionWeights.forward(attention, { query: memory, streams: [states], dropout: drop }, { heads }),
    2,
  ) as tf.Tensor3D;
  const words = weights.shape[2];
  const targetWeights = form === 'published' ? (tf.oneHot(tf.argMax(weights, -1), words, 1, 0, 'float32') as tf.Tensor3D) : weights;
  const picked = tf.squeeze(batchedMatMul(tf.expandDims(targetWeights, 2), states), [2]) as tf.Tensor3D;
  return { target: FeedForward.forward(map, picked), targetWeights };
}

/** The target that each segment is grounded by, [videos, time, questions, dim]. */
function targetsInTime(target: tf.Tensor3D, time: number, form: Form): tf.Tensor {
  const [videos, questions, dim] = target.shape;
  if (form === 'corrected') return tf.broadcastTo(tf.expandDims(target, 1), [videos, time, questions, dim]);
  const count = videos * questions;
  const taken = Array.from({ length: count * time }, (_, i) => {
    const [video, t, question] = [Math.floor(i / (time * questions)), Math.floor(i / questions) % time, i % questions];
    return ((video * questions + question) * time + t) % count;
  });
  return tf.reshape(tf.gather(tf.reshape(target, [count, dim]), tf.tensor1d(taken, 'int32')), [videos, time, questions, dim]);
}

/** Of shares or cosines of all queries [videos, time, questions + 1, regions] the sum of each question's and the sound's, [videos, time, questions, regions]. */
function withSound(ofQueries: tf.Tensor4D): tf.Tensor4D {
  const [ofTargets, ofSound] = tf.split(ofQueries, [ofQueries.shape[2] - 1, 1], 2);
  return tf.add(ofTargets, ofSound) as tf.Tensor4D;
}

/** 1 where both shares of a region together are above the threshold, else 0: a constant in the gradient. One at least is, as the mean of shares is. */
const isKept = (shares: tf.Tensor4D): tf.Tensor => tf.step(tf.sub(shares, LEAST_OF_BOTH / shares.shape[3]));

function publishedMap(cosines: tf.Tensor4D): tf.Tensor4D {
  const shares = withSound(tf.softmax(cosines));
  return tf.softmax(tf.mul(shares, isKept(shares))) as tf.Tensor4D;
}

function correctedMap(cosines: tf.Tensor4D): tf.Tensor4D {
  return maskedSoftmax(withSound(cosines), isKept(withSound(tf.softmax(cosines))));
}

/**
 * 1/2 kl_div(w_a, m) + 1/2 kl_div(w_v, m) with m = (w_a + w_v) / 2, as PyTorch's kl_div(x, m) = mean of m (log m - x), which takes x for log
 * probabilities. The sum of both is the mean of m (log m - m): how far the halves differ plays no role in it.
 */
export function publishedSynchrony(visual: tf.Tensor3D, audio: tf.Tensor3D, mask: tf.Tensor2D): tf.Scalar {
  const m = tf.mul(tf.add(visual, audio), 0.5);
  return maskedMean(tf.mean(tf.mul(m, tf.sub(tf.log(tf.maximum(m, 1e-8)), m)), -1), mask);
}

const rescaled = (half: tf.Tensor3D): tf.Tensor3D => tf.div(half, tf.maximum(tf.sum(half, -1, true), 1e-8));

function mapsOf(map: tf.Tensor4D, cosines: tf.Tensor4D) {
  const [videos, time, questions, regions] = map.shape;
  const [ofTargets, ofSound] = tf.split(tf.softmax(cosines), [questions, 1], 2);
  const questionsFirst = (x: tf.Tensor): tf.Tensor4D => tf.transpose(tf.broadcastTo(x, [videos, time, questions, regions]), [0, 2, 1, 3]);
  return { map: questionsFirst(map), textMap: questionsFirst(ofTargets), audioMap: questionsFirst(ofSound) };
}

export const network: Network<Settings, TjstgParameters> = {
  name: 'tjstg',
  settings,
  example: { form: 'corrected', dim: 8, heads: 2, dropout: 0, attentionDropout: 0 }, // published has a spec of its own
  losses: ['match', 'synchrony'],
  needs: () => ({ video: true, audio: true, text: false }),
  interventions: () => INTERVENTIONS,

  mistakes: ({ dim, heads }) => [
    ...(dim % heads === 0 ? [] : [{ path: ['model', 'heads'], expected: `a divisor of model.dim (${dim})` }]),
    ...(dim % 2 === 0 ? [] : [{ path: ['model', 'dim'], expected: 'an even number: half of it for each direction of the LSTM' }]),
  ],

  remarks: ({ form }) =>
    form === 'published'
      ? [
          'as its public code: an answer depends on the other questions of the batch, by whose targets it is grounded, and the maps are nearly uniform',
        ]
      : [],

  initialize(config, random) {
    const { form, dim, heads, sizes } = config;
    const linear = (name: string, from: number, to: number) => Linear.initialize({ from, to }, random.fork(name));
    return {
      ...Grounding.initialize(dim, sizes, random),
      question: LearnedQuestion.initialize({ dim, vocabulary: sizes.vocabulary }, random.fork('question')),
      target: {
        attention: (form === 'published' ? initialValues.attention : initialValues.attentionWeights)(
          config,
          random.fork('target.attention'),
        ), // corrected reads weights alone
        map: FeedForward.initialize({ from: dim, dim }, random.fork('target.map')),
      },
      visualContext: initialValues.bidirectionalLstm({ from: dim, hidden: dim / 2 }, random.fork('visualContext')),
      audioContext: initialValues.bidirectionalLstm({ from: dim, hidden: dim / 2 }, random.fork('audioContext')),
      stream: AttendedStream.initialize({ dim, heads }, random.fork('stream')),
      merge: linear('merge', 2 * dim, dim),
      answer: linear('answer', dim, sizes.answers),
    };
  },

  forward: drawnBySeed(tjstg),
};
