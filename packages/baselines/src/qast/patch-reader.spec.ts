import { Random, engineFromEnvironment, tf } from '@tass/tensor';
import { greatestDifference } from '@tass/testing';
import { PatchReader, type PatchReaderInputs } from './patch-reader';

beforeAll(() => engineFromEnvironment());

const random = Random.fromSeed(8);
const normal = (name: string, shape: number[]): tf.Tensor => tf.tensor(random.fork(name).normals(tf.util.sizeFromShape(shape)), shape);
const [videos, questions, time, regions, dim] = [3, 2, 5, 7, 4];
const inputs: PatchReaderInputs = {
  events: normal('events', [videos, questions, time, dim]) as tf.Tensor4D,
  patches: normal('patches', [videos, time, regions, dim]) as tf.Tensor4D,
  sound: normal('sound', [videos, 1, time, dim]) as tf.Tensor4D,
  question: normal('question', [videos, questions, dim]) as tf.Tensor3D,
  kept: 3,
};
const parameters = PatchReader.initialize(dim, Random.fromSeed(2));
const mapOf = (change: Partial<PatchReaderInputs> = {}): tf.Tensor4D => PatchReader.forward(parameters, { ...inputs, ...change }).map;

it('keeps some patches of a frame, by shares that sum to 1; the rest as much as they had', () => {
  const whole = mapOf({ kept: regions }).dataSync(); // of all patches
  const kept = mapOf().dataSync();
  for (let row = 0; row < videos * questions * time; row++) {
    const [all, some] = [whole, kept].map((of) => Array.from(of.slice(row * regions, (row + 1) * regions)));
    expect(some.reduce((sum, share) => sum + share)).toBeCloseTo(1, 5);
    const taken = [...some.keys()].filter((i) => some[i] > 0);
    expect(taken.sort()).toEqual([...all.keys()].sort((i, j) => all[j] - all[i]).slice(0, 3).sort()); // prettier-ignore
    const ratios = taken.map((i) => some[i] / all[i]);
    for (const ratio of ratios) expect(ratio).toBeCloseTo(ratios[0], 4);
  }
});

it('passes a gradient to what chooses: of the one patch that is kept the share is 1, whatever the question is', () => {
  const weights = normal('weights', [videos, questions, time, regions]);
  const share = (question: tf.Tensor): tf.Scalar => tf.sum(tf.mul(mapOf({ kept: 1, question: question as tf.Tensor3D }), weights));
  expect(greatestDifference(tf.max(mapOf({ kept: 1 }), -1).dataSync(), Array(videos * questions * time).fill(1))).toBeLessThan(1e-6);
  expect(tf.max(tf.abs(tf.grad(share)(inputs.question))).dataSync()[0]).toBeGreaterThan(1e-3);
});

it('reads by other shares where they are given', () => {
  const uniform = { reshare: (map: tf.Tensor4D): tf.Tensor4D => tf.fill(map.shape, 1 / regions) };
  const { seen } = PatchReader.forward(parameters, { ...inputs, ...uniform });
  const { seen: other } = PatchReader.forward(parameters, {
    ...inputs,
    ...uniform,
    question: normal('other', [videos, questions, dim]) as tf.Tensor3D,
  });
  expect(greatestDifference(seen.dataSync(), other.dataSync())).toBeLessThan(1e-6);
});
