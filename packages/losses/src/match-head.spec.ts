import { greatestDifference } from '@tass/testing';
import { Random, ShapeError, engineFromEnvironment, namedParameters, tf, withParameters } from '@tass/tensor';
import { MatchHead, type MatchHeadInputs, type MatchHeadParameters, previousVideo } from './match-head';
import { plainMatchLoss } from './plain';

beforeAll(() => engineFromEnvironment());

const random = Random.fromSeed(14);
const normal = (name: string, shape: number[]): tf.Tensor => tf.tensor(random.fork(name).normals(tf.util.sizeFromShape(shape)), shape);
const inputs = {
  audio: normal('audio', [3, 4, 5]) as tf.Tensor3D, // videos 3, time 4, dim 5
  visual: normal('visual', [3, 2, 4, 5]) as tf.Tensor4D, // questions 2
  mismatched: normal('mismatched', [3, 2, 4, 5]) as tf.Tensor4D,
  mask: tf.tensor2d([[1, 1], [1, 0], [1, 1]]), // prettier-ignore
};
const parameters = MatchHead.initialize({ dim: 5 }, random);
const loss = (given: MatchHeadInputs, tree: MatchHeadParameters = parameters) => MatchHead.loss(tree, given).dataSync()[0];

describe('MatchHead', () => {
  it('is the cross-entropy of matched and mismatched pairs on a case worked out by hand', () => {
    // All weights 0, output bias (0, log 3): a match has 3 / 4. Pairs -log 3/4 = .287682, mismatched -log 1/4 = 1.386294; mean .836988
    const zeros = withParameters(
      parameters,
      new Map([...namedParameters(parameters)].map(([name, tensor]) => [name, tf.zerosLike(tensor)])),
    );
    const biased = { ...zeros, output: { ...zeros.output, bias: tf.tensor1d([0, Math.log(3)]) } };
    expect(loss(inputs, biased)).toBeCloseTo(0.836988, 5);
  });

  it('equals the plain form in value and every gradient, masked questions left out on both sides', () => {
    const named = namedParameters(parameters);
    const valueAndGradients = (form: (tree: MatchHeadParameters, given: MatchHeadInputs) => tf.Tensor) =>
      tf.valueAndGrads((visual: tf.Tensor, mismatched: tf.Tensor, ...tensors: tf.Tensor[]) => {
        const tree = withParameters(parameters, new Map([...named.keys()].map((name, i) => [name, tensors[i]])));
        return form(tree, { ...inputs, visual, mismatched } as MatchHeadInputs);
      })([inputs.visual, inputs.mismatched, ...named.values()]);
    const [fast, slow] = [valueAndGradients(MatchHead.loss), valueAndGradients(plainMatchLoss)];
    expect(greatestDifference(fast.value.dataSync(), slow.value.dataSync())).toBeLessThan(1e-6);
    ['visual', 'mismatched', ...named.keys()].forEach((name, i) => {
      const difference = greatestDifference(fast.grads[i].dataSync(), slow.grads[i].dataSync());
      expect({ name, close: difference < 1e-6 }).toEqual({ name, close: true });
    });
  });

  it('is 0 for one video, with a gradient of 0 for every parameter', () => {
    const single = {
      audio: normal('one', [1, 4, 5]),
      visual: normal('two', [1, 2, 4, 5]),
      mismatched: normal('two', [1, 2, 4, 5]),
      mask: tf.ones([1, 2]),
    };
    const named = namedParameters(parameters);
    const gradients = tf.grads((...tensors: tf.Tensor[]) =>
      MatchHead.loss(
        withParameters(parameters, new Map([...named.keys()].map((name, i) => [name, tensors[i]]))),
        single as MatchHeadInputs,
      ),
    )([...named.values()]);
    expect(loss(single as MatchHeadInputs)).toBe(0);
    for (const gradient of gradients) expect(greatestDifference(gradient.dataSync(), new Float32Array(gradient.size))).toBe(0);
  });

  it('counts a picture that all questions share for each of them', () => {
    const [visual, mismatched] = [inputs.visual, inputs.mismatched].map((x) => tf.slice(x, [0, 0, 0, 0], [3, 1, 4, 5]) as tf.Tensor4D);
    const twice = { ...inputs, visual: tf.concat([visual, visual], 1), mismatched: tf.concat([mismatched, mismatched], 1) };
    expect(loss({ ...inputs, visual, mismatched })).toBeCloseTo(loss(twice), 6);
    expect(loss({ ...inputs, visual, mismatched })).toBeCloseTo(
      plainMatchLoss(parameters, { ...inputs, visual, mismatched }).dataSync()[0],
      6,
    );
  });

  it('names the shape it expected', () => {
    expect(() => loss({ ...inputs, mismatched: tf.zeros([3, 2, 4, 6]) })).toThrow(
      new ShapeError('MatchHead: mismatched has shape [3, 2, 4, 6], expected [videos=3, questions=2, time=4, dim=5]'),
    );
  });
});

describe('previousVideo', () => {
  it('rolls by one', () => {
    expect([...previousVideo(tf.tensor2d([[1], [2], [3]])).dataSync()]).toEqual([3, 1, 2]);
  });
});
