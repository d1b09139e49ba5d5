import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromSources, greatestDifference } from '@tass/testing';
import { compile } from '../../compile/compile';
import { disposeEngine, useEngine } from '../../engine';
import { nativeAdam } from '../../native-adam';
import { tensorFromHalves } from '../../ops/tensor-from-halves';
import * as tf from '../../tf';
import { valueAndGradients } from '../../value-and-gradients';
import { InferenceSession } from './inference-session';

beforeEach(() => useEngine({ backend: 'onnxruntime', threads: 2 }));
afterAll(() => disposeEngine());

const twice = ({ x }: { x: tf.Tensor }) => ({ y: tf.mul(x, 2) });

it('passes on the error of onnxruntime for bytes that are not a model', async () => {
  await expect(InferenceSession.create(new Uint8Array(8), { threads: 1, provider: 'cpu' })).rejects.toThrow(/^onnxruntime: .*protobuf/i);
});

describe('tensors that are held in memory of JavaScript', () => {
  it('are computed with outside of a step, as copies and under other names, and end with the last of them', async () => {
    const step = compile(twice, 'graph');
    const { y } = await step.run({ x: tf.tensor1d([1, 2, 3]) });
    const [again, other] = [tf.clone(y), tf.reshape(y, [3, 1])];
    y.dispose();
    expect([...tf.add(again, 1).dataSync(), ...other.dataSync()]).toEqual([3, 5, 7, 2, 4, 6]);
    expect([...(await step.run({ x: again })).y.dataSync()]).toEqual([4, 8, 12]);
    again.dispose();
    expect(other.dataSync()[2]).toBe(6);
  });

  it('of half precision are turned in the step, and by `floats` elsewhere', async () => {
    const halves = { halves: () => Uint16Array.of(0x3c00, 0xc000, 0x3555), floats: () => Float32Array.of(1, -2, 0.333251953125) };
    const x = tensorFromHalves(halves, [3]);
    const step = compile(twice, 'graph');
    expect([...(await step.run({ x })).y.dataSync()]).toEqual([2, -4, 0.66650390625]);
    expect([...tf.add(x, 1).dataSync()]).toEqual([2, -1, 1.333251953125]);
    expect([...(await step.run({ x: tf.tensor1d([1, 2, 3]) })).y.dataSync()]).toEqual([2, 4, 6]); // of the same shape, in single precision
  });

  it('may be disposed while a run reads them: their memory is given to others after it', async () => {
    const size = 300_000;
    const step = compile(twice, 'graph');
    const given = Array.from({ length: 8 }, (_, i) => tensorFromHalves({ halves: () => new Uint16Array(size).fill(0x3c00 + i), floats: () => new Float32Array() }, [size])); // prettier-ignore
    const running = given.map((x) => step.run({ x }));
    given.forEach((x) => x.dispose());
    const others = Array.from({ length: 8 }, () => tensorFromHalves({ halves: () => new Uint16Array(size), floats: () => new Float32Array() }, [size])); // prettier-ignore
    const results = await Promise.all(running);
    results.forEach(({ y }, i) => expect(Array.from(new Set(y.dataSync()))).toEqual([2 * (1 + i / 1024)]));
    tf.dispose(others);
  });
});

it('shapes that are prepared give what others give', async () => {
  const step = compile(twice, 'graph');
  const x = tf.tensor1d([1, 2]);
  step.prepare({ x }, ([length]) => [length + 1]);
  expect([...(await step.run({ x: tf.tensor1d([1, 2, 3]) })).y.dataSync()]).toEqual([2, 4, 6]);
  expect([...(await step.run({ x })).y.dataSync()]).toEqual([2, 4]);
});

it('a step that is disposed ends when its runs have ended', async () => {
  const step = compile(({ x }: { x: tf.Tensor2D }) => ({ y: tf.sum(tf.matMul(tf.matMul(x, x), x)) }), 'graph');
  const running = step.run({ x: tf.ones([500, 500]) as tf.Tensor2D });
  step.dispose();
  expect((await running).y.dataSync()[0] / 500 ** 4).toBeCloseTo(1, 5);
});

