import { greatestDifference, numericGradient } from '@tass/testing';
import { Random } from '../random';
import { ShapeError } from '../shape';
import { engineFromEnvironment } from '../engine-from-environment';
import * as tf from '../tf';
import { LayerNorm } from './layer-norm';

beforeAll(() => engineFromEnvironment());

const random = Random.fromSeed(5);

describe('LayerNorm', () => {
  it('has mean 0 and variance 1 before gain and bias', () => {
    // (1, 3, 5, 7): mean 4, variance 5; (1 - 4) / sqrt 5 = -1.341641, (3 - 4) / sqrt 5 = -.447214; times 2, plus 1
    const parameters = { gain: tf.fill([4], 2) as tf.Tensor1D, bias: tf.fill([4], 1) as tf.Tensor1D };
    const y = LayerNorm.forward(parameters, tf.tensor2d([[1, 3, 5, 7]])).dataSync();
    expect(greatestDifference(y, [-1.683282, 0.105573, 1.894427, 3.683282])).toBeLessThan(1e-5);
  });

  it('has the gradient of central differences', () => {
    const x = tf.tensor2d(random.fork('x').normals(12), [3, 4]);
    const mixture = tf.tensor2d(random.fork('mixture').normals(12), [3, 4]);
    const terms = (input: tf.Tensor): tf.Tensor => tf.mul(LayerNorm.forward(LayerNorm.initialize({ dim: 4 }), input), mixture);
    const numeric = numericGradient((values) => terms(tf.tensor(values, [3, 4])).dataSync(), x.dataSync());
    expect(
      greatestDifference(
        tf
          .grad((input: tf.Tensor) => tf.sum(terms(input)))(x)
          .dataSync(),
        numeric,
      ),
    ).toBeLessThan(2e-5); // measured 4e-6, gradients up to 1
  });

  it('names the shape it expected', () => {
    expect(() => LayerNorm.forward(LayerNorm.initialize({ dim: 4 }), tf.zeros([2, 3]))).toThrow(
      new ShapeError('LayerNorm: input has shape [2, 3], expected [..., dim=4]'),
    );
  });
});
