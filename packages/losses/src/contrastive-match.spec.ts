import { greatestDifference, numericGradient } from '@tass/testing';
import { Random, ShapeError, engineFromEnvironment, tf } from '@tass/tensor';
import { ContrastiveMatch, type ContrastiveMatchInputs } from './contrastive-match';

beforeAll(() => engineFromEnvironment());

const random = Random.fromSeed(13);
const normal = (name: string, shape: number[]): tf.Tensor => tf.tensor(random.fork(name).normals(tf.util.sizeFromShape(shape)), shape);
const inputs = {
  audio: normal('audio', [3, 4, 5]) as tf.Tensor3D, // videos 3, time 4, joint 5
  grounded: normal('grounded', [3, 2, 4, 5]) as tf.Tensor4D, // questions 2
  mask: tf.tensor2d([[1, 1], [1, 0], [1, 1]]), // prettier-ignore
};
const one = { logTemperature: tf.scalar(0) };
const loss = (given: ContrastiveMatchInputs) => ContrastiveMatch.loss(one, given).dataSync()[0];

describe('ContrastiveMatch', () => {
  it('is InfoNCE over the videos on a case worked out by hand', () => {
    // Sounds (1, 0), (0, 1); pictures (2, 0), (1, 1). Cosines 1, .707107 | 0, .707107:
    // log(1 + exp(-.292893)) = .557386 and log(1 + exp(-.707107)) = .400834; mean .479110
    const two = { audio: tf.tensor3d([[[1, 0]], [[0, 1]]]), grounded: tf.tensor4d([[[[2, 0]]], [[[1, 1]]]]), mask: tf.ones([2, 1]) as tf.Tensor2D }; // prettier-ignore
    expect(loss(two)).toBeCloseTo(0.47911, 5);
  });

  it('compares the pictures of the same place among the questions, and leaves masked ones out', () => {
    const question = (n: number, videos: number[]): number => {
      const of = (x: tf.Tensor): tf.Tensor => tf.gather(x, videos);
      return loss({ audio: of(inputs.audio), grounded: of(tf.slice(inputs.grounded, [0, n, 0, 0], [3, 1, 4, 5])), mask: tf.ones([videos.length, 1]) } as ContrastiveMatchInputs); // prettier-ignore
    };
    expect(loss(inputs)).toBeCloseTo((3 * question(0, [0, 1, 2]) + 2 * question(1, [0, 2])) / 5, 5); // five questions
  });

  it('has the gradient of central differences', () => {
    const of = (x: tf.Tensor): tf.Scalar => ContrastiveMatch.loss(one, { ...inputs, grounded: tf.reshape(x, [3, 2, 4, 5]) });
    const point = inputs.grounded.dataSync();
    const numeric = numericGradient((values) => of(tf.tensor1d(values)).dataSync(), point);
    expect(greatestDifference(tf.grad(of)(tf.tensor1d(point)).dataSync(), numeric)).toBeLessThan(2e-5); // measured 6e-6, gradients up to .03
  });

  it('is 0 for one video, as there is nothing to tell it from', () => {
    const single = { audio: normal('one', [1, 4, 5]), grounded: normal('picture', [1, 2, 4, 5]), mask: tf.ones([1, 2]) };
    expect(loss(single as ContrastiveMatchInputs)).toBeCloseTo(0, 6);
  });

  it('counts regions that all questions share for each of them', () => {
    const shared = tf.slice(inputs.grounded, [0, 0, 0, 0], [3, 1, 4, 5]) as tf.Tensor4D;
    expect(loss({ ...inputs, grounded: shared })).toBeCloseTo(loss({ ...inputs, grounded: tf.concat([shared, shared], 1) }), 6);
  });

  it('names the shape it expected', () => {
    expect(() => loss({ ...inputs, grounded: tf.zeros([3, 2, 4, 6]) })).toThrow(
      new ShapeError('ContrastiveMatch: grounded has shape [3, 2, 4, 6], expected [videos=3, questions, time=4, joint=5]'),
    );
  });
});
