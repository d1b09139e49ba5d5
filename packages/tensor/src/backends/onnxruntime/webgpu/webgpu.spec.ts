import { execFileSync } from 'node:child_process';
import { provideEnvironment } from '@tass/onnx';
import { fromSources, needsSwiftShader, swiftShaderEnvironment, webgpuEnvironment, webgpuName, withSwiftShader, withWebgpu } from '@tass/testing'; // prettier-ignore
import { compile } from '../../../compile/compile';
import { disposeEngine, useEngine } from '../../../engine';
import { nativeAdam } from '../../../native-adam';
import { tensorFromHalves } from '../../../ops/tensor-from-halves';
import { Random } from '../../../random';
import * as tf from '../../../tf';
import { valueAndGradients } from '../../../value-and-gradients';

const on = (device: 'cpu' | 'webgpu') => useEngine({ backend: 'onnxruntime', device, threads: 2 });
const normals = (name: string, shape: number[]) => tf.tensor(Random.fromSeed(4).fork(name).normals(tf.util.sizeFromShape(shape), 0.3), shape); // prettier-ignore
const shapes = { rows: [20, 6], hidden: [6, 8], bias: [8], output: [8, 3], wide: [180, 100] }; // the last is alone in its memory
const places = Object.keys(shapes).map((_, i) => i);

/** Parameters with their moments, as a checkpoint keeps them. */
interface State {
  readonly values: Float32Array[];
  readonly first: Float32Array[];
  readonly second: Float32Array[];
}
const initial = (): State => {
  const zeros = () => Object.values(shapes).map((shape) => new Float32Array(tf.util.sizeFromShape(shape)));
  return { values: Object.entries(shapes).map(([name, shape]) => normals(name, shape).dataSync() as Float32Array), first: zeros(), second: zeros() }; // prettier-ignore
};

/** Steps `from` to `to` of a small network with gather, products, softmax and clipped gradients, on batches in half precision. */
async function train({ values, first, second }: State, from: number, to: number) {
  const adam = nativeAdam()!;
  const tensorsOf = (arrays: Float32Array[]) => Object.values(shapes).map((shape, i) => tf.tensor(arrays[i], shape));
  const parameters = adam.parameters(tensorsOf(values));
  places.forEach((i) => parameters[i].setMoments(tensorsOf(first)[i], tensorsOf(second)[i]));
  let count = from;
  const step = compile(({ x, ids, labels }: { x: tf.Tensor; ids: tf.Tensor; labels: tf.Tensor }) => {
    const named = new Map(Object.keys(shapes).map((name, i) => [name, parameters[i].read()]));
    const { outputs, gradients } = valueAndGradients(named, (all) => {
      const inputs = tf.add(x, tf.gather(all.get('rows')!, ids as tf.Tensor1D)) as tf.Tensor2D;
      const hidden = tf.tanh(tf.add(tf.matMul(inputs, all.get('hidden') as tf.Tensor2D), all.get('bias')!)) as tf.Tensor2D;
      const answers = tf.logSoftmax(tf.matMul(hidden, all.get('output') as tf.Tensor2D));
      return { total: tf.add(tf.neg(tf.mean(tf.sum(tf.mul(answers, labels), -1))), tf.mean(tf.square(all.get('wide')!))) };
    });
    const norm = tf.sqrt(tf.addN([...gradients.values()].map((each) => tf.sum(tf.square(each)))));
    const clipped = [...gradients.values()].map((each) => tf.mul(each, tf.minimum(1, tf.div(0.5, norm))));
    adam.update(parameters, clipped, () => ({ step: count, learningRate: 0.05, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }));
    return outputs;
  }, 'graph');
  const losses: number[] = [];
  for (; count <= to; count++) {
    const halves = () => Uint16Array.from({ length: 30 }, (_, i) => 0x3800 + ((i * 37 + count * 11) % 2000));
    const inputs = { x: tensorFromHalves({ halves, floats: () => new Float32Array() }, [5, 6]), ids: tf.tensor1d([0, 3, 3, 19, count % 20], 'int32'), labels: tf.oneHot([0, 1, 2, 0, 1], 3) }; // prettier-ignore
    const { total } = await step.run(inputs);
    losses.push(total.dataSync()[0]);
    tf.dispose([total, ...Object.values(inputs)]);
  }
  const read = (tensors: tf.Tensor[]) => tensors.map((tensor) => tensor.dataSync() as Float32Array);
  const moments = parameters.map((parameter) => parameter.moments());
  const state: State = {
    values: read(parameters.map((parameter) => parameter.read())),
    first: read(moments.map((each) => each.first)),
    second: read(moments.map((each) => each.second)),
  };
  const placement = await step.placement();
  step.dispose();
  parameters.forEach((parameter) => parameter.dispose());
  return { losses, state, placement };
}

