import { provideEnvironment } from '@tass/onnx';
import { needsSwiftShader, webgpuEnvironment, webgpuName, withWebgpu } from '@tass/testing';
import { compile } from '../../../compile/compile';
import { disposeEngine, useEngine } from '../../../engine';
import { type Case, cases } from '../../../fixtures/cases';
import { Random } from '../../../random';
import * as tf from '../../../tf';

/** A value may differ by this share of the largest one of its tensor: sums are taken in another order. Measured: 4e-6. */
const tolerance = 1e-5;
/** WebGPU's standard allows sines an error of 2 ** -11, and tanh and log an absolute one near 0. Measured: 5e-4. */
const inexact = ['acos', 'sin', 'cos', 'tan', 'expm1 near 0', 'log1p near 0'];

type Values = Readonly<Record<string, ArrayLike<number>>>;

/** Values and gradients of all cases, as one step: each operation's program is compiled once. */
async function computeAll(all: readonly [string, Case][]): Promise<Values> {
  const inputs: Record<string, tf.Tensor> = {};
  for (const [name, { shapes, compute }] of all) {
    const random = Random.fromSeed(11).fork(name);
    const normal = (label: string, shape: number[]) => (inputs[`${name}, ${label}`] = tf.tensor(random.fork(label).normals(tf.util.sizeFromShape(shape)), shape)); // prettier-ignore
    const given = shapes.map((shape, i) => normal(`input ${i}`, shape));
    normal('weights', tf.tidy(() => compute(...given).shape)); // prettier-ignore
  }
  const step = compile((given: Record<string, tf.Tensor>) => {
    const made: Record<string, tf.Tensor> = {};
    for (const [name, { shapes, compute, gradient }] of all) {
      const own = shapes.map((_, i) => given[`${name}, input ${i}`]);
      made[`${name}: value`] = compute(...own);
      if (gradient === false) continue;
      const gradients = tf.grads((...xs) => tf.sum(tf.mul(compute(...xs), given[`${name}, weights`])))(own);
      gradients.forEach((each, i) => (made[`${name}: gradient ${i}`] = each));
    }
    return made;
  }, 'graph');
  const made = await step.run(inputs);
  step.dispose();
  return Object.fromEntries(Object.entries(made).map(([name, tensor]) => [name, tensor.dataSync()]));
}

withWebgpu(`on WebGPU ${needsSwiftShader}`, () => {
  const all = Object.entries(cases);
  let expected: Values;
  let found: Values;

  beforeAll(async () => {
    provideEnvironment(webgpuEnvironment);
    await useEngine({ backend: 'onnxruntime', device: 'cpu', threads: 2 });
    expected = await computeAll(all);
    expect((await useEngine({ backend: 'onnxruntime', device: 'webgpu', threads: 2 })).device).toMatch(webgpuName);
    found = await computeAll(all);
  });
  afterAll(() => disposeEngine());

  it.each(all.map(([name]) => name))('%s: value and gradients equal those on the CPU', (name) => {
    for (const each of Object.keys(expected).filter((key) => key.startsWith(`${name}: `))) {
      const values = Array.from(expected[each]);
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
      const share = (value: number, i: number) => (Number.isFinite(found[each][i]) ? Math.abs(value - found[each][i]) / largest : Infinity);
      expect(values.reduce((most, value, i) => Math.max(most, share(value, i)), 0)).toBeLessThan(inexact.includes(name) ? 1e-3 : tolerance);
    }
  });
});
