import { engineFromEnvironment } from './engine-from-environment';
import * as tf from './tf';
import { valueAndGradients } from './value-and-gradients';

beforeAll(() => engineFromEnvironment());

const parameters = () =>
  new Map<string, tf.Tensor>([
    ['weight', tf.tensor1d([2, 3])],
    ['unused', tf.ones([2, 2])],
  ]);
const loss = (named: ReadonlyMap<string, tf.Tensor>) => {
  const squares = tf.square(named.get('weight') as tf.Tensor);
  return { total: tf.sum(squares), squares };
};

it('gives the total, its gradients, and what else the loss computed', () => {
  const { outputs, gradients } = valueAndGradients(parameters(), loss);
  expect(outputs.total.dataSync()[0]).toBe(13);
  expect(outputs.squares.dataSync()).toEqual(new Float32Array([4, 9]));
  expect(gradients.get('weight')?.dataSync()).toEqual(new Float32Array([4, 6]));
});

it('gives zeros to a parameter that the loss does not depend on', () => {
  const { gradients } = valueAndGradients(parameters(), loss);
  expect([...gradients.keys()]).toEqual(['weight', 'unused']);
  expect(gradients.get('unused')?.shape).toEqual([2, 2]);
  expect(gradients.get('unused')?.dataSync()).toEqual(new Float32Array(4));
});

it('leaves its outputs and gradients, and nothing else', () => {
  const named = parameters();
  const before = tf.memory().numTensors;
  const { outputs, gradients } = valueAndGradients(named, loss);
  expect(tf.memory().numTensors).toBe(before + 4);
  tf.dispose([...Object.values(outputs), ...gradients.values()]);
  expect(tf.memory().numTensors).toBe(before);
  expect(named.get('weight')?.dataSync()).toEqual(new Float32Array([2, 3]));
});

it('belongs to a surrounding tidy', () => {
  const named = parameters();
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    valueAndGradients(named, loss);
  });
  expect(tf.memory().numTensors).toBe(before);
});

it('passes a parameter on as an output without taking it over', () => {
  const named = parameters();
  const { outputs } = valueAndGradients(named, (all) => ({ ...loss(all), weight: all.get('weight') as tf.Tensor }));
  outputs.weight.dispose();
  expect(named.get('weight')?.isDisposed).toBe(false);
});

it('leaves nothing where the loss throws or is not a scalar', () => {
  const named = parameters();
  const before = tf.memory().numTensors;
  expect(() => valueAndGradients(named, (all) => ({ total: tf.square(all.get('weight') as tf.Tensor) }))).toThrow(
    'valueAndGradients: total has shape [2], expected a scalar',
  );
  expect(tf.memory().numTensors).toBe(before);
  expect(valueAndGradients(named, loss).gradients.get('weight')?.dataSync()[1]).toBe(6);
});
