import { join } from 'node:path';
import { beyondParity, greatestDifference, numericGradient, readFixture } from '@tass/testing';
import { Random, ShapeError, compiledGradients, engineFromEnvironment, tf } from '@tass/tensor';
import type { AttentionLossInputs } from './attention-loss';
import { attentionLoss, attentionLossNames, type AttentionLossName } from './index';

beforeAll(() => engineFromEnvironment());

/** One question of one video; frames of joint width 2 and a target along the first axis, so that a frame's cosine is its first number. */
const of = (name: AttentionLossName, visual: number[], audio: number[], { cosines = visual.map(() => 0) } = {}): number => {
  const frames = tf.tensor3d([cosines.map((cosine) => [cosine, Math.sqrt(1 - cosine ** 2)])]);
  const inputs: AttentionLossInputs = {
    visual: tf.tensor3d([[visual]]),
    audio: tf.tensor3d([[audio]]),
    text: { frames, target: tf.tensor3d([[[3, 0]]]) },
    mask: tf.ones([1, 1]),
  };
  return attentionLoss(name, inputs)!.dataSync()[0];
};

describe('on cases worked out by hand', () => {
  it('flatAttention is least, 2 log T, where both halves are flat', () => {
    expect(of('flatAttention', [0.5, 0.5], [0.5, 0.5])).toBeCloseTo(2 * Math.LN2, 5);
    // -(log .8 + log .2) / 2 = .916291, and log 2 = .693147
    expect(of('flatAttention', [0.8, 0.2], [0.5, 0.5])).toBeCloseTo(1.609438, 5);
  });

  it('textTeacher is the mean cross-entropy of both halves under a softmax of 100 * cosine', () => {
    // Cosines .02 and .01: scores 2 and 1, t = (.731059, .268941); of (.8, .2) .595975, of (.5, .5) .693147
    expect(of('textTeacher', [0.8, 0.2], [0.5, 0.5], { cosines: [0.02, 0.01] })).toBeCloseTo(0.644561, 4);
  });
});

const random = Random.fromSeed(21);
const normal = (name: string, shape: number[]): tf.Tensor => tf.tensor(random.fork(name).normals(tf.util.sizeFromShape(shape)), shape);
const text = { frames: normal('frames', [2, 4, 5]) as tf.Tensor3D, target: normal('target', [2, 3, 5]) as tf.Tensor3D }; // videos 2, questions 3, time 4
const mask = tf.tensor2d([[1, 0, 1], [1, 1, 1]]); // prettier-ignore
const halves = (scores: tf.Tensor) => {
  const shares = tf.softmax(tf.reshape(scores, [2, 3, 8]));
  const [visual, audio] = tf.split(shares, 2, -1) as tf.Tensor3D[];
  const sums = (half: tf.Tensor3D) => tf.sum(half, -1, true);
  return { visual: tf.div(visual, sums(visual)) as tf.Tensor3D, audio: tf.div(audio, sums(audio)) as tf.Tensor3D };
};
const scores = normal('scores', [48]);

