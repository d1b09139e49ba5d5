import {
  type EmbeddingParameters,
  type LinearParameters,
  type LstmParameters,
  type Random,
  Embedding,
  Linear,
  Lstm,
  tf,
} from '@tass/tensor';
import { initialValues } from './initial-values';

export interface LearnedQuestionParameters {
  readonly embedding: EmbeddingParameters; // [vocabulary, dim]
  readonly lstm: LstmParameters; // [dim] -> [dim]
  readonly sentence: LinearParameters; // [2 * dim] -> [dim]
}
export interface LearnedQuestion {
  readonly question: tf.Tensor3D; // [videos, questions, dim]
  readonly states: tf.Tensor4D; // [videos, questions, words, dim], of the LSTM
  readonly memory: tf.Tensor3D; // [videos, questions, dim], its cell after the last word
}

/** h, c = LSTM(tanh(E word)) over all words, padding included; q = W tanh([h_last; c_last]). */
export const LearnedQuestion = {
  initialize: ({ dim, vocabulary }: { readonly dim: number; readonly vocabulary: number }, random: Random): LearnedQuestionParameters => ({
    embedding: Embedding.initialize({ count: vocabulary, dim }, random.fork('embedding')),
    lstm: initialValues.lstm({ from: dim, hidden: dim }, random.fork('lstm')),
    sentence: Linear.initialize({ from: 2 * dim, to: dim }, random.fork('sentence')),
  }),

  /** wordIds: int32 [videos, questions, words]. */
  forward({ embedding, lstm, sentence }: LearnedQuestionParameters, wordIds: tf.Tensor3D): LearnedQuestion {
    return tf.tidy(() => {
      const [videos, questions, words] = wordIds.shape;
      const dim = embedding.weight.shape[1];
      const embedded = Embedding.forward({ weight: tf.tanh(embedding.weight) }, wordIds); // the vocabulary has fewer words than a batch
      const { states, memory } = Lstm.forwardWithMemory(lstm, tf.reshape(embedded, [videos * questions, words, dim]));
      const last = tf.reshape(tf.slice(states, [0, words - 1, 0], [videos * questions, 1, dim]), memory.shape);
      const question = Linear.forward(sentence, tf.tanh(tf.concat([last, memory], -1)));
      return {
        question: tf.reshape(question, [videos, questions, dim]) as tf.Tensor3D,
        states: tf.reshape(states, [videos, questions, words, dim]) as tf.Tensor4D,
        memory: tf.reshape(memory, [videos, questions, dim]) as tf.Tensor3D,
      };
    });
  },
};
