import { greatestDifference, numericGradient } from '@tass/testing';
import { Linear, Random, ShapeError, engineFromEnvironment, namedParameters, tf, withParameters } from '@tass/tensor';
import { MatchHead, type MatchHeadInputs, type MatchHeadParameters, previousVideo } from './match-head';

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

/** Pair by pair, the first layer in one piece. */
function plain({ audio, visual, second, third, output }: MatchHeadParameters): number {
  const first = { weight: tf.concat([audio.weight, visual.weight], 0), bias: audio.bias } as typeof audio;
  const valid = inputs.mask.arraySync();
  const losses: number[] = [];
  const add = (sound: tf.Tensor, picture: tf.Tensor, label: number): void => {
    const hidden = [first, second, third].reduce((x, layer) => tf.relu(Linear.forward(layer, x)), tf.concat([sound, picture], -1));
    losses.push(...tf.neg(tf.logSoftmax(Linear.forward(output, hidden))).dataSync().filter((_, i) => i % 2 === label)); // prettier-ignore
  };
  const at = (x: tf.Tensor, ...place: number[]): tf.Tensor => place.reduce((part: tf.Tensor, i) => tf.unstack(part)[i], x);
  for (let video = 0; video < 3; video++) {
    const before = (video + 2) % 3; // whose sound and targets looked at this video's regions
    for (let question = 0; question < 2; question++) {
      if (valid[video][question]) add(at(inputs.audio, video), at(inputs.visual, video, question), 1);
      if (valid[before][question]) add(at(inputs.audio, before), at(inputs.mismatched, video, question), 0);
    }
  }
  return losses.reduce((sum, value) => sum + value) / losses.length;
}

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

  it('equals the plain form, masked questions left out on both sides', () => {
    expect(loss(inputs)).toBeCloseTo(plain(parameters), 5);
  });

  it('has the gradient of central differences with respect to the mismatched pictures', () => {
    const of = (x: tf.Tensor): tf.Scalar => MatchHead.loss(parameters, { ...inputs, mismatched: tf.reshape(x, [3, 2, 4, 5]) });
    const gradient = tf.grad(of)(tf.tensor1d(inputs.mismatched.dataSync())).dataSync();
    const some = 20; // the pictures of the first question of the first video
    const rest = inputs.mismatched.dataSync().slice(some);
    const numeric = numericGradient(
      (values) => of(tf.tensor1d([...values, ...rest])).dataSync()[0],
      inputs.mismatched.dataSync().slice(0, some),
    );
    expect(greatestDifference(gradient.slice(0, some), numeric)).toBeLessThan(2e-5); // gradients up to 6e-4
    expect(Math.max(...numeric.map(Math.abs))).toBeGreaterThan(1e-4);
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
