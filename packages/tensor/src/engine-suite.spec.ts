import { availableEngines, disposeEngine, useEngine } from './engine';
import type { EngineName } from './engine';
import { compile } from './compile/compile';
import { nativeAdam } from './native-adam';
import { Random } from './random';
import { cases } from './fixtures/cases';
import * as tf from './tf';
import { valueAndGradients } from './value-and-gradients';

/**
 * One and the same suite for every engine: values and gradients against `cpu`. A value may differ by 1e-5 of the largest one of its tensor,
 * as sums over up to 2048 numbers are taken in another order; measured: 1.3e-6 on wasm, 1.2e-6 on tensorflow.
 */
const tolerance = 1e-5;

interface Computed {
  readonly value: ArrayLike<number>;
  readonly gradients: ArrayLike<number>[];
}

/** Compiled where the engine can, as training is. */
async function computeCase(name: string): Promise<Computed> {
  const { shapes, compute, gradient } = cases[name];
  const random = Random.fromSeed(11).fork(name);
  const normal = (label: string, shape: number[]) => tf.tensor(random.fork(label).normals(tf.util.sizeFromShape(shape)), shape);
  tf.engine().startScope();
  try {
    const inputs = Object.fromEntries(shapes.map((shape, i) => [`input ${i}`, normal(`input ${i}`, shape)]));
    const weights = normal(
      'weights',
      tf.tidy(() => compute(...Object.values(inputs)).shape),
    ); // of the gradient's outputs, so that none cancels
    const step = compile(({ inputs, weights }: { inputs: Record<string, tf.Tensor>; weights: tf.Tensor }) => {
      const given = Object.values(inputs);
      const gradients = gradient === false ? [] : tf.grads((...xs) => tf.sum(tf.mul(compute(...xs), weights)))(given);
      return { value: compute(...given), ...Object.fromEntries(gradients.map((each, i) => [`gradient ${i}`, each])) };
    }, 'graph');
    const { value, ...gradients } = await step.run({ inputs, weights });
    step.dispose();
    return { value: value.dataSync(), gradients: Object.values<tf.Tensor>(gradients).map((each) => each.dataSync()) };
  } finally {
    tf.engine().endScope();
  }
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
  const initial = Object.entries(shapes).map(([name, shape]) => tf.tensor(random.fork(name).normals(shape[0] * shape[1], 0.2), shape));
  const slots = adam.parameters(initial);
  tf.dispose(initial);
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
  for (const name of Object.keys(cases)) expected.set(name, await computeCase(name));
});
afterAll(() => disposeEngine());

const present = new Set<EngineName>(availableEngines());
const engines: { backend: EngineName; threads: number }[] = [
  { backend: 'wasm', threads: 1 },
  { backend: 'wasm', threads: 2 },
  { backend: 'tensorflow', threads: 2 },
  { backend: 'onnxruntime', threads: 1 },
  { backend: 'onnxruntime', threads: 2 },
];

for (const { backend, threads } of engines) {
  const title = `${backend} with ${threads} thread${threads === 1 ? '' : 's'}`;
  if (!present.has(backend)) {
    describe.skip(`${title}: not on this machine, run npm run engine:tensorflow`, () => it('equals cpu', () => undefined));
    continue;
  }

  describe(title, () => {
    beforeAll(() => useEngine({ backend, threads }));

    it.each(Object.keys(cases).filter((name) => cases[name].except !== backend))('%s: value and gradients equal cpu', async (name) => {
      const found = await computeCase(name);
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
      if (backend !== 'onnxruntime') expect(counts[0]).not.toEqual(before); // its variables are no tensors
      expect(counts.slice(1)).toEqual(counts.slice(0, -1));
      expect(held()).toEqual(before);
    });

    it('names the operation and the shapes of an error', () => {
      expect(() => tf.matMul(tf.ones([2, 3]), tf.ones([4, 5]))).toThrow(/matmul.*\[?2, ?3.*4, ?5/i);
    });
  });
}
