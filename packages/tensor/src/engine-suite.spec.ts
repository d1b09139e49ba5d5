import { availableEngines, disposeEngine, useEngine } from './engine';
import type { EngineName } from './engine';
import { nativeAdam } from './native-adam';
import { Random } from './random';
import * as tf from './tf';
import { valueAndGradients } from './value-and-gradients';

/**
 * One and the same suite for every engine: values and gradients against `cpu`. A value may differ by 1e-5 of the largest one of its tensor,
 * as sums over up to 2048 numbers are taken in another order; measured: 1.3e-6 on wasm, 1.2e-6 on tensorflow.
 */
const tolerance = 1e-5;

type Compute = (...inputs: tf.Tensor[]) => tf.Tensor;
interface Case {
  readonly shapes: number[][];
  readonly compute: Compute;
  readonly gradient?: false; // where TensorFlow.js itself has none
}
const matMul =
  (transposeA: boolean, transposeB: boolean): Compute =>
  (a, b) =>
    tf.matMul(a, b, transposeA, transposeB);
const layerNorm: Compute = (x, gain, bias) => {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), gain), bias);
};
const cosine: Compute = (x, y) => {
  const unit = (z: tf.Tensor) => tf.mul(z, tf.rsqrt(tf.add(tf.sum(tf.square(z), -1, true), 1e-6)));
  return tf.sum(tf.mul(unit(x), unit(y)), -1);
};
const attention: Compute = (query, key, value) => tf.matMul(tf.softmax(tf.mul(tf.matMul(query, key, false, true), 0.25)), value);
const indices = () => tf.tensor1d([4, 0, 4, 2, 4], 'int32');

