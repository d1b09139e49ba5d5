import { compile } from '../../../compile/compile';
import { hostTensor } from '../../../compile/host-tensor';
import { availableEngines, disposeEngine, useEngine } from '../../../engine';
import * as tf from '../../../tf';
import { kernels } from '.';

/** What the suite of all engines leaves out: entries that are no numbers, infinite or halves, and whole numbers. Expected is what `cpu` gives. */
const odd = () => tf.tensor1d([NaN, Infinity, -Infinity, 0, -0, 2.5, -2.5, 1.5, -0.5, 3, -7]);
const other = () => tf.tensor1d([1, NaN, 2, 0, 3, NaN, 2.5, -1.5, -0.5, -2, 2]);
const amid = () => tf.tensor1d([1, NaN, Infinity, 2, 3]);
const whole = () => tf.tensor1d([7, -7, 7, -7, 0, 6, -6, 2 ** 31 - 1, -(2 ** 31), 16777217], 'int32');
const specialDivisor = () => tf.tensor1d([0, 0, 0, 0, 0, 1, 0, 0, -1, 0], 'int32');
const divisor = () => tf.tensor1d([2, 2, -2, -2, 3, 3, 3, 10, 10, 1], 'int32');
const bools = () => tf.tensor1d([1, 0, 1, 0], 'bool');
const otherBools = () => tf.tensor1d([1, 1, 0, 0], 'bool');

type Inputs = Readonly<Record<string, tf.Tensor>>;
const cases: Record<string, [Inputs: () => Inputs, compute: (inputs: Inputs) => tf.Tensor]> = {
  ...unary(odd, { abs: tf.abs, neg: tf.neg, ceil: tf.ceil, floor: tf.floor, round: tf.round, 'sign of numbers': (x) => tf.sign(tf.slice(x, 1)), relu: tf.relu, relu6: tf.relu6, exp: tf.exp, isNaN: tf.isNaN, isInf: tf.isInf, isFinite: tf.isFinite }), // prettier-ignore
  ...unary(odd, { step: (x) => tf.step(x, 0.5), 'clipped': (x) => tf.clipByValue(x, -1, 1), max: (x) => tf.max(x), min: (x) => tf.min(x), sum: (x) => tf.sum(x), 'times one': (x) => tf.mul(x, tf.ones([11])) }), // prettier-ignore
  ...binary(odd, other, { maximum: tf.maximum, minimum: tf.minimum, mod: tf.mod, greater: tf.greater, greaterEqual: tf.greaterEqual, less: tf.less, lessEqual: tf.lessEqual, equal: tf.equal, notEqual: tf.notEqual }), // prettier-ignore
  ...unary(whole, { 'abs of integers': (x) => tf.abs(tf.slice(x, 0, 7)), 'neg of integers': tf.neg, 'sign of integers': tf.sign, 'square of integers': (x) => tf.square(tf.clipByValue(x, -9, 9)), 'argMax of integers': (x) => tf.argMax(x), 'argMin of integers': (x) => tf.argMin(x), 'integers as floats': (x) => tf.cast(tf.slice(x, 0, 7), 'float32'), 'integers as bools': (x) => tf.cast(x, 'bool'), 'max of integers': (x) => tf.max(x), 'cumsum of integers': (x) => tf.cumsum(tf.slice(x, 0, 7)), 'slice of integers': (x) => tf.slice(x, 2, 5), 'padded integers': (x) => tf.pad(x, [[1, 2]], -1), 'tiled integers': (x) => tf.tile(x, [2]) }), // prettier-ignore
  ...binary(whole, divisor, { 'add of integers': (a, b) => tf.add(tf.clipByValue(a, -99, 99), b), 'floorDiv of integers': tf.floorDiv, 'mod of integers': tf.mod, 'less of integers': tf.less, 'equal of integers': tf.equal, 'maximum of integers': tf.maximum }), // prettier-ignore
  ...binary(whole, specialDivisor, { 'floorDiv by 0 and -1': tf.floorDiv, 'mod by 0 and -1': tf.mod, 'floorDiv by constants 0 and -1': (a) => tf.floorDiv(a, specialDivisor()), 'mod by the constant 0': (a) => tf.mod(a, tf.scalar(0, 'int32')), 'floorDiv by the constant -1': (a) => tf.floorDiv(a, tf.scalar(-1, 'int32')), 'RealDiv of integers': (a, b) => tf.engine().runKernel('RealDiv', { a, b }) }), // prettier-ignore
  ...unary(odd, {
    'floats as integers': (x) => tf.cast(tf.slice(x, 3), 'int32'),
    'floats as bools': (x) => tf.cast(tf.slice(x, 1), 'bool'),
  }),
  ...binary(bools, otherBools, { and: tf.logicalAnd, or: tf.logicalOr, xor: tf.logicalXor, 'where by bools': (a, b) => tf.where(a, b, tf.logicalNot(b)) }), // prettier-ignore
  ...unary(bools, { not: tf.logicalNot, all: (x) => tf.all(x), any: (x) => tf.any(x), 'concat of bools': (x) => tf.concat([x, x]), 'bools as integers': (x) => tf.cast(x, 'int32') }), // prettier-ignore
  'segments of integers': [() => ({ x: whole() }), ({ x }) => tf.cast(tf.unsortedSegmentSum(tf.clipByValue(x, -9, 9) as tf.Tensor1D, tf.tensor1d([0, 2, 0, 2, 2, 0, 0, 2, 2, 0], 'int32'), 3), 'float32')], // prettier-ignore
  ...unary(amid, { 'max, NaN in the middle': (x) => tf.max(x), 'min, NaN in the middle': (x) => tf.min(x, 0, true), 'argMax, NaN in the middle': (x) => tf.argMax(x), 'argMin, NaN in the middle': (x) => tf.argMin(x), 'log1p of infinity': (x) => tf.log1p(tf.abs(x)) }), // prettier-ignore
  ...unary(whole, { 'mean of integers': (x) => tf.mean(tf.slice(x, 0, 6)), 'exp of integers': (x) => tf.round(tf.exp(tf.clipByValue(x, -2, 2))), 'addN of integers': (x) => tf.addN([tf.slice(x, 0, 5), tf.slice(x, 1, 5)]), 'where of integers and floats': (x) => tf.where(tf.greater(x, 0), x, tf.fill([10], 0.5)), 'product of integers, turned': (x) => tf.matMul(tf.reshape(tf.slice(x, 0, 6), [2, 3]), tf.reshape(tf.slice(x, 0, 6), [2, 3]), true, false) }), // prettier-ignore
  ...binary(bools, otherBools, { 'less of bools': tf.less, 'greaterEqual of bools': tf.greaterEqual }),
  'a fill that is no integer': [() => ({ x: tf.scalar(1) }), ({ x }) => tf.mul(tf.cast(tf.fill([2], 2.5, 'int32'), 'float32'), x)],
  'a range downwards': [() => ({ x: tf.scalar(1) }), ({ x }) => tf.mul(tf.range(5, 0), x)],
  'a strided slice backwards to the beginning': [() => ({ x: amid() }), ({ x }) => tf.stridedSlice(x, [3], [-6], [-1])],
  'a scalar reversed': [() => ({ x: tf.scalar(3) }), ({ x }) => tf.reverse(x)],
  'rows that belong to no segment': [() => ({ x: tf.tensor2d([1, 2, 3], [3, 1]) }), ({ x }) => tf.unsortedSegmentSum(x as tf.Tensor2D, tf.tensor1d([-1, 599, 0], 'int32'), 600)], // prettier-ignore
  'a one-hot of more places than a constant holds': [
    () => ({ x: tf.tensor1d([299_999], 'int32') }),
    ({ x }) => tf.oneHot(x as tf.Tensor1D, 300_000),
  ],
  'a cumulative product whose places are more than a constant holds': [() => ({ x: tf.linspace(0.99, 1.01, 600) }), ({ x }) => tf.round(tf.mul(tf.cumprod(x), 1000))], // prettier-ignore
  'a place outside of a one-hot': [() => ({ x: tf.tensor1d([-1, 0, 3, 2], 'int32') }), ({ x }) => tf.oneHot(x as tf.Tensor1D, 3)],
};