withWebgpu(`training on WebGPU ${needsSwiftShader}`, () => {
  beforeAll(() => provideEnvironment(webgpuEnvironment));
  beforeEach(async () => {
    await on('webgpu');
    tf.engine().startScope();
  });
  afterEach(() => tf.engine().endScope());
  afterAll(() => disposeEngine());

  it('names the provider and the device', async () => {
    expect(await on('webgpu')).toMatchObject({ backend: 'onnxruntime', threads: 2, device: expect.stringMatching(webgpuName) }); // prettier-ignore
    expect((await on('cpu')).device).toMatch(/^cpu: /);
  });

  it('gives the losses of the CPU over 20 steps, all operations on the GPU, and the same bits again and when resumed', async () => {
    await on('cpu');
    const { losses: expected } = await train(initial(), 1, 20);
    await on('webgpu');
    const { losses, state, placement } = await train(initial(), 1, 20);
    const shares = losses.map((loss, i) => Math.abs(loss - expected[i]) / expected[i]);
    expect(Math.max(...shares)).toBeLessThan(1e-5); // measured: 4e-7
    expect(losses[19]).toBeLessThan(0.9 * losses[0]);
    expect(placement).toBeUndefined();
    const half = await train(initial(), 1, 9);
    const rest = await train(half.state, 10, 20);
    expect([...half.losses, ...rest.losses]).toEqual(losses);
    expect(rest.state).toEqual(state);
  });

  it('holds its memory over 200 steps', async () => {
    const held = () => [tf.memory().numTensors, process.memoryUsage().rss / 1e6];
    let before: number[] = [];
    const adam = nativeAdam()!;
    const [parameter] = adam.parameters([tf.ones([6, 6])]);
    let count = 0;
    const step = compile(({ x }: { x: tf.Tensor2D }) => {
      const { outputs, gradients } = valueAndGradients(new Map([['w', parameter.read()]]), (named) => ({
        total: tf.mean(tf.square(tf.matMul(x, named.get('w') as tf.Tensor2D))),
      }));
      adam.update([parameter], [gradients.get('w')!], () => ({ step: count, learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }));
      return outputs;
    }, 'graph');
    const x = normals('x', [5, 6]) as tf.Tensor2D;
    for (count = 1; count <= 200; count++) {
      (await step.run({ x })).total.dispose();
      if (count === 50) before = held();
    }
    const after = held();
    expect(after[0]).toBe(before[0]);
    expect(after[1] - before[1]).toBeLessThan(20);
  });

  it('updates outside of a compiled step, too', async () => {
    const adam = nativeAdam()!;
    const parameters = adam.parameters([tf.zeros([2]), tf.zeros([3])]);
    adam.update(parameters, [tf.ones([2]), tf.neg(tf.ones([3]))], () => ({ step: 1, learningRate: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 })); // prettier-ignore
    const [low, high] = parameters.map((parameter) => parameter.read().dataSync());
    expect([low[1], high[2]].map((value) => Math.round(value * 1e5))).toEqual([-1e5, 1e5]);
    expect([...parameters[1].moments().first.dataSync()].map((value) => Math.round(value * 1e5))).toEqual([-1e4, -1e4, -1e4]);
  });

  it('says what a GPU left to the CPU', async () => {
    const step = compile(({ x }: { x: tf.Tensor }) => ({ y: tf.add(tf.erf(x), tf.selu(x)) }), 'graph');
    const { y } = await step.run({ x: tf.tensor1d([1]) });
    expect(y.dataSync()[0]).toBeCloseTo(0.8427 + 1.0507, 3);
    expect(await step.placement()).toMatch(/^1 of 3 operations go to the CPU, as webgpu: .* lacks them: Selu 1$/);
  });

  it('names the likely cause where a tensor is too large for the GPU, which goes on computing', async () => {
    const step = compile(({ x }: { x: tf.Tensor2D }) => ({ y: tf.sum(tf.tanh(tf.matMul(x, x, false, true))) }), 'graph');
    await expect(step.run({ x: tf.ones([20_000, 1]) as tf.Tensor2D })).rejects.toThrow(
      /^webgpu: .*: its memory is full, or a tensor is larger than it takes\. Use smaller batches, or engine\.device=cpu\. onnxruntime says: /,
    );
    expect((await step.run({ x: tf.ones([2, 1]) as tf.Tensor2D })).y.dataSync()[0]).toBeCloseTo(4 * Math.tanh(1), 5);
  });

  it('refuses parameters that are elsewhere, to read them while a step runs, and tensors without entries', async () => {
    const adam = nativeAdam()!;
    const [here] = adam.parameters([tf.ones([2])]);
    const step = compile(({ x }: { x: tf.Tensor2D }) => ({ y: tf.add(tf.mul(tf.sum(tf.matMul(x, x)), 0), here.read()) }), 'graph');
    const wide = tf.ones([500, 500]) as tf.Tensor2D;
    await step.run({ x: wide });
    const running = step.run({ x: wide });
    await new Promise((resolve) => setImmediate(resolve));
    expect(() => here.read()).toThrow('parameters are read or written while a step runs. Await the step before');
    expect([...(await running).y.dataSync(), ...here.read().dataSync()]).toEqual([1, 1, 1, 1]);
    const empty = compile(({ x }: { x: tf.Tensor }) => ({ y: tf.tanh(tf.slice(x, 0, 0)) }), 'graph');
    await expect(empty.run({ x: tf.ones([2]) })).rejects.toThrow('of shape [0], without entries, is impossible on WebGPU');
    await on('cpu');
    const elsewhere = compile(({ x }: { x: tf.Tensor }) => ({ y: tf.mul(x, here.read()) }), 'graph');
    await expect(elsewhere.run({ x: tf.ones([2]) })).rejects.toThrow(
      /the step runs on the CPU, a parameter is on webgpu: .*\. Make parameters after/,
    );
    await on('webgpu');
  });
});

