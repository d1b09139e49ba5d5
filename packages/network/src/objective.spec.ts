import { tf, useEngine } from '@tass/tensor';
import { objective } from './objective';

beforeAll(() => useEngine({ backend: 'cpu' }));

const logits = tf.tensor3d([[[0, 0, 0, 0], [Math.log(3), 0, -50, -50]]]); // prettier-ignore
const labels = { answers: tf.tensor2d([[2, 0]], [1, 2], 'int32'), mask: tf.ones([1, 2]) as tf.Tensor2D };
const answer = (Math.log(4) - Math.log(3 / 4)) / 2; // of both questions
const valuesOf = (given: Record<string, tf.Scalar>) => Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.dataSync()[0]])); // prettier-ignore

it('is the weighted sum of the answer loss and that of the network, worked out by hand', () => {
  const outputs = { logits, losses: { near: tf.scalar(5) }, figures: { entropy: tf.scalar(7) } };
  const values = valuesOf(objective(outputs, labels, { answer: 2, near: 3, far: 11 }, ['near', 'far']));
  expect(Object.keys(values)).toEqual(['total', 'answer', 'near', 'far', 'entropy']); // the order of the journal
  expect(values.answer).toBeCloseTo(answer, 5);
  expect(values.total).toBeCloseTo(2 * answer + 15, 5);
  expect([values.near, values.far, values.entropy]).toEqual([5, 0, 7]);
});

it('leaves out a loss without a weight, from the figures too', () => {
  const outputs = { logits, losses: { near: tf.scalar(5), unwanted: tf.scalar(Number.NaN) } };
  const values = valuesOf(objective(outputs, labels, { answer: 1, near: 0 }, ['near', 'unwanted']));
  expect(Object.keys(values)).toEqual(['total', 'answer', 'near']);
  expect(values.total).toBeCloseTo(answer, 5);
});
