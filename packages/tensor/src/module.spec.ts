import { namedParameters, withParameters } from './module';
import * as tf from './tf';

const tree = () => ({ merge: { weight: tf.ones([2, 2]), bias: tf.zeros([2]) }, scale: tf.scalar(3), absent: undefined });

it('names parameters by their path, in the order of the tree', () => {
  const parameters = tree();
  const named = namedParameters(parameters);
  expect([...named.keys()]).toEqual(['merge.weight', 'merge.bias', 'scale']);
  expect(named.get('merge.bias')).toBe(parameters.merge.bias);
});

it('puts other tensors in their places, and leaves the tree as it was', () => {
  const parameters = tree();
  const others = new Map([...namedParameters(parameters)].map(([name, value]) => [name, tf.add(value, 1)]));
  const replaced = withParameters(parameters, others);
  expect(replaced.scale).toBe(others.get('scale'));
  expect(replaced.merge.weight).toBe(others.get('merge.weight'));
  expect(Object.keys(replaced)).toEqual(['merge', 'scale', 'absent']);
  expect(parameters.scale.dataSync()[0]).toBe(3);
});

it('names the path that has no tensor', () => {
  expect(() => withParameters(tree(), new Map([['scale', tf.scalar(1)]]))).toThrow(
    'withParameters: no tensor is named merge.weight. Known: scale',
  );
});