const cases: Record<string, Case> = {
  matMul: {
    shapes: [
      [5, 7],
      [7, 3],
    ],
    compute: matMul(false, false),
  },
  'matMul, left transposed': {
    shapes: [
      [7, 5],
      [7, 3],
    ],
    compute: matMul(true, false),
  },
  'matMul, right transposed': {
    shapes: [
      [5, 7],
      [3, 7],
    ],
    compute: matMul(false, true),
  },
  'matMul, both transposed': {
    shapes: [
      [7, 5],
      [3, 7],
    ],
    compute: matMul(true, true),
  },
  'matMul of a stack of 3': {
    shapes: [
      [3, 5, 7],
      [3, 7, 4],
    ],
    compute: matMul(false, false),
  },
  'matMul of a stack of 3, left transposed': {
    shapes: [
      [3, 70, 50],
      [3, 70, 4],
    ],
    compute: matMul(true, false),
  },
  'matMul of a stack of 3, right transposed': {
    shapes: [
      [3, 5, 7],
      [3, 4, 7],
    ],
    compute: matMul(false, true),
  },
  'matMul of a stack of 40 small ones': {
    shapes: [
      [40, 1, 16],
      [40, 20, 16],
    ],
    compute: matMul(false, true),
  },
  'matMul of two leading axes, both transposed': {
    shapes: [
      [2, 3, 7, 5],
      [2, 3, 4, 7],
    ],
    compute: matMul(true, true),
  },
  'matMul of many rows by few columns': {
    shapes: [
      [4, 490, 64],
      [4, 3, 64],
    ],
    compute: matMul(false, true),
  },
  'matMul of few rows by many columns': {
    shapes: [
      [4, 2, 512],
      [4, 49, 512],
    ],
    compute: matMul(false, true),
  },
  'matMul of one matrix by a stack': {
    shapes: [
      [1, 5, 7],
      [3, 7, 4],
    ],
    compute: matMul(false, false),
    gradient: false,
  },
  'matMul of a stack by one matrix': {
    shapes: [
      [3, 50, 70],
      [1, 40, 70],
    ],
    compute: matMul(false, true),
    gradient: false,
  },
  'matMul over an empty axis': {
    shapes: [
      [5, 0],
      [0, 3],
    ],
    compute: matMul(false, false),
    gradient: false,
  },
  'matMul at width 512': {
    shapes: [
      [64, 512],
      [512, 512],
    ],
    compute: matMul(false, false),
  },
  'matMul at width 512, right transposed': {
    shapes: [
      [64, 512],
      [256, 512],
    ],
    compute: matMul(false, true),
  },
  'matMul over 2048': {
    shapes: [
      [16, 2048],
      [2048, 32],
    ],
    compute: matMul(false, false),
  },
  'add with broadcast': {
    shapes: [
      [4, 1, 3],
      [2, 1],
    ],
    compute: tf.add as Compute,
  },
  'div with broadcast': { shapes: [[4, 3], [3]], compute: (a, b) => tf.div(a, tf.add(tf.square(b), 1)) },
  softmax: { shapes: [[4, 3, 9]], compute: (x) => tf.softmax(tf.mul(x, 5)) },
  'softmax at width 512': { shapes: [[8, 512]], compute: (x) => tf.softmax(x) },
  logSoftmax: { shapes: [[6, 42]], compute: (x) => tf.logSoftmax(x) },
  'gather, an index twice and one never': { shapes: [[5, 3]], compute: (x) => tf.gather(x, indices()) },
  'gather along the second axis': { shapes: [[2, 5, 3]], compute: (x) => tf.gather(x, indices(), 1) },
  concat: {
    shapes: [
      [2, 3, 4],
      [2, 1, 4],
    ],
    compute: (a, b) => tf.concat([a, b], 1),
  },
  'stack and unstack': {
    shapes: [
      [3, 4],
      [3, 4],
    ],
    compute: (a, b) => tf.add(...(tf.unstack(tf.stack([a, b], 1), 0).slice(0, 2) as [tf.Tensor, tf.Tensor])),
  },
  split: { shapes: [[6, 4]], compute: (x) => tf.mul(...(tf.split(x, 2, 0) as [tf.Tensor, tf.Tensor])) },
  slice: { shapes: [[4, 5, 6]], compute: (x) => tf.slice(x, [1, 0, 2], [2, 5, 3]) },
  transpose: { shapes: [[2, 3, 4, 5]], compute: (x) => tf.transpose(x, [2, 0, 3, 1]) },
  tile: { shapes: [[2, 1, 3]], compute: (x) => tf.tile(x, [1, 4, 2]) },
  pad: {
    shapes: [[2, 3]],
    compute: (x) =>
      tf.pad(x, [
        [1, 0],
        [0, 2],
      ]),
  },
  'sum over axes': { shapes: [[3, 4, 5]], compute: (x) => tf.sum(x, [0, 2]) },
  'mean of all': { shapes: [[3, 4, 5]], compute: (x) => tf.mean(x) },
  'max over an axis': { shapes: [[3, 40]], compute: (x) => tf.max(x, -1, true) },
  logSumExp: { shapes: [[3, 9]], compute: (x) => tf.logSumExp(x, -1) },
  'relu, tanh, sigmoid': { shapes: [[4, 9]], compute: (x) => tf.add(tf.relu(x), tf.mul(tf.tanh(x), tf.sigmoid(x))) },
  'exp, log, sqrt, rsqrt': {
    shapes: [[4, 9]],
    compute: (x) => tf.add(tf.log(tf.add(tf.exp(x), 1)), tf.mul(tf.sqrt(tf.add(tf.square(x), 1)), tf.rsqrt(tf.add(tf.square(x), 2)))),
  },
  'maximum, clipByValue, abs': {
    shapes: [
      [4, 9],
      [4, 9],
    ],
    compute: (a, b) => tf.add(tf.maximum(a, b), tf.mul(tf.clipByValue(a, -0.5, 0.5), tf.abs(b))),
  },
  where: {
    shapes: [
      [2, 3],
      [2, 3],
    ],
    compute: (a, b) =>
      tf.where(
        tf.tensor2d(
          [
            [1, 0, 0],
            [0, 1, 1],
          ],
          [2, 3],
          'bool',
        ),
        a,
        tf.mul(b, 2),
      ),
  },
  'argMax as one-hot': { shapes: [[4, 9]], compute: (x) => tf.cast(tf.oneHot(tf.argMax(x, -1), 9), 'float32'), gradient: false },
  'layerNorm at width 512': { shapes: [[6, 512], [512], [512]], compute: layerNorm },
  'cosine at width 512': {
    shapes: [
      [2, 49, 512],
      [2, 1, 512],
    ],
    compute: cosine,
  },
  'attention at width 512': {
    shapes: [
      [4, 2, 128],
      [4, 20, 128],
      [4, 20, 128],
    ],
    compute: attention,
  },
};

interface Computed {
  readonly value: ArrayLike<number>;
  readonly gradients: ArrayLike<number>[];
}

function computeCase(name: string): Computed {
  const { shapes, compute, gradient } = cases[name];
  return tf.tidy(() => {
    const random = Random.fromSeed(11).fork(name);
    const normal = (label: string, shape: number[]) =>
      tf.tensor(random.fork(label).normals(shape.reduce((size, axis) => size * axis, 1)), shape);
    const inputs = shapes.map((shape, i) => normal(`input ${i}`, shape));
    const value = compute(...inputs);
    if (gradient === false) return { value: value.dataSync(), gradients: [] };
    const weights = normal('weights', value.shape); // of the gradient's outputs, so that none cancels
    const gradients = tf.grads((...xs) => tf.sum(tf.mul(compute(...xs), weights)))(inputs);
    return { value: value.dataSync(), gradients: gradients.map((x) => x.dataSync()) };
  });
}