it('steps with variables run in the order of their calls, those that only read them too', async () => {
  const adam = nativeAdam()!;
  const [parameter] = adam.parameters([tf.zeros([1])]);
  const reader = compile(({ x }: { x: tf.Tensor2D }) => ({ y: tf.add(tf.mul(tf.sum(tf.matMul(x, x)), 0), parameter.read()) }), 'graph');
  let count = 0;
  const writer = compile(({ g }: { g: tf.Tensor }) => {
    adam.update([parameter], [g], () => ({ step: count, learningRate: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }));
    return { y: tf.add(g, 0) };
  }, 'graph');
  const write = () => (count++, writer.run({ g: tf.ones([1]) }));
  await write();
  const read = reader.run({ x: tf.ones([600, 600]) as tf.Tensor2D });
  for (let i = 0; i < 3; i++) await write();
  expect((await read).y.dataSync()[0]).toBeCloseTo(-1, 4);
  expect((await reader.run({ x: tf.ones([2, 2]) as tf.Tensor2D })).y.dataSync()[0]).toBeCloseTo(-4, 4);
});

it('adds rows by scattering to the same bits each time, with two threads', async () => {
  const [rows, segments] = [4000, 700]; // more segments than go by a product
  const x = tf.randomNormal([rows, 64], 0, 1, 'float32', 3);
  const ids = tf.tensor1d(Array.from({ length: rows }, (_, i) => (i * 5) % 7), 'int32'); // prettier-ignore
  const step = compile(({ x, ids }: { x: tf.Tensor; ids: tf.Tensor }) => ({ y: tf.unsortedSegmentSum(x as tf.Tensor2D, ids as tf.Tensor1D, segments) }), 'graph'); // prettier-ignore
  const first = (await step.run({ x, ids })).y.dataSync();
  for (let run = 0; run < 5; run++) expect((await step.run({ x, ids })).y.dataSync()).toEqual(first);
});

it('leaves the other engines as they are, and they it', async () => {
  const step = compile(twice, 'graph');
  const mine = (await step.run({ x: tf.tensor1d([1, 2]) })).y;
  await useEngine({ backend: 'wasm', threads: 1 });
  const onWasm = tf.add(tf.tensor1d([5, 6]), 1);
  await useEngine({ backend: 'cpu' });
  expect([...tf.add(onWasm, mine).dataSync()]).toEqual([8, 11]);
  await useEngine({ backend: 'onnxruntime', threads: 2 });
  expect([...(await step.run({ x: tf.add(mine, 0) })).y.dataSync()]).toEqual([4, 8]);
  await useEngine({ backend: 'wasm', threads: 1 });
  expect(tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0]).toBe(11);
});

it.each([
  ['clipped', 0.5],
  ['as they are', undefined],
])('updates small parameters together and large ones by themselves as outside of a step, gradients %s', async (_, factor) => {
  const shapes = [[3], [200, 100], [2, 5], [1]]; // of 20,000 numbers the second
  const initial = shapes.map((shape, i) => tf.randomNormal(shape, 0, 1, 'float32', i));
  const gradients = shapes.map((shape, i) => tf.randomNormal(shape, 0, 1, 'float32', 10 + i));
  const [compiled, plain] = [0, 1].map(() => nativeAdam()!.parameters(initial));
  let count = 0;
  const numbers = () => ({ step: count, learningRate: 0.1 / count, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 });
  const scaled = (scale: tf.Tensor, given: readonly tf.Tensor[]) => (factor ? given.map((each) => tf.mul(each, scale)) : given);
  const step = compile(({ scale, ...given }: Record<string, tf.Tensor>) => {
    nativeAdam()!.update(compiled, scaled(scale, Object.values(given)), numbers);
    return { after: tf.concat(compiled.map((parameter) => tf.reshape(parameter.read(), [-1]))) };
  }, 'graph');
  for (count = 1; count <= 3; count++) {
    const scale = tf.scalar(factor ?? 1);
    const { after } = await step.run({ scale, ...Object.fromEntries(gradients.map((each, i) => [`of ${i}`, each])) });
    nativeAdam()!.update(plain, scaled(scale, gradients), numbers);
    const expected = tf.concat(plain.map((parameter) => tf.reshape(parameter.read(), [-1])));
    expect(greatestDifference(after.dataSync(), expected.dataSync())).toBeLessThan(2e-6);
    expect(compiled[2].read().dataSync()).toEqual(after.dataSync().slice(20_003, 20_013)); // a step that reads what it has written reads the new
  }
  const [first] = compiled.map((parameter) => parameter.moments().first.dataSync()).slice(2);
  expect(greatestDifference(first, plain[2].moments().first.dataSync())).toBeLessThan(1e-6);
});

