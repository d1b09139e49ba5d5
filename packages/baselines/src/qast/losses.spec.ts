import { engineFromEnvironment, tf } from '@tass/tensor';
import { type LossInputs, qastLosses } from './losses';

beforeAll(() => engineFromEnvironment());

/** Two questions of a video, the second one under the mask; worked out by hand for the first. */
const inputs: LossInputs = {
  sound: tf.tensor3d([[[3, 0], [1, 1]]]), // prettier-ignore
  picture: tf.tensor3d([[[0, 2], [5, 1]]]), // prettier-ignore
  patches: tf.tensor3d([[[1, 1], [2, 7]]]), // prettier-ignore
  question: tf.tensor3d([[[4, 0], [2, 7]]]), // prettier-ignore
  events: tf.tensor4d([[[[1, 1], [3, 1], [3, 2]], [[9, 9], [0, 0], [9, 9]]]]), // prettier-ignore
  memory: tf.tensor4d([[[[1, 0], [0, 2], [1, 1]], [[1, 0], [1, 0], [1, 0]]]]), // prettier-ignore
  queries: tf.tensor2d([[1, 0], [2, 0]]), // prettier-ignore
  strength: tf.tensor2d([[0.09, 0.05]]),
  logits: tf.tensor3d([[[0.3, 0.5, 0], [0, 0, 9]]]), // prettier-ignore
  logitsOfRest: tf.tensor3d([[[0, 0.4, 8], [9, 0, 0]]]), // prettier-ignore
  answers: tf.tensor2d([[1, 2]], [1, 2], 'int32'),
  mask: tf.tensor2d([[1, 0]]),
  rise: tf.scalar(0.5),
};
const valuesOf = (given: LossInputs) =>
  Object.fromEntries(Object.entries(qastLosses(given)).map(([name, loss]) => [name, loss.dataSync()[0]]));

it('equals what was worked out by hand', () => {
  const values = valuesOf(inputs);
  expect(values.audioVisual).toBeCloseTo(0.5, 6); // half of the mean of 1 and 1
  expect(values.questionPatches).toBeCloseTo(0.5 * (1 - Math.SQRT1_2), 6);
  expect(values.events).toBeCloseTo(5 / 6 + (0 + 0.5 + 0.5) / 3, 6); // changes 0 0, 2 0, 0 1; cosines 0, 1 / sqrt(2), 1 / sqrt(2)
  expect(values.counterfactual).toBeCloseTo(0.2 - 0.5 + 0.4, 6);
  expect(values.diversity).toBeCloseTo(1, 6);
  expect(values.strength).toBeCloseTo(0.01, 6);
});

it('asks for nothing where the answer is surer by a margin, and within the band', () => {
  const { counterfactual, strength } = valuesOf({ ...inputs, logits: tf.tensor3d([[[0, 0.61, 0], [0, 0, 0]]]), strength: tf.tensor2d([[0.07, 0.2]]) }); // prettier-ignore
  expect([counterfactual, strength]).toEqual([0, 0]);
});
