import { compiledGradients } from '../compile/compiled-gradients';
import { engineFromEnvironment } from '../engine-from-environment';
import * as tf from '../tf';
import { stopGradient } from './stop-gradient';

beforeAll(() => engineFromEnvironment());

it('is its input, and a constant in the gradient', async () => {
  const parameters = new Map<string, tf.Tensor>([['x', tf.tensor1d([2, 3])]]);
  const { outputs, gradients } = await compiledGradients(parameters, {}, (named) => {
    const x = named.get('x')!;
    return { total: tf.sum(tf.mul(x, stopGradient(tf.square(x)))) as tf.Scalar };
  });
  expect([...outputs.get('total')!]).toEqual([8 + 27]);
  expect([...gradients.get('x')!]).toEqual([4, 9]); // x^2, where x * x^2 has 3 x^2
});
