import { greatestDifference, numericGradient } from '@tass/testing';
import { namedParameters, withParameters } from '../module';
import { Random } from '../random';
import { ShapeError } from '../shape';
import { engineFromEnvironment } from '../engine-from-environment';
import { DropoutSource, dropout } from '../ops/dropout';
import * as tf from '../tf';
import { type AttentionInputs, MultiHeadAttention } from './attention';
import { Linear } from './linear';
import { plainMultiHeadAttention } from './plain';

beforeAll(() => engineFromEnvironment());

const random = Random.fromSeed(6);
const normal = (name: string, shape: number[]): tf.Tensor => tf.tensor(random.fork(name).normals(tf.util.sizeFromShape(shape)), shape);
// batch 2, queries 3, dim 8, heads 4, positions 5 (own) and 6 (shared)
const own = normal('own', [2, 3, 5, 8]) as tf.Tensor4D;
const shared = normal('shared', [2, 1, 6, 8]) as tf.Tensor4D;
const query = normal('query', [2, 3, 8]) as tf.Tensor3D;
const mask = tf.tensor3d(Array.from({ length: 2 * 3 * 11 }, (_, i) => Number(i % 4 !== 1)), [2, 3, 11]); // prettier-ignore
const config = { dim: 8, heads: 4 };
const parameters = MultiHeadAttention.initialize(config, random);
const inputs: Required<Omit<AttentionInputs, 'dropout'>> = { query, streams: [own, shared], mask };

