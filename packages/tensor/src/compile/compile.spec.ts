import { greatestDifference } from '@tass/testing';
import { tensorFlowBackend } from '../backends/tensorflow/tensorflow-backend';
import { availableEngines, disposeEngine, useEngine } from '../engine';
import { nativeAdam } from '../native-adam';
import { DropoutSource, dropout } from '../ops/dropout';
import { Random } from '../random';
import * as tf from '../tf';
import { valueAndGradients } from '../value-and-gradients';
import { type CompileMode, canCompile, compile } from './compile';
import { hostTensor } from './host-tensor';
import { CompileError } from './compile-error';

const compilers = (['onnxruntime', 'tensorflow'] as const).map((backend) => ({ backend, isPresent: availableEngines().includes(backend) }));
/** Of what differs by the order of sums only: tensorflow computes both alike. */
const rounding = 2e-6;
const shapeByValues: Refused = ['has a shape that depends on values', ({ x }) => ({ y: tensorFlowBackend()!.executeSingleOutput('Where', [], [tf.greater(x, 1)]) }), 'the shape of what Where gives depends on values']; // prettier-ignore
const outsideOfTheTable: Refused = ['has an operation that onnxruntime has no counterpart of', ({ x }) => ({ y: tf.reshape(tf.maxPool(tf.reshape(x, [3, 1, 1]) as tf.Tensor3D, 1, 1, 'same'), [3]) }), 'operation MaxPool of TensorFlow.js has no counterpart on engine onnxruntime. Put the step together from others, or set engine.compile=off']; // prettier-ignore
const random = Random.fromSeed(4);
const normals = (name: string, shape: number[]): tf.Tensor => tf.tensor(random.fork(name).normals(tf.util.sizeFromShape(shape)), shape);
type Refused = [string, (inputs: { x: tf.Tensor }) => Record<string, tf.Tensor>, string];
const handles = () => tensorFlowBackend()?.binding.getNumOfTensors();

afterAll(() => disposeEngine());

