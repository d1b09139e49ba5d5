import {
  type AttentionWeightsParameters,
  type EmbeddingParameters,
  type LinearParameters,
  type LstmParameters,
  type Module,
  AttentionWeights,
  Embedding,
  Linear,
  Lstm,
  batchedMatMul,
  expectShape,
  tf,
} from '@tass/tensor';

export interface QuestionEncoderConfig {
  readonly encoder: 'clip' | 'learned';
  readonly target: 'soft' | 'hard' | 'none'; // none: no part uses the target
  readonly vocabulary?: number; // learned
  readonly joint: number;
  readonly dim: number;
  readonly heads: number;
}
export interface QuestionEncoderParameters {
  readonly embedding?: EmbeddingParameters; // learned: [vocabulary, dim]
  readonly lstm?: LstmParameters; // learned: [dim] -> [dim]
  readonly sentence: LinearParameters; // [joint], or of the learned encoder [dim] -> [dim]
  readonly target?: AttentionWeightsParameters; // of the sentence over its words
  readonly targetInJointSpace?: LinearParameters; // learned: [dim] -> [joint]
}
export interface QuestionEncoderInputs {
  readonly sentence?: tf.Tensor3D; // [videos, questions, joint], clip
  readonly words?: tf.Tensor4D; // [videos, questions, words, joint], clip; needed for a target
  readonly wordIds?: tf.Tensor3D; // int32 [videos, questions, words], learned; 0 is padding
  readonly wordMask: tf.Tensor3D; // [videos, questions, words], 1 then 0
}
export interface EncodedQuestion {
  readonly question: tf.Tensor3D; // [videos, questions, dim]
  readonly target?: tf.Tensor3D; // [videos, questions, joint]
  readonly targetWeights?: tf.Tensor3D; // [videos, questions, words], sum to 1
}

interface Embedded {
  readonly sentence: tf.Tensor3D; // [videos, questions, width]
  readonly words?: tf.Tensor4D; // [videos, questions, words, width]
}

/**
 * The question as a vector, and what it asks about as a vector of the joint image-text space. (paper) the target comes from attention over
 * the words; (code) multi-head attention, averaged over heads, of which TJSTG takes the arg-max word (`hard`: the choice has no gradient,
 * so the attention keeps its initial values); (ours) `soft`, the weighted sum. `clip`: q = W_q [sentence], the target a mixture of CLIP's
 * unchanged word embeddings. `learned` (code): word embeddings and an LSTM, whose state at the last word is the sentence; a linear map
 * takes the attended states into the joint space. Throws ShapeError, RangeError.
 */
export const QuestionEncoder: Module<QuestionEncoderConfig, QuestionEncoderParameters, QuestionEncoderInputs, EncodedQuestion> = {
  initialize(config, random) {
    const { encoder, target, vocabulary, joint, dim, heads } = config;
    const learned = encoder === 'learned';
    if (learned && vocabulary === undefined)
      throw new RangeError('QuestionEncoder: vocabulary is not given, expected the number of words for encoder: learned');
    const width = learned ? dim : joint;
    return {
      ...(learned
        ? {
            embedding: Embedding.initialize({ count: vocabulary!, dim }, random.fork('embedding')),
            lstm: Lstm.initialize({ from: dim, hidden: dim }, random.fork('lstm')),
          }
        : {}),
      sentence: Linear.initialize({ from: width, to: dim }, random.fork('sentence')),
      ...(target === 'none' ? {} : { target: AttentionWeights.initialize({ dim: width, heads }, random.fork('target')) }),
      ...(target !== 'none' && learned
        ? { targetInJointSpace: Linear.initialize({ from: dim, to: joint }, random.fork('targetInJointSpace')) }
        : {}),
    };
  },

  forward(parameters, inputs, config) {
    return tf.tidy(() => {
      const { sentence, words } = config.encoder === 'learned' ? fromIds(parameters, inputs) : fromClip(inputs, config);
      const question = Linear.forward(parameters.sentence, sentence); // [videos, questions, dim]
      if (parameters.target === undefined) return { question };
      const attention = AttentionWeights.forward(parameters.target, { query: sentence, streams: [words!], mask: inputs.wordMask }, config);
      const shares = tf.mean(attention, 2) as tf.Tensor3D; // [videos, questions, words]
      const targetWeights = config.target === 'hard' ? (tf.oneHot(tf.argMax(shares, -1), shares.shape[2]) as tf.Tensor3D) : shares;
      const attended = tf.squeeze(batchedMatMul(tf.expandDims(targetWeights, 2), words!), [2]) as tf.Tensor3D; // [videos, questions, width]
      const target = parameters.targetInJointSpace ? Linear.forward(parameters.targetInJointSpace, attended) : attended;
      return { question, target, targetWeights };
    });
  },
};

function fromClip({ sentence, words, wordMask }: QuestionEncoderInputs, { joint, target }: QuestionEncoderConfig): Embedded {
  if (sentence === undefined) throw new RangeError('QuestionEncoder: sentence is not given, but the encoder is clip');
  if (target === 'none') {
    expectShape('QuestionEncoder', { sentence }, { sentence: 'videos questions joint' }, { joint });
    return { sentence };
  }
  if (words === undefined) throw new RangeError('QuestionEncoder: words are not given, but a target is looked for');
  expectShape(
    'QuestionEncoder',
    { sentence, words, wordMask },
    { sentence: 'videos questions joint', words: 'videos questions words joint', wordMask: 'videos questions words' },
    { joint },
  );
  return { sentence, words };
}

function fromIds({ embedding, lstm }: QuestionEncoderParameters, { wordIds, wordMask }: QuestionEncoderInputs): Embedded {
  if (wordIds === undefined) throw new RangeError('QuestionEncoder: wordIds are not given, but the encoder is learned');
  const sizes = expectShape(
    'QuestionEncoder',
    { wordIds, wordMask },
    { wordIds: 'videos questions words', wordMask: 'videos questions words' },
  );
  const { videos, questions, words: count } = sizes;
  const embedded = Embedding.forward(embedding!, wordIds); // [videos, questions, words, dim]
  const dim = embedded.shape[3]!;
  const states = tf.reshape(Lstm.forward(lstm!, tf.reshape(embedded, [videos * questions, count, dim])), [videos, questions, count, dim]);
  // Padding is at the end, after the last word's state; 1 where the mask ends.
  const following = tf.pad(tf.slice(wordMask, [0, 0, 1], [videos, questions, count - 1]), [[0, 0], [0, 0], [0, 1]]); // prettier-ignore
  const last = tf.expandDims(tf.sub(wordMask, following), 2);
  return { sentence: tf.squeeze(batchedMatMul(last, states), [2]) as tf.Tensor3D, words: states as tf.Tensor4D };
}
