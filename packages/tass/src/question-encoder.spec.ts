import { greatestDifference } from '@tass/testing';
import { Lstm, Linear, Random, engineFromEnvironment, tf } from '@tass/tensor';
import { QuestionEncoder, type QuestionEncoderConfig } from './question-encoder';

beforeAll(() => engineFromEnvironment());

const clip: QuestionEncoderConfig = { encoder: 'clip', target: 'soft', joint: 2, dim: 3, heads: 1 };
const identity = { weight: tf.eye(2) as tf.Tensor2D, bias: tf.zeros([2]) as tf.Tensor1D };
const parameters = {
  ...QuestionEncoder.initialize(clip, Random.fromSeed(1)),
  target: { query: identity, key: { weight: identity.weight } },
};
// Sentence (sqrt 2 log 3, 0), words (1, 0), (0, 1) and padding: scores log 3 and 0, weights 3/4 and 1/4
const inputs = {
  sentence: tf.tensor3d([[[Math.SQRT2 * Math.log(3), 0]]]),
  words: tf.tensor4d([[[[1, 0], [0, 1], [9, 9]]]]), // prettier-ignore
  wordMask: tf.tensor3d([[[1, 1, 0]]]),
};

describe('QuestionEncoder', () => {
  it('takes the words by the attention of the sentence as the target, on a case worked out by hand', () => {
    const soft = QuestionEncoder.forward(parameters, inputs, clip);
    expect(greatestDifference(soft.targetWeights!.dataSync(), [0.75, 0.25, 0])).toBeLessThan(1e-6);
    expect(greatestDifference(soft.target!.dataSync(), [0.75, 0.25])).toBeLessThan(1e-6);
    const hard = QuestionEncoder.forward(parameters, inputs, { ...clip, target: 'hard' });
    expect(greatestDifference(hard.target!.dataSync(), [1, 0])).toBe(0);
    expect(greatestDifference(soft.question.dataSync(), Linear.forward(parameters.sentence, inputs.sentence).dataSync())).toBe(0);
  });

  it('learns words and takes the state at the last one as the sentence', () => {
    const learned: QuestionEncoderConfig = { encoder: 'learned', target: 'soft', vocabulary: 6, joint: 2, dim: 3, heads: 1 };
    const all = QuestionEncoder.initialize(learned, Random.fromSeed(2));
    const encode = (ids: number[], mask: number[]) =>
      QuestionEncoder.forward(all, { wordIds: tf.tensor3d([[ids]], undefined, 'int32'), wordMask: tf.tensor3d([[mask]]) }, learned);
    const short = encode([3, 5], [1, 1]);
    const padded = encode([3, 5, 0, 0], [1, 1, 0, 0]);
    expect(greatestDifference(padded.question.dataSync(), short.question.dataSync())).toBeLessThan(1e-7);
    expect(greatestDifference(padded.target!.dataSync(), short.target!.dataSync())).toBeLessThan(1e-7);
    expect(greatestDifference(encode([5, 3], [1, 1]).question.dataSync(), short.question.dataSync())).toBeGreaterThan(1e-3); // order counts
    const states = Lstm.forward(all.lstm!, tf.expandDims(tf.gather(all.embedding!.weight, [3, 5]), 0) as tf.Tensor3D);
    const last = tf.slice(states, [0, 1, 0], [1, 1, 3]) as tf.Tensor3D;
    expect(greatestDifference(short.question.dataSync(), Linear.forward(all.sentence, last).dataSync())).toBeLessThan(1e-6);
  });

  it('is finite for a padding question', () => {
    const { question, target } = QuestionEncoder.forward(parameters, { ...inputs, wordMask: tf.zeros([1, 1, 3]) }, clip);
    expect([...question.dataSync(), ...target!.dataSync()].every(Number.isFinite)).toBe(true);
  });

  it('names what is missing', () => {
    expect(() => QuestionEncoder.forward(parameters, { ...inputs, words: undefined }, clip)).toThrow(
      'QuestionEncoder: words are not given, but a target is looked for',
    );
    expect(() => QuestionEncoder.forward(parameters, { wordMask: inputs.wordMask }, clip)).toThrow(
      'QuestionEncoder: sentence is not given, but the encoder is clip',
    );
    expect(() => QuestionEncoder.initialize({ ...clip, encoder: 'learned' }, Random.fromSeed(1))).toThrow(/vocabulary is not given/);
  });
});
