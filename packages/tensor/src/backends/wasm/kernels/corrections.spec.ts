import { disposeEngine, useEngine } from '../../../engine';
import * as tf from '../../../tf';

afterAll(() => disposeEngine());

const numbers = (shape: number[], dtype: 'float32' | 'int32'): tf.Tensor =>
  tf.tensor(Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => ((i * 7) % 11) - 5), shape, dtype); // prettier-ignore
const bools = (shape: number[]): tf.Tensor => tf.tensor(Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Number(i % 3 > 0)), shape, 'bool'); // prettier-ignore
const [oneNaN, otherNaN] = [[NaN, 1, -2, 7, NaN, -Infinity], [1, NaN, 3, 2, NaN, NaN]]; // prettier-ignore
const places = (): tf.Tensor2D => tf.tensor2d([[4, 0, 4], [1, 1, 2]], [2, 3], 'int32'); // prettier-ignore

/** Where the package's own kernels give other values than TensorFlow.js's engine `cpu`. */
it.each<[string, () => tf.Tensor]>([
  ['gather in batches', () => tf.gather(numbers([2, 5, 3], 'float32'), places(), 1, 1)],
  ['gather in batches, an axis further in', () => tf.gather(numbers([2, 3, 5, 2], 'int32'), places(), 2, 1)],
  ['gather of bools in batches', () => tf.gather(bools([2, 5]), places(), 1, -1)],
  ['gather in two batch axes', () => tf.gather(numbers([2, 3, 5], 'float32'), tf.reshape(places(), [2, 3, 1]), 2, 2)],
  ['gather of rows without entries', () => tf.gather(tf.zeros([3, 0]), tf.tensor1d([2, 0], 'int32'))],
  ['bools of floats', () => tf.cast(tf.tensor1d([0, -0, 0.5, -256, NaN, Infinity, 1]), 'bool')],
  ['bools of integers', () => tf.cast(tf.tensor1d([0, 1, -1, 256, 512], 'int32'), 'bool')],
  ['clipped integers', () => tf.clipByValue(numbers([7], 'int32'), -2, 3)],
  ['one-hot floats', () => tf.oneHot(tf.tensor1d([0, 2, 3, -1], 'int32'), 3, 0.5, -1, 'float32')],
  ['one-hot bools', () => tf.oneHot(tf.tensor1d([0, 2], 'int32'), 3, 1, 0, 'bool')],
  ['a strided slice of integers', () => tf.stridedSlice(numbers([4, 6], 'int32'), [3, -1], [0, 0], [-1, -2])],
  ['slopes of the last axes', () => tf.prelu(numbers([2, 3, 4], 'float32'), tf.linspace(0.5, 6, 12).reshape([1, 3, 4]))],
  ['one slope', () => tf.prelu(numbers([2, 3], 'float32'), tf.fill([1, 1], 0.5))],
  ['the greater of NaN and a number', () => tf.maximum(oneNaN, otherNaN)],
  ['the lesser of NaN and a number', () => tf.minimum(oneNaN, otherNaN)],
  ['the greater of a number and NaN, repeated', () => tf.maximum(numbers([2, 3], 'float32'), [1, NaN, 3])],
  ['the lesser of numbers and one NaN', () => tf.minimum(numbers([2, 3], 'float32'), NaN)],
  ['NaN, at most 6', () => tf.relu6(oneNaN)],
  ['NaN, clipped', () => tf.clipByValue(oneNaN, -1, 1)],
  ['a strided slice of bools', () => tf.stridedSlice(bools([5, 6]), [0, 1], [5, 6], [2, 3])],
])('gives the values of cpu: %s', async (_, compute) => {
  await useEngine({ backend: 'cpu' });
  const expected = compute();
  const values = expected.dataSync();
  await useEngine({ backend: 'wasm', threads: 1 });
  const found = compute();
  expect([found.dtype, found.shape]).toEqual([expected.dtype, expected.shape]);
  expect(found.dataSync()).toEqual(values);
});

it.each(['cumsum', 'cumprod'] as const)('counts axes from the end: %s', async (name) => {
  await useEngine({ backend: 'wasm', threads: 1 });
  const x = numbers([2, 3, 4], 'float32');
  for (const axis of [-1, -2, -3]) expect(tf[name](x, axis).dataSync()).toEqual(tf[name](x, axis + 3).dataSync());
});

it.each<[string, () => tf.Tensor, string]>([
  [
    'a place outside of its batch',
    () => tf.gather(numbers([2, 4, 3], 'float32'), places(), 1, 1),
    'GatherV2: the index value 4 is not in [0, 3]',
  ],
  ['a place outside of a tensor', () => tf.gatherND(numbers([2, 3], 'float32'), tf.tensor2d([[0, 2], [2, 0]], [2, 2], 'int32')), 'GatherNd: the place [2, 0] is outside of params, whose shape is [2, 3]'], // prettier-ignore
  ['bools', () => tf.square(bools([3])), 'Square: engine wasm does not compute it of bool. Cast the tensor to int32 first'],
  ['integers', () => tf.log1p(numbers([3], 'int32')), 'Log1p: engine wasm does not compute it of int32. Cast the tensor to float32 first'],
  ['a slope for each row', () => tf.prelu(numbers([2, 3, 4], 'float32'), tf.ones([3, 1])), 'Prelu: alpha has shape [3, 1], expected the last axes of x, which has [2, 3, 4]'], // prettier-ignore
  ['the remainder of integers by 0', () => tf.mod(tf.tensor1d([3], 'int32'), tf.tensor1d([0], 'int32')), 'Mod: an integer is divided by 0'],
  ['integers divided by 0', () => tf.div(tf.tensor1d([3], 'int32'), tf.tensor1d([0], 'int32')), 'FloorDiv: an integer is divided by 0'],
  [
    'the largest of no entries',
    () => tf.max(tf.zeros([2, 0]), 1),
    'Max: x of shape [2, 0] has no entries to reduce, expected at least one',
  ],
])('refuses %s', async (_, compute, message) => {
  await useEngine({ backend: 'wasm', threads: 1 });
  expect(compute).toThrow(message);
});