function unary(x: () => tf.Tensor, functions: Record<string, (x: tf.Tensor) => tf.Tensor>): typeof cases {
  return Object.fromEntries(Object.entries(functions).map(([name, compute]) => [name, [() => ({ x: x() }), ({ x }) => compute(x)]]));
}
function binary(
  a: () => tf.Tensor,
  b: () => tf.Tensor,
  functions: Record<string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor>,
): typeof cases {
  const inputs = () => ({ a: a(), b: b() });
  return Object.fromEntries(Object.entries(functions).map(([name, compute]) => [name, [inputs, ({ a, b }) => compute(a, b)]]));
}

afterAll(() => disposeEngine());

it.each(Object.keys(cases))('%s', async (name) => {
  const [inputs, compute] = cases[name];
  await useEngine({ backend: 'cpu' });
  const expected = compute(inputs());
  const values = Array.from(expected.dataSync());
  await useEngine({ backend: 'onnxruntime', threads: 1 });
  const step = compile((given: Inputs) => ({ y: compute(given) }), 'graph');
  const { y } = await step.run(inputs());
  step.dispose();
  expect([y.dtype, y.shape]).toEqual([expected.dtype, expected.shape]);
  expect(Array.from(y.dataSync(), positiveZero)).toEqual(values.map(positiveZero));
});

const positiveZero = (value: number): number => (value === 0 ? 0 : value);

it.each<[string, (x: tf.Tensor) => tf.Tensor, string]>([
  ['a shape of another size', (x) => tf.reshape(x, [4]), 'shape'],
  ['numbers of the host that are too many', () => hostTensor(() => new Float32Array(called++ === 0 ? 2 : 3), [2]), 'hostTensor: 3 numbers were made, expected 2 for shape [2]'], // prettier-ignore
  ['what onnxruntime itself refuses', (x) => tf.add(tf.cast(x, 'bool'), tf.cast(x, 'bool')), 'Put the step together from other operations, or set engine.compile=off'], // prettier-ignore
])('refuses %s', async (_, compute, message) => {
  await useEngine({ backend: 'onnxruntime', threads: 1 });
  const step = compile(({ x }: Inputs) => ({ y: compute(x) }), 'graph');
  await expect(step.run({ x: tf.tensor1d([1, 2, 3]) })).rejects.toThrow(message);
});
let called = 0;

it('has every kernel of wasm that has a gradient, but for those of images', async () => {
  await useEngine({ backend: 'wasm', threads: 1 });
  const withGradient = tf.getKernelsForBackend('wasm').map(({ kernelName }) => kernelName).filter((name) => tf.getGradient(name)); // prettier-ignore
  const missing = withGradient.filter((name) => !(name in kernels));
  expect(missing.sort()).toEqual([
    ...['AvgPool', 'AvgPool3D', 'BatchToSpaceND', 'Conv2D', 'Conv2DBackpropInput', 'Conv3D', 'DepthwiseConv2dNative', 'Dilation2D', 'LRN'],
    ...['MaxPool', 'MaxPool3D', 'ResizeBilinear', 'ResizeNearestNeighbor', 'SpaceToBatchND'],
  ]);
});

it('is there wherever npm brings onnxruntime', () => expect(availableEngines()).toContain('onnxruntime'));
