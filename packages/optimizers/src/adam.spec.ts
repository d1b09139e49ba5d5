import { availableEngines, disposeEngine, nativeAdam, tf, useEngine } from '@tass/tensor';
import { greatestDifference } from '@tass/testing';
import { createAdam } from './adam';
import * as pytorch from './fixtures/pytorch.json';
import { plainAdam } from './plain-adam';

type Name = keyof typeof pytorch.shapes;
const names = Object.keys(pytorch.shapes) as Name[];
const tensorsOf = (values: Record<Name, number[]>) =>
  new Map<string, tf.Tensor>(names.map((name) => [name, tf.tensor(values[name], pytorch.shapes[name])]));

const at = (step: number, learningRate: number) => () => ({ step, learningRate });

afterAll(() => disposeEngine());

describe.each(availableEngines())('Adam on %s', (backend) => {
  beforeAll(() => useEngine({ backend, threads: 1 }));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  it('makes the step worked out on paper', () => {
    // m = 0.1 * 2 = 0.2, v = 0.001 * 4 = 0.004; corrected 2 and 4; 1 - 0.5 * 2 / (sqrt(4) + 0.5) = 0.6
    const adam = createAdam(new Map([['x', tf.tensor1d([1])]]), { epsilon: 0.5 });
    adam.apply(new Map([['x', tf.tensor1d([2])]]), at(1, 0.5));
    expect(adam.parameters().get('x')?.dataSync()[0]).toBeCloseTo(0.6, 6);
    const moments = adam.moments();
    expect(moments['first.x'].data[0]).toBeCloseTo(0.2, 6); // TensorFlow's kernel has 1 - beta from float32
    expect(moments['second.x'].data[0]).toBeCloseTo(0.004, 6);
    expect(moments['first.x'].shape).toEqual([1]);
    adam.dispose();
  });

  it('equals PyTorch over four steps with another learning rate from the third on', () => {
    const adam = createAdam(tensorsOf(pytorch.initial), pytorch.config);
    for (const [step, { gradients, learningRate, parameters }] of pytorch.steps.entries()) {
      adam.apply(tensorsOf(gradients), at(step + 1, learningRate));
      for (const name of names) expect(greatestDifference(adam.parameters().get(name)!.dataSync(), parameters[name])).toBeLessThan(3e-7);
    }
    const moments = adam.moments();
    for (const name of names) {
      expect(greatestDifference(moments[`first.${name}`].data, pytorch.moments[name].first)).toBeLessThan(1e-6);
      expect(greatestDifference(moments[`second.${name}`].data, pytorch.moments[name].second)).toBeLessThan(2e-5); // values up to 14
    }
    adam.dispose();
  });

  it('decays weights as PyTorch does, apart from the gradients', () => {
    const adam = createAdam(tensorsOf(pytorch.initial), { ...pytorch.config, weightDecay: pytorch.decayed.weightDecay });
    for (const [step, { gradients, learningRate }] of pytorch.steps.entries()) adam.apply(tensorsOf(gradients), at(step + 1, learningRate));
    for (const name of names) {
      expect(greatestDifference(adam.parameters().get(name)!.dataSync(), pytorch.decayed.parameters[name])).toBeLessThan(3e-7);
      expect(greatestDifference(pytorch.decayed.parameters[name], pytorch.steps[3].parameters[name])).toBeGreaterThan(1e-3);
    }
    for (const name of names)
      expect(greatestDifference(adam.moments()[`first.${name}`].data, pytorch.moments[name].first)).toBeLessThan(1e-6);
    adam.dispose();
  });

  it.each([
    [0, 1e-6],
    [0.1, 3e-6], // the plain product of value and decay is rounded at every step
  ])('equals the plain operations over 50 steps, with weight decay %d', (weightDecay, tolerance) => {
    const adam = nativeAdam() ?? plainAdam;
    const initial = tf.randomNormal([7, 5], 0, 1, 'float32', 3);
    const [[native], [plain]] = [adam.parameters([initial]), plainAdam.parameters([initial])];
    for (let step = 1; step <= 50; step++) {
      const gradient = tf.randomNormal([7, 5], 0, 0.1, 'float32', step);
      const numbers = { step, learningRate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay };
      adam.update([native], [gradient], () => numbers);
      plainAdam.update([plain], [gradient], () => numbers);
    }
    expect(greatestDifference(native.read().dataSync(), plain.read().dataSync())).toBeLessThan(tolerance);
    expect(greatestDifference(native.read().dataSync(), initial.dataSync())).toBeGreaterThan(1e-2);
    native.dispose();
    plain.dispose();
  });

  it('multiplies with the parameters of the last step, not with an earlier packed copy of them', () => {
    const adam = createAdam(new Map([['w', tf.ones([8, 8])]]), { epsilon: 1e-8 });
    const product = () => tf.matMul(tf.ones([16, 8]), adam.parameters().get('w') as tf.Tensor2D).dataSync()[0];
    expect(product()).toBe(8);
    adam.apply(new Map([['w', tf.ones([8, 8])]]), at(1, 1));
    expect(product()).toBeCloseTo(0, 4);
    adam.dispose();
  });

  it('goes on from a restored state with the same bits', () => {
    const config = { ...pytorch.config, weightDecay: 0.4 };
    const run = createAdam(tensorsOf(pytorch.initial), config);
    const gradientsOf = (step: number) => tensorsOf(pytorch.steps[step - 1].gradients);
    for (const step of [1, 2]) run.apply(gradientsOf(step), at(step, 0.1));
    const resumed = createAdam(run.parameters(), config);
    resumed.restore(run.moments());
    for (const adam of [run, resumed]) for (const step of [3, 4]) adam.apply(gradientsOf(step), at(step, 0.1));
    expect(resumed.moments()).toEqual(run.moments());
    for (const [name, value] of run.parameters()) expect(resumed.parameters().get(name)?.dataSync()).toEqual(value.dataSync());
    run.dispose();
    resumed.dispose();
  });

  it('holds as many tensors after twenty steps as after one, and none after dispose', () => {
    const before = tf.memory().numTensors;
    const initial = tensorsOf(pytorch.initial);
    const gradients = tensorsOf(pytorch.steps[0].gradients);
    const adam = createAdam(initial, pytorch.config);
    const counts = Array.from({ length: 20 }, () => {
      adam.apply(gradients, at(1, 0.1));
      adam.parameters();
      return tf.memory().numTensors;
    });
    expect(new Set(counts).size).toBe(1);
    adam.dispose();
    tf.dispose([...initial.values(), ...gradients.values()]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('createAdam', () => {
  beforeAll(() => useEngine({ backend: 'cpu' }));

  it('names the parameter without a gradient, and changes nothing', () => {
    const adam = createAdam(tensorsOf(pytorch.initial), pytorch.config);
    const before = adam.moments();
    expect(() => adam.apply(new Map([['scale', tf.scalar(1)]]), at(1, 0.1))).toThrow(
      'Adam: parameter encoder.weight has no gradient. Given: scale',
    );
    expect(adam.moments()).toEqual(before);
  });

  it('refuses a state of another network', () => {
    const adam = createAdam(new Map([['x', tf.zeros([2])]]), {});
    expect(() => adam.restore({})).toThrow('Adam: the state has no first.x');
    const moment = { shape: [3], data: new Float32Array(3) };
    expect(() => adam.restore({ 'first.x': moment, 'second.x': moment })).toThrow(
      'first.x of the state has shape [3], the parameter has [2]',
    );
  });
});