describe.each(attentionLossNames)('%s', (name) => {
  const lossAt = (at: tf.Tensor): tf.Scalar => attentionLoss(name, { ...halves(at), text, mask })!;

  it('has the gradient of central differences, by which what teaches is a constant', () => {
    const numeric = numericGradient((values) => lossAt(tf.tensor1d(values)).dataSync(), scores.dataSync());
    const gradient = tf
      .grad((at: tf.Tensor) => attentionLoss(name, { ...halves(at), text, mask })!)(scores)
      .dataSync();
    expect(greatestDifference(gradient, numeric)).toBeLessThan(2e-5); // gradients up to .3
    expect(Math.max(...gradient.map(Math.abs))).toBeGreaterThan(1e-3);
  });

  it('counts the questions of the mask alone', () => {
    const { visual, audio } = halves(scores);
    const one = (question: number, video: number): number => {
      const row = <Rank extends tf.Tensor>(x: Rank): Rank =>
        tf.slice(x, [video, question, ...x.shape.slice(2).map(() => 0)], [1, 1, ...x.shape.slice(2)]) as Rank;
      const given = { frames: tf.slice(text.frames, video, 1), target: row(text.target) };
      return attentionLoss(name, {
        ...{ visual: row(visual), audio: row(audio) },
        ...{ text: given, mask: tf.ones([1, 1]) as tf.Tensor2D },
      })!.dataSync()[0];
    };
    const mean = [one(0, 0), one(2, 0), one(0, 1), one(1, 1), one(2, 1)].reduce((sum, value) => sum + value) / 5;
    expect(lossAt(scores).dataSync()[0]).toBeCloseTo(mean, 5);
    expect(attentionLoss(name, { ...halves(scores), text, mask: tf.zeros([2, 3]) })!.dataSync()[0]).toBeCloseTo(0, 6);
  });

  it.each([
    ['one segment', [[1]], [[1]], 1],
    ['a half without mass', [[0, 0]], [[0.5, 0.5]], 2],
    ['halves with nothing in common', [[1, 0]], [[0, 1]], 2],
  ])('is finite, and so is its gradient, for %s', (_, visual, audio, time) => {
    const given = { mask: tf.ones([1, 1]) as tf.Tensor2D };
    const still = { frames: tf.zeros([1, time, 5]) as tf.Tensor3D, target: tf.zeros([1, 1, 5]) as tf.Tensor3D };
    const loss = (v: tf.Tensor, a: tf.Tensor): tf.Scalar =>
      attentionLoss(name, { visual: v as tf.Tensor3D, audio: a as tf.Tensor3D, text: still, ...given })!;
    const { value, grads } = tf.valueAndGrads(loss)([tf.tensor3d([visual]), tf.tensor3d([audio])]);
    for (const tensor of [value, ...grads]) expect([...tensor.dataSync()].every(Number.isFinite)).toBe(true);
  });

  it('names the shape it expected', () => {
    expect(() => attentionLoss(name, { ...halves(scores), text, mask: tf.ones([2, 4]) })).toThrow(
      new ShapeError(`${name}: mask has shape [2, 4], expected [videos=2, questions=3]`),
    );
    expect(() => attentionLoss(name, { ...halves(scores), text: { ...text, frames: tf.zeros([2, 9, 5]) }, mask })).toThrow(
      new ShapeError(`${name}: frames has shape [2, 9, 5], expected [videos=2, time=4, joint]`),
    );
  });
});

it('textTeacher is left out of a question without a target', () => {
  expect(attentionLoss('textTeacher', { ...halves(scores), mask })).toBeUndefined();
});

/** The fixture is written by tools/parity: PyTorch in float64, question by question. */
it('equals the reference', async () => {
  const fixture = readFixture(join(__dirname, '..', 'fixtures', 'attention-losses.json'));
  const tensors = (arrays: typeof fixture.inputs) =>
    new Map([...arrays].map(([key, { shape, values }]) => [key, tf.tensor(values, [...shape])]));
  const { outputs, gradients } = await compiledGradients(
    tensors(fixture.parameters),
    Object.fromEntries(tensors(fixture.inputs)),
    (named, { frames, mask: counted }) => {
      const shares = tf.softmax(named.get('scores')!);
      const [visual, audio] = tf.split(shares, 2, -1) as tf.Tensor3D[];
      const rescaled = (half: tf.Tensor3D) => tf.div(half, tf.add(tf.sum(half, -1, true), 1e-8)) as tf.Tensor3D;
      const inputs = {
        ...{ visual: rescaled(visual), audio: rescaled(audio) },
        ...{ text: { frames: frames as tf.Tensor3D, target: named.get('target') as tf.Tensor3D }, mask: counted as tf.Tensor2D },
      };
      const losses = Object.fromEntries(attentionLossNames.map((name) => [name, attentionLoss(name, inputs)!]));
      return { ...losses, total: tf.addN(attentionLossNames.map((name, index) => tf.mul(losses[name], index + 1))) as tf.Scalar };
    },
  );
  expect(beyondParity(outputs, fixture.outputs)).toEqual([]);
  expect(beyondParity(gradients, fixture.gradients)).toEqual([]);
  for (const name of fixture.zeroGradients) expect(Math.max(...gradients.get(name)!.map(Math.abs))).toBe(0);
});
