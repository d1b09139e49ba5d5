import type { DataSizes, Mistake, Network, NetworkBatch, NetworkConfig } from '@tass/network';
import {
  DropoutSource,
  LayerNorm,
  Linear,
  SelfAttention,
  dropout,
  expectShape,
  tf,
  type LayerNormParameters,
  type LinearParameters,
  type MultiHeadAttentionParameters,
  type Random,
} from '@tass/tensor';
import { z } from 'zod';
import { questionAttention } from '../question-attention';

const settings = z.strictObject({
  dim: z.int().positive(), // a multiple of heads
  heads: z.int().positive(),
  layers: z.int().positive(),
  dropout: z.number().min(0).lt(1), // of the sentence's last state
});
type Settings = z.infer<typeof settings>;

interface LayerParameters {
  readonly attentionNorm: LayerNormParameters;
  readonly attention: MultiHeadAttentionParameters;
  readonly feedForwardNorm: LayerNormParameters;
  readonly hidden: LinearParameters; // [dim] -> [4 * dim]
  readonly output: LinearParameters; // [4 * dim] -> [dim]
}

interface TransformerParameters {
  readonly sentence: LinearParameters; // [textDim] -> [dim]
  readonly words: LinearParameters; // [textDim] -> [dim]
  readonly regions: LinearParameters; // [regionDim] -> [dim]
  readonly frames: LinearParameters; // [frameDim] -> [dim]
  readonly audio: LinearParameters; // [audioDim] -> [dim]
  readonly wordPlaces: tf.Tensor2D; // [words, dim]
  readonly regionPlaces: tf.Tensor2D; // [regions, dim]
  readonly times: tf.Tensor2D; // [time, dim], shared by regions, frames and sound, which differ by their maps' biases
  readonly layers: Readonly<Record<string, LayerParameters>>; // by number from 0
  readonly norm: LayerNormParameters;
  readonly answer: LinearParameters; // [dim] -> [answers]
}

const EMBEDDING_DEVIATION = 0.02;

/**
 * A control (ours) without any design for the task: one transformer over all tokens of a question and its video, [regions of all segments; frames;
 * sound; sentence; words], each by a linear map of its kind, with embeddings of place and time. Pre-norm layers:
 *   x ← x + MHA(LN x; LN x); x ← x + W_2 relu(W_1 LN x); logits = W_o LN(x of the sentence)
 * A mask keeps the video's tokens from looking at the question, so that they are computed once for all of its questions; padding words are not looked at.
 */
export const network: Network<Settings, TransformerParameters> = {
  name: 'transformer',
  settings,
  example: { dim: 8, heads: 2, layers: 2, dropout: 0 },
  needs: () => ({ video: true, audio: true, text: true }),
  takesTokens: true,
  mistakes: ({ dim, heads }): Mistake[] => (dim % heads === 0 ? [] : [{ path: ['model', 'heads'], expected: `a divisor of model.dim (${dim})` }]), // prettier-ignore

  initialize({ dim, heads, layers, sizes }, random) {
    const linear = (name: string, from: number, to: number) => Linear.initialize({ from, to }, random.fork(name));
    const embedding = (name: string, count: number): tf.Tensor2D =>
      tf.tensor2d(random.fork(name).normals(count * dim, EMBEDDING_DEVIATION), [count, dim]);
    return {
      sentence: linear('sentence', sizes.textDim!, dim),
      words: linear('words', sizes.textDim!, dim),
      regions: linear('regions', sizes.regionDim!, dim),
      frames: linear('frames', sizes.frameDim!, dim),
      audio: linear('audio', sizes.audioDim!, dim),
      wordPlaces: embedding('wordPlaces', sizes.words),
      regionPlaces: embedding('regionPlaces', sizes.regions!),
      times: embedding('times', sizes.time),
      layers: Object.fromEntries(Array.from({ length: layers }, (_, i) => [i, initializeLayer(dim, heads, random.fork(`layer ${i}`))])),
      norm: LayerNorm.initialize({ dim }),
      answer: linear('answer', dim, sizes.answers),
    };
  },

  forward(parameters, batch, config, { training }) {
    return tf.tidy(() => {
      const [videos, questions] = batch.wordMask.shape;
      const mask = tf.concat([tf.ones([videos, questions, 1]), batch.wordMask], 2) as tf.Tensor3D; // the sentence, then the words
      const layers = Object.values(parameters.layers);
      const last = layers.reduce((tokens, layer, i) => layerForward(layer, tokens, mask, config, i === layers.length - 1), {
        video: videoTokens(parameters, batch, config),
        question: questionTokens(parameters, batch, config.sizes),
      });
      const sentence = tf.squeeze(tf.slice(last.question, [0, 0, 0, 0], [-1, -1, 1, -1]), [2]) as tf.Tensor3D; // [videos, questions, dim]
      const state = LayerNorm.forward(parameters.norm, sentence);
      const kept = training ? dropout(state, config.dropout, DropoutSource.fromSeed(training.seed)) : state;
      return { logits: Linear.forward(parameters.answer, kept) };
    });
  },
};

