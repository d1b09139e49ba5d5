import { availableEngines, disposeEngine, useEngine } from '../engine';
import * as tf from '../tf';
import { tensorFromHalves } from './tensor-from-halves';

afterAll(() => disposeEngine());

// 1, -2, the largest (65504), the smallest normal 2^-14, the smallest subnormal 2^-24, and minus zero
const halves = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x8000);
const floats = [1, -2, 65504, 2 ** -14, 2 ** -24, -0];

it.each(availableEngines())('is the same on every engine: %s', async (backend) => {
  await useEngine({ backend, threads: 1 });
  const before = tf.memory().numTensors;
  const given = halves.slice();
  const tensor = tensorFromHalves({ halves: () => given, floats: () => Float32Array.from(floats) }, [2, 3]);
  given.fill(0); // used for the next batch
  expect([...tensor.dataSync()]).toEqual(floats);
  expect(tensor.shape).toEqual([2, 3]);
  tensor.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
