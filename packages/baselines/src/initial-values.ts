import { MatchHead, type MatchHeadParameters } from '@tass/losses';
import { type AttentionWeightsParameters, type BidirectionalLstmParameters, type LinearParameters, type LstmParameters, type MultiHeadAttentionParameters, type ProjectionParameters, type Random, Linear, Lstm, tf } from '@tass/tensor'; // prettier-ignore

/** Two maps whose sum is one linear map of both inputs end to end: W [x; y] + b = W_x x + b + W_y y. */
export interface LinearOfTwo {
  readonly first: LinearParameters; // [from] -> [to]
  readonly second: ProjectionParameters; // [from] -> [to]
}

export type InitialLinear = (sizes: { readonly from: number; readonly to: number }, random: Random) => LinearParameters;

/** Initial values as PyTorch's where our layers hold a layer in another form. */
export const initialValues = {
  linearOfTwo: ({ from, to }: { readonly from: number; readonly to: number }, random: Random): LinearOfTwo =>
    tf.tidy(() => {
      const { weight, bias } = Linear.initialize({ from: 2 * from, to }, random);
      const [first, second] = tf.split(weight, 2) as tf.Tensor2D[];
      return { first: { weight: first, bias }, second: { weight: second } };
    }),

  /** Normal numbers of deviation sqrt(2 / from), He et al. (arXiv 1502.01852), and biases of 0. */
  kaiming: (({ from, to }, random) => ({
    weight: tf.tensor2d(random.fork('weight').normals(from * to, Math.sqrt(2 / from)), [from, to]),
    bias: tf.zeros([to]),
  })) as InitialLinear,

  /** PyTorch draws query, key and value as one matrix [dim, 3 * dim], uniform within sqrt(6 / (dim + 3 * dim)); its biases and the output's are 0. */
  attention({ dim, heads }: { readonly dim: number; readonly heads: number }, random: Random): MultiHeadAttentionParameters {
    if (dim % heads !== 0) throw new RangeError(`MultiHeadAttention: heads is ${heads}, expected a divisor of dim ${dim}`);
    const weight = (name: string, limit: number): tf.Tensor2D => tf.tensor2d(random.fork(name).uniforms(dim * dim, limit), [dim, dim]);
    const joint = Math.sqrt(6 / (4 * dim));
    return {
      query: { weight: weight('query', joint), bias: tf.zeros([dim]) },
      key: { weight: weight('key', joint) },
      value: { weight: weight('value', joint), bias: tf.zeros([dim]) },
      output: { weight: weight('output', 1 / Math.sqrt(dim)), bias: tf.zeros([dim]) },
    };
  },

  /** Of the same draw what the weights need. */
  attentionWeights(config: { readonly dim: number; readonly heads: number }, random: Random): AttentionWeightsParameters {
    const { query, key, value, output } = initialValues.attention(config, random);
    tf.dispose([value.weight, value.bias, output.weight, output.bias]);
    return { query, key };
  },

  /** PyTorch adds two biases, each drawn within 1 / sqrt(hidden). */
  lstm: (config: { readonly from: number; readonly hidden: number }, random: Random): LstmParameters =>
    tf.tidy(() => {
      const { bias, ...weights } = Lstm.initialize(config, random);
      const second = tf.tensor1d(random.fork('second bias').uniforms(4 * config.hidden, 1 / Math.sqrt(config.hidden)));
      return { ...weights, bias: tf.add(bias, second) as tf.Tensor1D };
    }),

  bidirectionalLstm: (config: { readonly from: number; readonly hidden: number }, random: Random): BidirectionalLstmParameters => ({
    forward: initialValues.lstm(config, random.fork('forward')),
    backward: initialValues.lstm(config, random.fork('backward')),
  }),

  /** The first layer takes sound and picture end to end. */
  matchHead({ dim }: { readonly dim: number }, random: Random): MatchHeadParameters {
    const { audio, visual, ...further } = MatchHead.initialize({ dim }, random);
    const { first, second } = initialValues.linearOfTwo({ from: dim, to: audio.bias.shape[0] }, random.fork('first'));
    tf.dispose([audio.weight, audio.bias, visual.weight]);
    return { audio: first, visual: second, ...further };
  },
};