describe('Adam refuses', () => {
  it.each([
    [
      'some of the parameters that were made together',
      [0],
      [2],
      'gradients of 1 of 2 parameters that were made together. Update them together, or make them apart',
    ],
    ['a parameter twice', [0, 0, 1], [2, 2, 3], 'a parameter twice. Add its gradients, and give it once'],
    [
      'gradients in another order',
      [0, 1],
      [3, 2],
      'a gradient of shape [3] for a parameter of shape [2]. Give gradients in the order of the parameters',
    ],
  ])('%s', async (_, places, sizes, message) => {
    const parameters = nativeAdam()!.parameters([tf.zeros([2]), tf.zeros([3])]);
    const step = compile((given: Record<string, tf.Tensor>) => {
      const numbers = () => ({ step: 1, learningRate: 1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 });
      nativeAdam()!.update(places.map((place) => parameters[place]), Object.values(given), numbers); // prettier-ignore
      return { y: tf.zeros([1]) };
    }, 'graph');
    await expect(step.run(Object.fromEntries(sizes.map((size, i) => [`g${i}`, tf.ones([size])])))).rejects.toThrow(message);
  });
});

it('holds its memory over 3000 steps of training', async () => {
  const adam = nativeAdam()!;
  const [parameter] = adam.parameters([tf.ones([64, 64])]);
  let count = 0;
  const step = compile(({ x }: { x: tf.Tensor2D }) => {
    const { outputs, gradients } = valueAndGradients(new Map([['w', parameter.read()]]), (named) => ({
      total: tf.mean(tf.square(tf.matMul(x, named.get('w') as tf.Tensor2D))),
    }));
    adam.update([parameter], [gradients.get('w')!], () => ({ step: count, learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }));
    return outputs;
  }, 'graph');
  const held = (): number[] => [tf.memory().numTensors, process.memoryUsage().rss / 1e6];
  let before: number[] = [];
  for (count = 1; count <= 3000; count++) {
    const x = tensorFromHalves({ halves: () => new Uint16Array(256 * 64).fill(0x3c00), floats: () => new Float32Array() }, [256, 64]) as tf.Tensor2D; // prettier-ignore
    const running = step.run({ x });
    x.dispose();
    (await running).total.dispose();
    if (count === 1000) before = held();
  }
  const [tensors, megabytes] = held();
  expect(tensors).toBe(before[0]);
  expect(megabytes - before[1]).toBeLessThan(30);
});

/** In a process of its own: what garbage collection, and the end, do to native code under way. */
function inProcess(script: string, environment: NodeJS.ProcessEnv = {}): unknown {
  const words = ['--expose-gc', ...fromSources];
  const env = { ...process.env, ...environment };
  return JSON.parse(execFileSync(process.execPath, [...words, '-e', script], { cwd: __dirname, encoding: 'utf8', env }));
}

