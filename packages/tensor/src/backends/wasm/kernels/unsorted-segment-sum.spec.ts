import { disposeEngine, useEngine } from '../../../engine';
import * as tf from '../../../tf';

beforeAll(() => useEngine({ backend: 'wasm', threads: 1 }));
afterAll(() => disposeEngine());

const rows = () =>
  tf.tensor2d([
    [1, 2],
    [3, 4],
    [5, 6],
    [7, 8],
  ]);

it('adds the rows of each segment, zero where there are none, and drops negative ids', () => {
  const sums = tf.unsortedSegmentSum(rows(), tf.tensor1d([2, 0, 2, -1], 'int32'), 3);
  expect(sums.shape).toEqual([3, 2]);
  expect(sums.dataSync()).toEqual(new Float32Array([3, 4, 0, 0, 6, 8]));
});

it('refuses an id that has no row', () => {
  expect(() => tf.unsortedSegmentSum(rows(), tf.tensor1d([0, 1, 2, 3], 'int32'), 3)).toThrow(
    'UnsortedSegmentSum: segment id 3 is not below numSegments=3',
  );
});
