import { greatestDifference, numericGradient } from '@tass/testing';
import { engineFromEnvironment } from '../engine-from-environment';
import { DropoutSource } from '../ops/dropout';
import { Random } from '../random';
import * as tf from '../tf';
import { CrossAttention } from './cross-attention';
import { plainMultiHeadAttention } from './plain';

beforeAll(() => engineFromEnvironment());

const [batch, groups, queries, positions, dim, heads] = [2, 3, 2, 5, 4, 2];
const random = Random.fromSeed(5);
const parameters = CrossAttention.initialize({ dim, heads }, random.fork('parameters'));
const normal = (name: string, ...shape: [number, number, number, number]): tf.Tensor4D =>
  tf.tensor4d(random.fork(name).normals(tf.util.sizeFromShape(shape)), shape);
const own = { query: normal('query', batch, groups, queries, dim), stream: normal('stream', batch, groups, positions, dim) };
const shared = { query: normal('one query', batch, 1, queries, dim), stream: normal('one stream', batch, 1, positions, dim) };
const tiled = <Rank extends tf.Tensor>(x: Rank): Rank => tf.broadcastTo(x, [batch, groups, ...x.shape.slice(2)]) as Rank;
const mask = tf.tensor3d([[[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [1, 0, 0, 0, 1]], [[1, 0, 0, 1, 1], [1, 1, 1, 0, 0], [0, 1, 1, 0, 0]]]); // prettier-ignore

it('is the equation as written', () => {
  const rows = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [batch * groups, ...x.shape.slice(2)]);
  const { output } = plainMultiHeadAttention(
    parameters,
    {
      query: rows(own.query) as tf.Tensor3D,
      streams: [tf.expandDims(rows(own.stream), 1) as tf.Tensor4D],
      mask: tf.broadcastTo(tf.expandDims(rows(mask), 1), [batch * groups, queries, positions]) as tf.Tensor3D,
    },
    { dim, heads },
  );
  expect(greatestDifference(CrossAttention.forward(parameters, { ...own, mask }, { heads }).dataSync(), output.dataSync())).toBeLessThan(1e-6); // prettier-ignore
});

it.each([
  ['a stream', { query: own.query, stream: shared.stream }],
  ['a query', { query: shared.query, stream: own.stream }],
])('shares %s among groups', (_, inputs) => {
  const output = CrossAttention.forward(parameters, inputs, { heads });
  const each = CrossAttention.forward(parameters, { query: tiled(inputs.query), stream: tiled(inputs.stream) }, { heads });
  expect(output.shape).toEqual([batch, groups, queries, dim]);
  expect(greatestDifference(output.dataSync(), each.dataSync())).toBeLessThan(1e-6);
});

it('has the gradient of central differences with respect to query and stream', () => {
  for (const name of ['query', 'stream'] as const) {
    const loss = (x: tf.Tensor): tf.Tensor =>
      tf.square(CrossAttention.forward(parameters, { ...own, mask, [name]: tf.reshape(x, own[name].shape) }, { heads }));
    const analytic = tf
      .grad((x: tf.Tensor) => tf.sum(loss(x)))(tf.tensor1d(own[name].dataSync()))
      .dataSync();
    const numeric = numericGradient((values) => loss(tf.tensor1d(values)).dataSync(), own[name].dataSync());
    expect(greatestDifference(analytic, numeric)).toBeLessThan(1e-4);
  }
});

it('drops weights by the seed', () => {
  const dropped = (seed: number) =>
    CrossAttention.forward(parameters, { ...own, dropout: { rate: 0.5, source: DropoutSource.fromSeed(() => seed) } }, { heads }).dataSync(); // prettier-ignore
  expect(greatestDifference(dropped(1), dropped(1))).toBe(0);
  expect(greatestDifference(dropped(1), dropped(2))).toBeGreaterThan(1e-2);
});

it('names what does not fit', () => {
  expect(() => CrossAttention.forward(parameters, { ...own, stream: normal('other', batch, 2, positions, dim) }, { heads })).toThrow('CrossAttention: query has 3 groups and stream 2, expected as many, or 1'); // prettier-ignore
  expect(() => CrossAttention.forward(parameters, { ...own, stream: normal('other', 3, 3, positions, dim) }, { heads })).toThrow('CrossAttention: stream has shape [3, 3, 5, 4], expected [batch=2, ofStream, positions, dim=4]'); // prettier-ignore
});