describe('MultiHeadAttention', () => {
  it('weighs positions by the softmax of scaled products on a case worked out by hand', () => {
    // One head, width 2, all maps the identity: query (sqrt 2 log 3, 0), stream (1, 0), (0, 1). Scores log 3 and 0: weights 3/4, 1/4.
    const identity = { weight: tf.eye(2) as tf.Tensor2D, bias: tf.zeros([2]) as tf.Tensor1D };
    const { output, attention } = MultiHeadAttention.forward(
      { query: identity, key: { weight: identity.weight }, value: identity, output: identity },
      { query: tf.tensor3d([[[Math.SQRT2 * Math.log(3), 0]]]), streams: [tf.tensor4d([[[[1, 0], [0, 1]]]])] }, // prettier-ignore
      { heads: 1 },
    );
    expect(greatestDifference(attention.dataSync(), [0.75, 0.25])).toBeLessThan(1e-6);
    expect(greatestDifference(output.dataSync(), [0.75, 0.25])).toBeLessThan(1e-6);
  });

  it('equals the plain form in output, attention and every gradient', () => {
    const given = MultiHeadAttention.forward(parameters, inputs, config);
    const expected = plainMultiHeadAttention(parameters, inputs, config);
    expect(greatestDifference(given.output.dataSync(), expected.output.dataSync())).toBeLessThan(2e-6);
    expect(greatestDifference(given.attention.dataSync(), expected.attention.dataSync())).toBeLessThan(1e-6);
    const mixture = normal('mixture', [2, 3, 8]);
    const names = [...namedParameters(parameters).keys(), 'x', 'own', 'shared'];
    const gradients = (form: (p: typeof parameters, i: Required<Omit<AttentionInputs, 'dropout'>>) => { output: tf.Tensor }) =>
      tf.grads((...tensors: tf.Tensor[]) => {
        const tree = withParameters(parameters, new Map(names.map((name, i) => [name, tensors[i]])));
        const [x, first, second] = tensors.slice(-3);
        const { output } = form(tree, { query: x as tf.Tensor3D, streams: [first as tf.Tensor4D, second as tf.Tensor4D], mask });
        return tf.sum(tf.mul(output, mixture));
      })([...namedParameters(parameters).values(), query, own, shared]);
    const fast = gradients((tree, of) => MultiHeadAttention.forward(tree, of, config));
    const slow = gradients((tree, of) => plainMultiHeadAttention(tree, of, config));
    names.forEach((name, i) => {
      const difference = greatestDifference(fast[i].dataSync(), slow[i].dataSync());
      expect({ name, close: difference < 1e-5 }).toEqual({ name, close: true }); // gradients up to 5
    });
  });

  it('weighs by what each stream’s weights are changed to, as the plain form does', () => {
    const reversed = (weights: tf.Tensor4D): tf.Tensor4D => tf.reverse(weights, -1);
    const given = MultiHeadAttention.forward(parameters, { ...inputs, change: reversed }, config);
    const expected = plainMultiHeadAttention(parameters, { ...inputs, change: reversed }, config);
    expect(greatestDifference(given.output.dataSync(), expected.output.dataSync())).toBeLessThan(2e-6);
    expect(greatestDifference(given.attention.dataSync(), expected.attention.dataSync())).toBeLessThan(1e-6);
    const plain = MultiHeadAttention.forward(parameters, inputs, config);
    const [first, second] = tf.split(plain.attention, [5, 6], -1) as tf.Tensor4D[];
    expect(greatestDifference(given.attention.dataSync(), tf.concat([reversed(first), reversed(second)], -1).dataSync())).toBe(0);
    expect(greatestDifference(given.output.dataSync(), plain.output.dataSync())).toBeGreaterThan(1e-2);
    const same = MultiHeadAttention.forward(parameters, { ...inputs, change: (weights) => weights }, config);
    expect(greatestDifference(same.output.dataSync(), plain.output.dataSync())).toBe(0);
  });

  it('has the gradient of central differences with respect to the query', () => {
    const terms = (x: tf.Tensor): tf.Tensor =>
      tf.square(MultiHeadAttention.forward(parameters, { ...inputs, query: x as tf.Tensor3D }, config).output);
    const numeric = numericGradient((values) => terms(tf.tensor(values, [2, 3, 8])).dataSync(), query.dataSync());
    expect(
      greatestDifference(
        tf
          .grad((x: tf.Tensor) => tf.sum(terms(x)))(query)
          .dataSync(),
        numeric,
      ),
    ).toBeLessThan(2e-5); // measured 4e-6, gradients up to .08
  });

  it('gives weights that sum to 1 and are 0 under the mask', () => {
    const { attention } = MultiHeadAttention.forward(parameters, inputs, config);
    expect(greatestDifference(tf.sum(attention, -1).dataSync(), new Float32Array(24).fill(1))).toBeLessThan(1e-6);
    expect(greatestDifference(tf.mul(attention, tf.sub(1, tf.expandDims(mask, 2))).dataSync(), new Float32Array(264))).toBe(0);
  });

  it('drops weights, and with them their share of the bias, on heads computed one by one', () => {
    const source = DropoutSource.fromSeed(() => 5);
    const biased = { ...parameters, value: { ...parameters.value, bias: normal('bias', [8]) as tf.Tensor1D } };
    const given = MultiHeadAttention.forward(biased, { ...inputs, dropout: { rate: 0.5, source } }, config);
    const { attention } = MultiHeadAttention.forward(biased, inputs, config);
    expect(greatestDifference(given.attention.dataSync(), dropout(attention, 0.5, source).dataSync())).toBeLessThan(1e-6);
    const stream = tf.concat([own, tf.tile(shared, [1, 3, 1, 1])], 2); // [2, 3, 11, 8]
    const values = tf.split(Linear.forward(biased.value, stream), 4, -1); // of each head [2, 3, 11, 2]
    const weights = tf.unstack(given.attention, 2); // of each head [2, 3, 11]
    const together = tf.concat(values.map((value, head) => tf.sum(tf.mul(tf.expandDims(weights[head], -1), value), 2)), -1); // prettier-ignore
    expect(greatestDifference(given.output.dataSync(), Linear.forward(biased.output, together).dataSync())).toBeLessThan(2e-6);
  });

  it('leaves no tensor behind but its outputs', () => {
    const before = tf.memory().numTensors;
    MultiHeadAttention.forward(parameters, inputs, config);
    expect(tf.memory().numTensors).toBe(before + 2);
  });

  it('names the shapes and the number of heads it expected', () => {
    expect(() => MultiHeadAttention.forward(parameters, { query, streams: [tf.zeros([2, 2, 5, 8])] }, config)).toThrow(
      new ShapeError('AttentionWeights: stream has shape [2, 2, 5, 8], expected [batch=2, queries=3 or 1, positions, dim=8]'),
    );
    expect(() => MultiHeadAttention.initialize({ dim: 8, heads: 3 }, random)).toThrow(
      'AttentionWeights: heads is 3, expected a divisor of dim 8',
    );
  });
});