/** In a process of its own: drivers are looked for once. */
function engineOf(device: string, environment: NodeJS.ProcessEnv): unknown {
  const script = `const { useEngine } = require('@tass/tensor');
    useEngine({ backend: 'auto', device: '${device}', threads: 1 }).then((engine) => console.log(JSON.stringify(engine)), ({ message }) => console.log(JSON.stringify(message)));`;
  const words = [...fromSources, '-e', script];
  return JSON.parse(execFileSync(process.execPath, words, { cwd: __dirname, encoding: 'utf8', env: { ...process.env, ...environment } }));
}
const withoutDriver = { VK_DRIVER_FILES: '/nowhere.json', VK_ICD_FILENAMES: '/nowhere.json' };

it('webgpu without a GPU is refused; auto takes the CPU and says why in one line', () => {
  expect(engineOf('webgpu', withoutDriver)).toMatch(/^useEngine: device webgpu is not there: .+/);
  expect(engineOf('auto', withoutDriver)).toMatchObject({ backend: 'onnxruntime', device: expect.stringMatching(/^cpu: /), advice: expect.stringMatching(/^no GPU is used: .+$/) }); // prettier-ignore
});

withSwiftShader(`a driver without a GPU ${needsSwiftShader}`, () => {
  it('is used where it is asked for, not by auto', () => {
    expect(engineOf('auto', swiftShaderEnvironment)).toMatchObject({ device: expect.stringMatching(/^cpu: /), advice: expect.stringMatching(/SwiftShader.* is a driver without a GPU$/) }); // prettier-ignore
    expect(engineOf('webgpu', swiftShaderEnvironment)).toMatchObject({ device: expect.stringMatching(/^webgpu: .*SwiftShader/) });
  });
});
