import { greatestDifference, numericGradient } from '@tass/testing';
import { Random, ShapeError, engineFromEnvironment, tf } from '@tass/tensor';
import { answerLoss } from './answer-loss';

beforeAll(() => engineFromEnvironment());

const logits = tf.tensor3d([[[Math.log(2), 0, 0], [0, 0, 0]]]); // prettier-ignore
const answers = tf.tensor2d([[0, 2]], [1, 2], 'int32');
const loss = (mask: number[]) => answerLoss({ logits, answers, mask: tf.tensor2d([mask]) }).dataSync()[0];

describe('answerLoss', () => {
  it('is the mean of -log p over the questions of the mask, on a case worked out by hand', () => {
    // p = 2 / 4 and 1 / 3: log 2 = .693147, log 3 = 1.098612, mean .895880
    expect(loss([1, 1])).toBeCloseTo(0.89588, 5);
    expect(loss([1, 0])).toBeCloseTo(0.693147, 5);
    expect(loss([0, 0])).toBe(0);
  });

  it('has the gradient of central differences, 0 for a masked question', () => {
    const random = Random.fromSeed(11);
    const point = random.normals(2 * 3 * 4);
    const mask = tf.tensor2d([[1, 0, 1], [1, 1, 1]]); // prettier-ignore
    const of = (x: tf.Tensor): tf.Scalar => answerLoss({ logits: tf.reshape(x, [2, 3, 4]), answers: tf.tensor2d([[0, 1, 2], [3, 3, 0]], [2, 3], 'int32'), mask }); // prettier-ignore
    const gradient = tf.grad(of)(tf.tensor1d(point)).dataSync();
    expect(
      greatestDifference(
        gradient,
        numericGradient((values) => of(tf.tensor1d(values)).dataSync(), point),
      ),
    ).toBeLessThan(3e-5); // measured 7e-6, gradients up to .2
    expect(greatestDifference(gradient.slice(4, 8), [0, 0, 0, 0])).toBe(0);
  });

  it('leaves no tensor behind but its value', () => {
    const mask = tf.ones([1, 2]) as tf.Tensor2D;
    const before = tf.memory().numTensors;
    answerLoss({ logits, answers, mask });
    expect(tf.memory().numTensors).toBe(before + 1);
  });

  it('names the shape it expected', () => {
    expect(() => answerLoss({ logits, answers, mask: tf.ones([2, 2]) })).toThrow(
      new ShapeError('answerLoss: mask has shape [2, 2], expected [videos=1, questions=2]'),
    );
  });
});
