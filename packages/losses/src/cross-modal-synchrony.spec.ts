import { greatestDifference, numericGradient } from '@tass/testing';
import { Random, ShapeError, engineFromEnvironment, tf } from '@tass/tensor';
import { crossModalSynchrony } from './cross-modal-synchrony';

beforeAll(() => engineFromEnvironment());

const of = (visual: number[][], audio: number[][], mask: number[]) => {
  const { divergence, visualEntropy, audioEntropy } = crossModalSynchrony({
    visual: tf.tensor3d([visual]),
    audio: tf.tensor3d([audio]),
    mask: tf.tensor2d([mask]),
  });
  return [divergence, visualEntropy, audioEntropy].map((value) => value.dataSync()[0]);
};

describe('crossModalSynchrony', () => {
  it('is the Jensen-Shannon divergence in nats, beside both entropies, on cases worked out by hand', () => {
    expect(greatestDifference(of([[1, 0]], [[0, 1]], [1]), [Math.LN2, 0, 0])).toBeLessThan(1e-6); // nothing in common
    expect(greatestDifference(of([[0.3, 0.7]], [[0.3, 0.7]], [1]), [0, 0.610864, 0.610864])).toBeLessThan(1e-6); // the same
    // (.5, .5) and (1, 0), mixture (.75, .25): half of .5 log(2/3) + .5 log 2 = .143841, and half of log(4/3) = .287682
    expect(greatestDifference(of([[0.5, 0.5]], [[1, 0]], [1]), [0.215762, Math.LN2, 0])).toBeLessThan(1e-6);
  });

  it('counts the questions of the mask alone', () => {
    expect(greatestDifference(of([[1, 0], [0.5, 0.5]], [[0, 1], [1, 0]], [0, 1]), [0.215762, Math.LN2, 0])).toBeLessThan(1e-6); // prettier-ignore
    expect(of([[1, 0]], [[0, 1]], [0])).toEqual([0, 0, 0].map(() => expect.closeTo(0)));
  });

  it('has the gradient of central differences', () => {
    const random = Random.fromSeed(12);
    const scores = random.normals(2 * 2 * 3 * 4);
    const mask = tf.tensor2d([[1, 0, 1], [1, 1, 1]]); // prettier-ignore
    const loss = (x: tf.Tensor): tf.Scalar => {
      const [visual, audio] = tf.unstack(tf.softmax(tf.reshape(x, [2, 2, 3, 4]))) as tf.Tensor3D[];
      return crossModalSynchrony({ visual, audio, mask }).divergence;
    };
    const numeric = numericGradient((values) => loss(tf.tensor1d(values)).dataSync(), scores);
    expect(greatestDifference(tf.grad(loss)(tf.tensor1d(scores)).dataSync(), numeric)).toBeLessThan(2e-6); // measured 7e-7, gradients up to .03
  });

  it('has a finite gradient where a share is 0', () => {
    const loss = (visual: tf.Tensor): tf.Scalar =>
      crossModalSynchrony({ visual: visual as tf.Tensor3D, audio: tf.tensor3d([[[0, 1]]]), mask: tf.ones([1, 1]) }).divergence;
    expect(
      [
        ...tf
          .grad(loss)(tf.tensor3d([[[1, 0]]]))
          .dataSync(),
      ].every(Number.isFinite),
    ).toBe(true);
  });

  it('names the shape it expected', () => {
    expect(() => of([[0.5, 0.5]], [[0.2, 0.3, 0.5]], [1])).toThrow(
      new ShapeError('crossModalSynchrony: audio has shape [1, 1, 3], expected [videos=1, questions=1, time=2]'),
    );
  });
});