for (const { backend, isPresent } of compilers)
  (isPresent ? describe : describe.skip)(`${backend}${isPresent ? '' : ': not on this machine'}`, () => {
    beforeAll(() => useEngine({ backend, threads: 2 }));
    beforeEach(() => tf.engine().startScope());
    afterEach(() => tf.engine().endScope());

    it('computes a case worked out by hand: 2 x + 1, and a constant', async () => {
      const step = compile(({ x }: { x: tf.Tensor }) => ({ y: tf.add(tf.mul(x, 2), 1), c: tf.scalar(3) }), 'graph');
      for (const value of [1, 5]) {
        const { y, c } = await step.run({ x: tf.tensor1d([value, -value]) });
        expect([...y.dataSync(), ...c.dataSync()]).toEqual([2 * value + 1, 1 - 2 * value, 3]);
      }
    });

    it('gives what the step gives, for every combination of shapes, optional arguments and int32 ones', async () => {
      const table = normals('table', [20, 4]);
      const forward = ({ table, ids, bias }: { table: tf.Tensor; ids: tf.Tensor; bias?: tf.Tensor }) => {
        const rows = tf.gather(table, ids as tf.Tensor1D);
        return { sum: tf.sum(tf.square(bias ? tf.add(rows, bias) : rows), -1) };
      };
      const step = compile(forward, 'graph');
      for (const count of [8, 5, 8, 5, 8]) {
        const ids = tf.tensor1d(Array.from({ length: count }, (_, i) => (7 * i + count) % 20), 'int32'); // prettier-ignore
        for (const bias of [undefined, normals('bias', [4])]) {
          const given = { table, ids, ...(bias ? { bias } : {}) };
          expect(greatestDifference((await step.run(given)).sum.dataSync(), forward(given).sum.dataSync())).toBeLessThan(rounding);
        }
      }
    });

    it.each([0, 0.3])('trains as the step does, variables in place, with weight decay %d', async (weightDecay) => {
      const [plain, compiled] = [await train('off', { weightDecay }), await train('graph', { weightDecay })];
      expect(greatestDifference(compiled.losses, plain.losses)).toBeLessThan(rounding);
      expect(greatestDifference(compiled.parameter, plain.parameter)).toBeLessThan(rounding);
      expect(plain.losses[11]).toBeLessThan(0.8 * plain.losses[0]);
    });

    it.each([0, 0.3])('makes the same bits each time, and when it goes on in between, with weight decay %d', async (weightDecay) => {
      const whole = await train('graph', { weightDecay });
      expect(await train('graph', { weightDecay })).toEqual(whole);
      expect(await train('graph', { weightDecay, restart: 5 })).toEqual(whole);
    });

    it('asks the host for its numbers at every call: a rate, and masks of dropout', async () => {
      let seed = 0;
      const source = DropoutSource.fromSeed(() => seed).fork('here');
      const forward = ({ x }: { x: tf.Tensor }) => ({
        y: tf.mul(
          dropout(x, 0.5, source),
          hostTensor(() => seed, []),
        ),
      });
      const step = compile(forward, 'graph');
      const seen = new Set<string>();
      for (seed = 1; seed <= 4; seed++) {
        const y = (await step.run({ x: tf.ones([30]) })).y.dataSync();
        expect(y).toEqual(forward({ x: tf.ones([30]) }).y.dataSync());
        seen.add(y.join());
      }
      expect(seen.size).toBe(4);
    });

    it('holds as many tensors after 300 calls as after one, and none after the end', async () => {
      const x = tf.add(normals('x', [8, 8]), 0);
      const before = [tf.memory().numTensors, handles()];
      const step = compile(({ x }: { x: tf.Tensor2D }) => ({ y: tf.matMul(tf.relu(tf.matMul(x, x)), x) }), 'graph');
      for (let call = 0; call < 300; call++) (await step.run({ x: x as tf.Tensor2D })).y.dispose();
      step.dispose();
      expect([tf.memory().numTensors, handles()]).toEqual(before);
    });

    const graphOf = (step: (inputs: { x: tf.Tensor }) => Record<string, tf.Tensor>) => compile(step, 'graph');
    const x = () => tf.tensor1d([1, 2, 3]);

    it.each<Refused>([
      [
        'reads values',
        ({ x }) => ({ y: tf.sum(x).dataSync()[0] > 0 ? x : tf.neg(x) }),
        'the step reads the values of a tensor of shape []',
      ],
      ['makes a variable', ({ x }) => (nativeAdam()!.parameters([x]), { x }), 'the step makes a variable. Make it before the step'],
      ...(backend === 'tensorflow' ? [shapeByValues] : [outsideOfTheTable]),
      ['makes a large tensor in JavaScript', ({ x }) => ({ y: tf.add(tf.sum(x), tf.tensor1d(Float32Array.from({ length: 300_000 }, (_, i) => i))) }), 'a tensor of shape [300000] from fixed values, more than a constant may hold'], // prettier-ignore
    ])('refuses a step that %s', async (_, step, message) => {
      await expect(graphOf(step).run({ x: x() })).rejects.toThrow(CompileError);
      await expect(graphOf(step).run({ x: x() })).rejects.toThrow(message);
      expect(tf.add(1, 2).dataSync()[0]).toBe(3); // and all works on
    });

    it('refuses a tensor from elsewhere', async () => {
      const other = tf.add(x(), 1);
      await expect(graphOf(({ x }) => ({ y: tf.mul(x, other) })).run({ x: x() })).rejects.toThrow(
        'a tensor of shape [3] that is neither made in it nor one of its arguments. Pass it as an argument',
      );
    });

    it('refuses a number of JavaScript that changes from call to call, at the second', async () => {
      let calls = 0;
      const step = graphOf(({ x }) => ({ y: tf.mul(x, ++calls) }));
      await step.run({ x: x() });
      await expect(step.run({ x: x() })).rejects.toThrow(
        /the step changed since it was compiled, at operation \d+ of \d+: .*pass it as an argument or through hostTensor/,
      );
    });

    it('finds one that changes later at the 10th call', async () => {
      let factor = 1;
      const step = graphOf(({ x }) => ({ y: tf.mul(x, factor) }));
      for (let call = 1; call < 10; call++) await step.run({ x: x() });
      factor = 2;
      await expect(step.run({ x: x() })).rejects.toThrow('the step changed since it was compiled');
    });

    it('refuses to run inside of a gradient', async () => {
      const step = graphOf(({ x }) => ({ y: tf.square(x) }));
      let inside: Promise<unknown> | undefined;
      tf.grad((given) => {
        inside = step.run({ x: given });
        return tf.sum(given);
      })(x());
      await expect(inside).rejects.toThrow('a compiled step has no gradient');
    });

    it('leaves variables and itself as they were where a step throws', async () => {
      const [parameter] = nativeAdam()!.parameters([tf.tensor1d([4])]);
      const failing = graphOf(({ x }) => {
        const numbers = { step: 1, learningRate: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
        nativeAdam()!.update([parameter], [tf.slice(x, 0, 1)], () => numbers);
        throw new RangeError('of the step itself');
      });
      await expect(failing.run({ x: x() })).rejects.toThrow(new RangeError('of the step itself'));
      expect(parameter.read().dataSync()[0]).toBe(4);
      parameter.dispose();
      const step = graphOf(({ x }) => ({ y: tf.square(x) }));
      expect((await step.run({ x: x() })).y.dataSync()).toEqual(new Float32Array([1, 4, 9]));
    });

    it('lets JavaScript go on while it runs, and takes its inputs along', async () => {
      const wide = tf.ones([700, 700]) as tf.Tensor2D;
      const step = compile(({ x }: { x: tf.Tensor2D }) => ({ y: tf.sum(tf.matMul(tf.matMul(x, x), x)) }), 'graph');
      (await step.run({ x: wide })).y.dispose();
      let done = false;
      const running = step.run({ x: wide }).then((made) => ((done = true), made));
      wide.dispose();
      await new Promise((resolve) => setImmediate(resolve));
      expect(done).toBe(false);
      expect((await running).y.dataSync()[0] / 700 ** 4).toBeCloseTo(1, 5);
    });
  });

it('runs the step as it is on other engines', async () => {
  await useEngine({ backend: 'cpu' });
  expect(canCompile()).toBe(false);
  let calls = 0;
  const step = compile(({ x }: { x: tf.Tensor }) => ({ y: tf.mul(x, ++calls) }), 'graph');
  const given = async () => (await step.run({ x: tf.scalar(2) })).y.dataSync()[0];
  expect([await given(), await given()]).toEqual([2, 4]);
});

/** Twelve steps of Adam on a small network; compiled again after `restart` steps, as by a resumed process. */
async function train(mode: CompileMode, { restart = 12, weightDecay = 0 } = {}): Promise<{ losses: number[]; parameter: Float32Array }> {
  const adam = nativeAdam()!;
  const [parameter] = adam.parameters([normals('parameter', [6, 3])]);
  let rate = 0;
  let count = 0;
  const make = () =>
    compile(({ inputs, targets }: { inputs: tf.Tensor2D; targets: tf.Tensor }) => {
      const { outputs, gradients } = valueAndGradients(new Map([['parameter', parameter.read()]]), (named) => ({
        total: tf.mean(tf.square(tf.sub(tf.tanh(tf.matMul(inputs, named.get('parameter') as tf.Tensor2D)), targets))),
      }));
      const numbers = () => ({ step: count, learningRate: rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay });
      adam.update([parameter], [gradients.get('parameter')!], numbers);
      return outputs;
    }, mode);
  let step = make();
  const losses: number[] = [];
  for (count = 1; count <= 12; count++) {
    if (count === restart + 1) step = make();
    rate = 0.1 / count;
    const inputs = normals(`inputs ${count % 3}`, [5, 6]) as tf.Tensor2D;
    const { total } = await step.run({ inputs, targets: normals(`targets ${count % 3}`, [5, 3]) });
    losses.push(total.dataSync()[0]);
  }
  const values = parameter.read().dataSync() as Float32Array;
  parameter.dispose();
  return { losses, parameter: values };
}