it('sends nothing to its maker: the library leaves no files of a sender', () => {
  const temporary = mkdtempSync(join(tmpdir(), 'sender-'));
  try {
    const script = `const { compile, tf, useEngine } = require('@tass/tensor');
      (async () => {
        await useEngine({ backend: 'onnxruntime', threads: 1 });
        const { y } = await compile(({ x }) => ({ y: tf.mul(x, 2) }), 'graph').run({ x: tf.tensor1d([1]) });
        console.log(JSON.stringify(y.dataSync()[0]));
      })();`;
    const asAtHome = { CI: undefined, GITHUB_ACTIONS: undefined, TF_BUILD: undefined, ORT_DISABLE_TELEMETRY: undefined }; // it sends nothing from where software is tested
    expect([inProcess(script, { ...asAtHome, TMPDIR: temporary }), readdirSync(temporary)]).toEqual([2, []]);
  } finally {
    rmSync(temporary, { recursive: true });
  }
});

it('survives the collection of garbage: short arrays stay in place, the library stays loaded', () => {
  const found = inProcess(`const { compile, tf, useEngine } = require('@tass/tensor');
    const wait = () => new Promise((resolve) => setImmediate(resolve));
    (async () => {
      await useEngine({ backend: 'onnxruntime', threads: 2 });
      const step = compile(({ x, wide }) => ({ y: tf.add(tf.sum(tf.matMul(wide, wide)), tf.sum(x)) }), 'graph');
      const found = new Set();
      for (let i = 0; i < 40; i++) {
        const [x, wide] = [tf.tensor1d([1, 2]), tf.ones([100, 100])];
        const running = step.run({ x, wide });
        tf.dispose([x, wide]);
        Array.from({ length: 2000 }, () => new Float32Array(2));
        gc();
        await wait();
        found.add((await running).y.dataSync()[0]);
      }
      console.log(JSON.stringify([...found]));
    })();`);
  expect(found).toEqual([100 ** 3 + 3]);
});

it('keeps the memory of one shape for all of them', () => {
  const [one, eight] = [1, 8].map(
    (shapes) =>
      inProcess(`const { compile, tf, useEngine } = require('@tass/tensor');
    (async () => {
      await useEngine({ backend: 'onnxruntime', threads: 1 });
      const step = compile(({ x }) => ({ y: tf.sum(tf.mul(tf.tanh(x), tf.sigmoid(x))) }), 'graph');
      const numbers = 2 ** 22; // 16 MB, of which a run makes three
      for (let shape = 0; shape < ${shapes}; shape++) for (let run = 0; run < 2; run++) {
        const x = tf.fill([numbers >> shape, 1 << shape], 0.5);
        (await step.run({ x })).y.dispose();
        x.dispose();
      }
      gc();
      console.log(process.memoryUsage().rss / 1e6);
    })();`) as number,
  );
  expect(eight - one).toBeLessThan(100); // 7 * 48 MB and more, were it kept for each
});

it('computes in a worker thread beside the main one, to the same bits', () => {
  const found = inProcess(`const { Worker, isMainThread, parentPort } = require('node:worker_threads');
    const code = \`const { parentPort } = require('node:worker_threads');
      const { compile, tf, useEngine } = require('@tass/tensor');
      exports.train = async () => {
        await useEngine({ backend: 'onnxruntime', threads: 2 });
        const step = compile(({ x }) => ({ y: tf.softmax(tf.matMul(x, x)) }), 'graph');
        let x = tf.randomNormal([200, 200], 0, 0.1, 'float32', 1);
        for (let i = 0; i < 30; i++) x = (await step.run({ x })).y;
        return Array.from(x.dataSync().slice(0, 50));
      };\`;
    const load = () => { const module = { exports: {} }; new Function('require', 'exports', code)(require, module.exports); return module.exports; };
    const worker = new Worker(code + ';exports.train().then((y) => parentPort.postMessage(y))', { eval: true });
    const there = new Promise((resolve, reject) => { worker.once('message', resolve); worker.once('error', reject); });
    Promise.all([load().train(), there]).then(([here, there]) => console.log(JSON.stringify([here.length, JSON.stringify(here) === JSON.stringify(there)])));`);
  expect(found).toEqual([50, true]);
});
