import { greatestDifference } from '@tass/testing';
import { compile } from '../compile/compile';
import { engineFromEnvironment } from '../engine-from-environment';
import * as tf from '../tf';
import { valueAndGradients } from '../value-and-gradients';
import { hostIndices } from './host-indices';
import { permutedRows } from './permuted-rows';

beforeAll(() => engineFromEnvironment());

const x = tf.tensor2d([[1, 2], [3, 4], [5, 6]]); // prettier-ignore
const factors = tf.tensor2d([[1, 10], [100, 1000], [-1, -10]]); // prettier-ignore
const cycle = { order: [2, 0, 1], inverse: [1, 2, 0] };
const back = { order: [1, 2, 0], inverse: [2, 0, 1] };

it('orders rows and sends their gradients back, by hand; a compiled step asks for the order at every call', async () => {
  let now = cycle;
  const step = compile(({ x, factors }: { x: tf.Tensor; factors: tf.Tensor }) => {
    const { outputs, gradients } = valueAndGradients(new Map([['x', x]]), (named) => {
      const order = hostIndices(() => Int32Array.from(now.order), 3);
      const inverse = hostIndices(() => Int32Array.from(now.inverse), 3);
      const rows = permutedRows(named.get('x')!, { order, inverse });
      return { rows, total: tf.sum(tf.mul(rows, factors)) };
    });
    return { rows: outputs.rows, gradient: gradients.get('x')! };
  }, 'graph');
  for (const [order, rows, gradient] of [
    [cycle, [5, 6, 1, 2, 3, 4], [100, 1000, -1, -10, 1, 10]],
    [back, [3, 4, 5, 6, 1, 2], [-1, -10, 1, 10, 100, 1000]],
  ] as const) {
    now = order;
    const given = await step.run({ x, factors });
    expect(greatestDifference(given.rows.dataSync(), rows)).toBe(0);
    expect(greatestDifference(given.gradient.dataSync(), gradient)).toBe(0);
  }
  step.dispose();
});