function greatestShare(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found.length).toBe(expected.length);
  const largest = Array.from(expected).reduce((most, x) => Math.max(most, Math.abs(x)), 1e-3);
  return Array.from(expected).reduce(
    (most, x, i) => Math.max(most, Number.isFinite(found[i]) ? Math.abs(found[i] - x) / largest : Infinity),
    0,
  );
}

/** A small network of matrices, softmax, gather and norms, trained for some steps with the engine's Adam. */
function train(steps: number, afterStep: () => void = () => undefined): { losses: number[]; parameters: Float32Array[] } {
  const random = Random.fromSeed(5);
  const adam = nativeAdam();
  if (adam === undefined) throw new Error('no Adam on this engine');
  const shapes: Record<string, number[]> = { embedding: [20, 32], hidden: [32, 64], output: [64, 8] };
  const slots = Object.entries(shapes).map(([name, shape]) => {
    const initial = tf.tensor(random.fork(name).normals(shape[0] * shape[1], 0.2), shape);
    const slot = adam.parameter(initial);
    initial.dispose();
    return slot;
  });
  const losses: number[] = [];
  for (let step = 1; step <= steps; step++) {
    tf.tidy(() => {
      const words = tf.tensor1d(
        Array.from({ length: 40 }, (_, i) => (i * step) % 20),
        'int32',
      );
      const labels = tf.oneHot(
        Array.from({ length: 40 }, (_, i) => (i * step) % 8),
        8,
      );
      const named = new Map(Object.keys(shapes).map((name, i) => [name, slots[i].read()]));
      const { outputs, gradients } = valueAndGradients(named, (all) => {
        const hidden = tf.tanh(tf.matMul(tf.gather(all.get('embedding') as tf.Tensor2D, words), all.get('hidden') as tf.Tensor2D));
        return { total: tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(tf.matMul(hidden, all.get('output') as tf.Tensor2D)), labels), -1))) };
      });
      adam.update(slots, [...gradients.values()], () => ({ step, learningRate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }));
      losses.push(outputs.total.dataSync()[0]);
    });
    afterStep();
  }
  const parameters = slots.map((slot) => tf.tidy(() => slot.read().dataSync() as Float32Array));
  slots.forEach((slot) => slot.dispose());
  return { losses, parameters };
}

const expected = new Map<string, Computed>();
beforeAll(async () => {
  await useEngine({ backend: 'cpu' });
  for (const name of Object.keys(cases)) expected.set(name, computeCase(name));
});
afterAll(() => disposeEngine());

const present = new Set<EngineName>(availableEngines());
const engines: { backend: EngineName; threads: number }[] = [
  { backend: 'wasm', threads: 1 },
  { backend: 'wasm', threads: 2 },
  { backend: 'tensorflow', threads: 2 },
];

for (const { backend, threads } of engines) {
  const title = `${backend} with ${threads} thread${threads === 1 ? '' : 's'}`;
  if (!present.has(backend)) {
    describe.skip(`${title}: not on this machine, run npm run engine:tensorflow`, () => it('equals cpu', () => undefined));
    continue;
  }

  describe(title, () => {
    beforeAll(() => useEngine({ backend, threads }));

    it.each(Object.keys(cases))('%s: value and gradients equal cpu', (name) => {
      const found = computeCase(name);
      const { value, gradients } = expected.get(name) as Computed;
      expect(greatestShare(found.value, value)).toBeLessThan(tolerance);
      expect(found.gradients).toHaveLength(gradients.length);
      found.gradients.forEach((gradient, i) => expect(greatestShare(gradient, gradients[i])).toBeLessThan(tolerance));
    });

    it('trains to the same bits from the same seed', () => {
      const [first, second] = [train(10), train(10)];
      expect(second).toEqual(first);
      expect(first.losses[9]).toBeLessThan(first.losses[0]);
    });

    it('holds as many tensors after every training step, and as few as before when all is disposed', () => {
      const held = () => ({ tensors: tf.memory().numTensors, buffers: tf.engine().backend.numDataIds() });
      const before = held();
      const counts: object[] = [];
      train(6, () => counts.push(held()));
      expect(counts[0]).not.toEqual(before);
      expect(counts.slice(1)).toEqual(counts.slice(0, -1));
      expect(held()).toEqual(before);
    });

    it('names the operation and the shapes of an error', () => {
      expect(() => tf.matMul(tf.ones([2, 3]), tf.ones([4, 5]))).toThrow(/matmul.*\[?2, ?3.*4, ?5/i);
    });
  });
}