function initializeLayer(dim: number, heads: number, random: Random): LayerParameters {
  return {
    attentionNorm: LayerNorm.initialize({ dim }),
    attention: SelfAttention.initialize({ dim, heads }, random.fork('attention')),
    feedForwardNorm: LayerNorm.initialize({ dim }),
    hidden: Linear.initialize({ from: dim, to: 4 * dim }, random.fork('hidden')),
    output: Linear.initialize({ from: 4 * dim, to: dim }, random.fork('output')),
  };
}

interface Tokens {
  readonly video: tf.Tensor3D; // [videos, tokens, dim]
  readonly question: tf.Tensor4D; // [videos, questions, 1 + words, dim], the sentence first
}

/** The last layer leaves the video's tokens as they are: nothing looks at them any more. */
function layerForward(
  layer: LayerParameters,
  { video, question }: Tokens,
  mask: tf.Tensor3D,
  { heads }: Settings,
  isLast: boolean,
): Tokens {
  const [ofVideo, ofQuestion] = [LayerNorm.forward(layer.attentionNorm, video), LayerNorm.forward(layer.attentionNorm, question)];
  const seen = SelfAttention.keysAndValues(layer.attention, ofVideo, { heads });
  const attended = questionAttention(layer.attention, { video: seen, question: ofQuestion, mask }, heads);
  return {
    question: fed(layer, tf.add(question, attended) as tf.Tensor4D),
    video: isLast
      ? video
      : fed(layer, tf.add(video, SelfAttention.forward(layer.attention, { x: ofVideo, seen }, { heads })) as tf.Tensor3D),
  };
}

const fed = <Rank extends tf.Tensor>({ feedForwardNorm, hidden, output }: LayerParameters, x: Rank): Rank =>
  tf.add(x, Linear.forward(output, tf.relu(Linear.forward(hidden, LayerNorm.forward(feedForwardNorm, x))))) as Rank;

function videoTokens(
  parameters: TransformerParameters,
  { regions, frames, audio }: NetworkBatch,
  { dim, sizes }: NetworkConfig<Settings>,
): tf.Tensor3D {
  const times = tf.reshape(parameters.times, [1, sizes.time, 1, dim]);
  const placed = tf.add(tf.add(Linear.forward(parameters.regions, regions!), times), parameters.regionPlaces); // [videos, time, regions, dim]
  const inTime = (map: LinearParameters, x: tf.Tensor3D) => tf.add(Linear.forward(map, x), parameters.times); // [videos, time, dim]
  const ofRegions = tf.reshape(placed, [placed.shape[0]!, -1, dim]);
  return tf.concat([ofRegions, inTime(parameters.frames, frames!), inTime(parameters.audio, audio!)], 1) as tf.Tensor3D;
}

function questionTokens(parameters: TransformerParameters, { sentence, words }: NetworkBatch, sizes: DataSizes): tf.Tensor4D {
  expectShape(
    'transformer',
    { words: words! },
    { words: 'videos questions words textDim' },
    { words: sizes.words, textDim: sizes.textDim! },
  );
  const ofWords = tf.add(Linear.forward(parameters.words, words!), parameters.wordPlaces); // [videos, questions, words, dim]
  return tf.concat([tf.expandDims(Linear.forward(parameters.sentence, sentence!), 2), ofWords], 2) as tf.Tensor4D;
}
