import { disposeEngine, useEngine } from '../../../engine';
import * as tf from '../../../tf';

beforeAll(() => useEngine({ backend: 'wasm', threads: 1 }));
afterAll(() => disposeEngine());

it('shares the data, which live until the last tensor on them is disposed', () => {
  const x = tf.tensor1d([1, 2, 3]);
  const before = tf.engine().backend.numDataIds();
  const same = tf.clone(x);
  expect(same.dataId).toBe(x.dataId);
  x.dispose();
  expect(same.dataSync()).toEqual(new Float32Array([1, 2, 3]));
  same.dispose();
  expect(tf.engine().backend.numDataIds()).toBe(before - 1);
});
