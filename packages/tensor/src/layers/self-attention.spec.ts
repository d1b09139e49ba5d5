import { greatestDifference, numericGradient } from '@tass/testing';
import { engineFromEnvironment } from '../engine-from-environment';
import { Random } from '../random';
import { ShapeError } from '../shape';
import * as tf from '../tf';
import { plainMultiHeadAttention } from './plain';
import { SelfAttention } from './self-attention';

beforeAll(() => engineFromEnvironment());

const [batch, positions, dim, heads] = [2, 3, 4, 2];
const random = Random.fromSeed(5);
const parameters = SelfAttention.initialize({ dim, heads }, random.fork('parameters'));
const x = tf.tensor3d(random.fork('x').normals(batch * positions * dim), [batch, positions, dim]);
const mask = tf.tensor2d([[1, 1, 1], [1, 0, 1]]); // prettier-ignore
const forward = (given: tf.Tensor3D, seen?: tf.Tensor2D) => SelfAttention.forward(parameters, { x: given, mask: seen }, { heads });

it('is the equation as written, every position a query', () => {
  const ofQueries = tf.broadcastTo(tf.expandDims(mask, 1), [batch, positions, positions]) as tf.Tensor3D;
  const streams = [tf.expandDims(x, 1) as tf.Tensor4D];
  const { output } = plainMultiHeadAttention(parameters, { query: x, streams, mask: ofQueries }, { dim, heads });
  expect(greatestDifference(forward(x, mask).dataSync(), output.dataSync())).toBeLessThan(1e-6);
});

it('does not look at what is masked', () => {
  const other = tf.add(
    x,
    tf.tensor3d(
      [0, 5, 0].flatMap((change) => Array<number>(dim).fill(change)),
      [1, positions, dim],
    ),
  ) as tf.Tensor3D; // of position 1
  const [own, changed] = [forward(x, mask), forward(other, mask)].map((rows) => tf.unstack(rows, 1).map((row) => row.dataSync()));
  const secondVideo = (rows: ArrayLike<number>) => Array.from(rows).slice(dim);
  expect(greatestDifference(secondVideo(own[0]), secondVideo(changed[0]))).toBe(0);
  expect(greatestDifference(own[0].slice(0, dim), changed[0].slice(0, dim))).toBeGreaterThan(1e-3);
});

it('has the gradient of central differences', () => {
  const loss = (values: tf.Tensor): tf.Scalar => tf.sum(tf.square(forward(tf.reshape(values, [batch, positions, dim]), mask)));
  const numeric = numericGradient((values) => loss(tf.tensor1d(values)).dataSync(), x.dataSync());
  expect(greatestDifference(tf.grad(loss)(tf.tensor1d(x.dataSync())).dataSync(), numeric)).toBeLessThan(1e-4);
});

it('names the shape it expected', () =>
  expect(() => forward(tf.zeros([2, 3, 5]))).toThrow(
    new ShapeError('SelfAttention: x has shape [2, 3, 5], expected [batch, positions, dim=4]'),
  ));
