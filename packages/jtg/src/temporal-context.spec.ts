import { greatestDifference, numericGradient } from '@tass/testing';
import { Random, ShapeError, engineFromEnvironment, namedParameters, tf } from '@tass/tensor';
import { TemporalContext, type TemporalContextConfig } from './temporal-context';

beforeAll(() => engineFromEnvironment());

const random = Random.fromSeed(18); // the inputs of relu are not near 0, where it bends
const x = tf.tensor3d(random.fork('x').normals(2 * 5 * 8), [2, 5, 8]); // rows 2, time 5, dim 8
const mixture = tf.tensor3d(random.fork('mixture').normals(2 * 5 * 8), [2, 5, 8]);
const config = (context: TemporalContextConfig['context']): TemporalContextConfig => ({ dim: 8, heads: 4, context });
const apply = (context: TemporalContextConfig['context'], input: tf.Tensor) =>
  TemporalContext.forward(TemporalContext.initialize(config(context), Random.fromSeed(1)), input as tf.Tensor3D, config(context));

describe('TemporalContext', () => {
  it.each(['bilstm', 'attention'] as const)('lets every segment see the others: %s', (context) => {
    const changed = tf.concat([tf.neg(tf.slice(x, [0, 0, 0], [2, 1, 8])), tf.slice(x, [0, 1, 0], [2, 4, 8])], 1); // the first segment
    const difference = tf.max(tf.abs(tf.sub(apply(context, x), apply(context, changed))), [0, 2]).dataSync();
    for (const ofSegment of difference) expect(ofSegment).toBeGreaterThan(1e-4);
  });

  it.each(['bilstm', 'attention'] as const)('has the gradient of central differences: %s', (context) => {
    const terms = (input: tf.Tensor): tf.Tensor => tf.mul(apply(context, input), mixture);
    const numeric = numericGradient((values) => terms(tf.tensor(values, x.shape)).dataSync(), x.dataSync(), 0.02);
    expect(
      greatestDifference(
        tf
          .grad((input: tf.Tensor) => tf.sum(terms(input)))(x)
          .dataSync(),
        numeric,
      ),
    ).toBeLessThan(2e-4); // measured 6e-5, gradients up to 4
  });

  it('sees order in an LSTM, and does not in attention', () => {
    const turned = (context: TemporalContextConfig['context']) => tf.reverse(apply(context, tf.reverse(x, 1)), 1).dataSync();
    expect(greatestDifference(turned('attention'), apply('attention', x).dataSync())).toBeLessThan(1e-5);
    expect(greatestDifference(turned('bilstm'), apply('bilstm', x).dataSync())).toBeGreaterThan(1e-2);
  });

  it('is the input itself without a context, and has no parameters then', () => {
    expect(greatestDifference(apply('none', x).dataSync(), x.dataSync())).toBe(0);
    expect(namedParameters(TemporalContext.initialize(config('none'), random)).size).toBe(0);
  });

  it('names what does not fit', () => {
    expect(() => TemporalContext.initialize({ ...config('bilstm'), dim: 7 }, random)).toThrow(
      'TemporalContext: dim is 7, expected an even number for bilstm',
    );
    expect(() => apply('bilstm', tf.zeros([2, 5, 6]))).toThrow(ShapeError);
  });
});
