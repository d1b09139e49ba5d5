import { join } from 'node:path';
import { beyondParity, greatestDifference, numericGradient, readFixture } from '@tass/testing';
import { Random, ShapeError, compiledGradients, engineFromEnvironment, tf } from '@tass/tensor';
import { audioMapLoss, type AudioMapLossInputs } from './audio-map-loss';
import { plainAudioMapLoss } from './plain';

beforeAll(() => engineFromEnvironment());

const random = Random.fromSeed(31);
const normal = (name: string, shape: number[]): tf.Tensor => tf.tensor(random.fork(name).normals(tf.util.sizeFromShape(shape)), shape);
// videos 3, time 4, regions 6, joint 5, questions 2
const inputs: AudioMapLossInputs = {
  audio: normal('audio', [3, 4, 5]) as tf.Tensor3D,
  regions: normal('regions', [3, 4, 6, 5]) as tf.Tensor4D,
  logScale: tf.scalar(1),
  mask: tf.tensor2d([[1, 1], [0, 1], [1, 0]]), // prettier-ignore
};
const loss = (change: Partial<AudioMapLossInputs> = {}) => audioMapLoss({ ...inputs, ...change }).dataSync()[0];

describe('audioMapLoss', () => {
  it('is InfoNCE of what the sound finds in each picture, on a case worked out by hand', () => {
    // Two videos of one segment, joint width 2, scale 1. Sound (1, 0): in its picture cosines 1, 0 with shares .731059, .268941: .731059; in the
    // other 0, 0: 0. Sound (0, 2): in its picture cosines 1, 1: 1; in the other 0, 1: .731059.
    // -log softmax: log(1 + exp(-.731059 / .07)) = .000029, log(1 + exp(-.268941 / .07)) = .021229; mean .010629
    const two = {
      audio: tf.tensor3d([[[1, 0]], [[0, 2]]]),
      regions: tf.tensor4d([[[[3, 0], [0, 1]]], [[[0, 1], [0, 5]]]]), // prettier-ignore
      logScale: tf.scalar(0),
      mask: tf.ones([2, 1]) as tf.Tensor2D,
    };
    expect(loss(two)).toBeCloseTo(0.010629, 5);
    // The same pictures as two seconds of one video
    expect(loss({ audio: tf.reshape(two.audio, [1, 2, 2]), regions: tf.reshape(two.regions, [1, 2, 2, 2]), logScale: two.logScale, mask: tf.ones([1, 1]) })).toBeCloseTo(0.010629, 5); // prettier-ignore
  });

  it('equals the plain form in value and every gradient, also where a video has no question', () => {
    for (const mask of [
      inputs.mask,
      tf.tensor2d([
        [1, 1],
        [0, 0],
        [0, 1],
      ]),
    ]) {
      // prettier-ignore
      const of = (form: (given: AudioMapLossInputs) => tf.Tensor) =>
        tf.valueAndGrads((audio: tf.Tensor, regions: tf.Tensor, logScale: tf.Tensor) =>
          form({ audio: audio as tf.Tensor3D, regions: regions as tf.Tensor4D, logScale: logScale as tf.Scalar, mask }) as tf.Scalar,
        )([inputs.audio, inputs.regions, inputs.logScale]);
      const [fast, plain] = [of(audioMapLoss), of(plainAudioMapLoss)];
      expect(greatestDifference(fast.value.dataSync(), plain.value.dataSync())).toBeLessThan(2e-6);
      ['audio', 'regions', 'logScale'].forEach((name, i) => {
        const difference = greatestDifference(fast.grads[i].dataSync(), plain.grads[i].dataSync());
        expect({ name, close: difference < 1e-5 }).toEqual({ name, close: true }); // gradients up to .8
        expect(Math.max(...fast.grads[i].dataSync().map(Math.abs))).toBeGreaterThan(1e-2);
      });
    }
  });

  it('has the gradient of central differences', () => {
    const at = (x: tf.Tensor): tf.Scalar => audioMapLoss({ ...inputs, audio: tf.reshape(x, [3, 4, 5]) });
    const point = inputs.audio.dataSync();
    const numeric = numericGradient((values) => at(tf.tensor1d(values)).dataSync(), point, 0.003);
    expect(greatestDifference(tf.grad(at)(tf.tensor1d(point)).dataSync(), numeric)).toBeLessThan(5e-4); // gradients up to .8
  });

  it('falls as the sounds come nearer to a region of their own picture', () => {
    const own = tf.squeeze(tf.slice(inputs.regions, [0, 0, 2, 0], [3, 4, 1, 5]), [2]) as tf.Tensor3D;
    expect(loss({ audio: own })).toBeLessThan(loss() / 2);
  });

  it('is 0 for one segment of one video, and does not tell apart what is the same', () => {
    const [audio, regions] = [tf.slice(inputs.audio, 0, [1, 1, 5]), tf.slice(inputs.regions, 0, [1, 1, 6, 5])];
    const mask = tf.ones([1, 2]) as tf.Tensor2D;
    expect(loss({ audio, regions, mask })).toBeCloseTo(0, 6);
    const [still, video] = [tf.tile(audio, [1, 4, 1]) as tf.Tensor3D, tf.tile(regions, [1, 4, 1, 1]) as tf.Tensor4D];
    expect(loss({ audio: still, regions: video, mask })).toBeCloseTo(Math.log(4), 5);
    expect(loss({ mask: tf.zeros([3, 2]) })).toBeCloseTo(0, 6);
  });

  it('has a finite gradient for regions and sounds of zeros', () => {
    const at = (audio: tf.Tensor, regions: tf.Tensor): tf.Scalar =>
      audioMapLoss({ ...inputs, audio: audio as tf.Tensor3D, regions: regions as tf.Tensor4D });
    for (const gradient of tf.grads(at)([tf.zeros([3, 4, 5]), tf.zeros([3, 4, 6, 5])]))
      expect([...gradient.dataSync()].every(Number.isFinite)).toBe(true);
  });

  /** The fixture is written by tools/parity: PyTorch in float64, sound by sound and picture by picture. */
  it('equals the reference', async () => {
    const fixture = readFixture(join(__dirname, 'fixtures', 'audio-map.json'));
    const tensors = (arrays: typeof fixture.inputs) =>
      new Map([...arrays].map(([key, { shape, values }]) => [key, tf.tensor(values, [...shape])]));
    const given = Object.fromEntries(tensors(fixture.inputs));
    const { outputs, gradients } = await compiledGradients(tensors(fixture.parameters), given, (named, { mask }) => ({
      total: audioMapLoss({ ...Object.fromEntries(named), mask } as unknown as AudioMapLossInputs),
    }));
    expect(beyondParity(outputs, fixture.outputs)).toEqual([]);
    expect(beyondParity(gradients, fixture.gradients)).toEqual([]);
  });

  it('names the shape it expected', () => {
    expect(() => loss({ regions: tf.zeros([3, 4, 6, 7]) })).toThrow(
      new ShapeError('audioMapLoss: regions has shape [3, 4, 6, 7], expected [videos=3, time=4, regions, joint=5]'),
    );
  });
});
