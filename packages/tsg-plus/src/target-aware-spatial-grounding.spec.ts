import { greatestDifference, numericGradient } from '@tass/testing';
import { Random, ShapeError, engineFromEnvironment, namedParameters, tf, withParameters } from '@tass/tensor';
import { plainSpatialGrounding } from './plain';
import {
  mapsForms,
  TargetAwareSpatialGrounding as Grounding,
  type TargetAwareSpatialGroundingConfig as Config,
  type TargetAwareSpatialGroundingInputs as Inputs,
  type TargetAwareSpatialGroundingParameters as Parameters,
} from './target-aware-spatial-grounding';

beforeAll(() => engineFromEnvironment());

const random = Random.fromSeed(8);
const normal = (name: string, shape: number[]): tf.Tensor => tf.tensor(random.fork(name).normals(tf.util.sizeFromShape(shape)), shape);
// videos 2, questions 3, time 4, regions 7, joint 5, dim 6
const config: Config = {
  joint: 5,
  dim: 6,
  grounding: true,
  textQuery: true,
  audioQuery: true,
  maps: 'mean',
  threshold: 0.6,
  regions: 7,
  logitScale: 3,
};
const inputs = {
  regions: normal('regions', [2, 4, 7, 5]) as tf.Tensor4D,
  frames: normal('frames', [2, 4, 5]) as tf.Tensor3D,
  target: normal('target', [2, 3, 5]) as tf.Tensor3D,
  audio: normal('audio', [2, 1, 4, 5]) as tf.Tensor4D,
};
const start = (of: Config): Parameters => Grounding.initialize(of, Random.fromSeed(1));
const visualOf = (of: Config, given: Inputs = inputs) => Grounding.forward(start(of), given, of).visual;

describe('TargetAwareSpatialGrounding', () => {
  // One video, one segment, joint width 2. Regions (0, 3), (3, 0), (0, -1) against the text (0, 2): cosines 1, 0, -1.
  const joint = { ...config, joint: 2, dim: 2, threshold: 0.3 };
  const picture: Inputs = {
    regions: tf.tensor4d([[[[0, 3], [3, 0], [0, -1]]]]), // prettier-ignore
    frames: tf.zeros([1, 1, 2]),
    target: tf.tensor3d([[[0, 2]]]),
    audio: tf.tensor4d([[[[5, 0]]]]),
  };

  it('pools regions by the softmax of scaled cosines, cut at the threshold, on a case worked out by hand', () => {
    // Scale 2: exp(2, 0, -2) = 7.389056, 1, .135335; shares .866814, .117310, .015876. Under .3 / 3 = .1 the third goes; the rest is
    // 7.389056 / 8.389056 = .880797 and .119203; grounded (3 x .119203, 3 x .880797)
    const text = { ...joint, audioQuery: false, logitScale: 2 };
    const { textMap, map, grounded, visual } = Grounding.forward(start(text), picture, text);
    expect(greatestDifference(textMap!.dataSync(), [0.866814, 0.11731, 0.015876])).toBeLessThan(1e-6);
    expect(greatestDifference(map!.dataSync(), [0.880797, 0.119203, 0])).toBeLessThan(1e-6);
    expect(greatestDifference(grounded.dataSync(), [0.357609, 2.642391])).toBeLessThan(3e-6);
    expect(visual.shape).toEqual([1, 1, 1, 2]);
  });

  it('takes the mean of the maps of text and sound before the threshold', () => {
    // Sound (5, 0) at scale 1: cosines 0, 1, 0, shares 1 / (2 + e) = .211942, .576117, .211942. Mean with the text's: .539378, .346713, .113909
    const both = { ...joint, logitScale: 2 };
    const { map, audioMap } = Grounding.forward({ ...start(both), logAudioScale: tf.scalar(0) }, picture, both);
    expect(greatestDifference(audioMap!.dataSync(), [0.211942, 0.576117, 0.211942])).toBeLessThan(1e-6);
    expect(greatestDifference(map!.dataSync(), [0.539378, 0.346713, 0.113909])).toBeLessThan(1e-6);
  });

  it('takes the product of both maps, rescaled', () => {
    const both: Config = { ...joint, logitScale: 2, threshold: 0, maps: 'product' };
    const { map } = Grounding.forward({ ...start(both), logAudioScale: tf.scalar(0) }, picture, both);
    // .866814 x .211942, .117310 x .576117, .015876 x .211942 = .183714, .067584, .003365, by their sum .254663
    expect(greatestDifference(map!.dataSync(), [0.7214, 0.265387, 0.013213])).toBeLessThan(2e-6);
  });

  it('the product is finite where the maps have nothing in common', () => {
    const apart: Config = { ...joint, logitScale: 100, threshold: 0, maps: 'product' }; // shares e^-100 and e^-1000 of what the other one looks at
    const parameters = { ...start(apart), logAudioScale: tf.scalar(Math.log(1000)) };
    const loss = (target: tf.Tensor, audio: tf.Tensor): tf.Scalar =>
      tf.sum(Grounding.forward(parameters, { ...picture, target, audio } as Inputs, apart).grounded);
    const { value, grads } = tf.valueAndGrads(loss)([picture.target!, picture.audio!]);
    for (const tensor of [value, ...grads]) expect([...tensor.dataSync()].every(Number.isFinite)).toBe(true);
    const { map } = Grounding.forward(parameters, picture, apart);
    expect(greatestDifference(map!.dataSync(), [0, 1, 0])).toBeLessThan(1e-6);
  });

  it('the product of one map is the map', () => {
    const alone: Config = { ...joint, maps: 'product', audioQuery: false };
    const mean = Grounding.forward(start(alone), picture, { ...alone, maps: 'mean' });
    expect(Grounding.forward(start(alone), picture, alone).map!.dataSync()).toEqual(mean.map!.dataSync());
  });

  it('adds with places the map, in units of the uniform share, times a matrix, on a case worked out by hand', () => {
    const text = { ...joint, audioQuery: false, logitScale: 2, places: true, regions: 3 };
    const parameters = start(text);
    const without = Grounding.forward(parameters, picture, { ...text, places: false });
    const weight = tf.tensor2d([[1, 0], [0, 10], [5, 5]]); // prettier-ignore
    const { visual, map } = Grounding.forward({ ...parameters, places: { weight } }, picture, text);
    // Shares .880797, .119203 and 0, times 3, of the rows (1, 0), (0, 10), (5, 5)
    expect(greatestDifference(tf.sub(visual, Grounding.forward({ ...parameters, places: undefined }, picture, text).visual).dataSync(), [2.642391, 3.57609])).toBeLessThan(4e-6); // prettier-ignore
    expect(map!.dataSync()).toEqual(without.map!.dataSync());
  });

  it('adds with presence a sigmoid of each region, whose sum is free, times a matrix, on a case worked out by hand', () => {
    const text = { ...joint, audioQuery: false, logitScale: 2, presence: true, regions: 3 };
    const parameters = start(text);
    const weight = tf.tensor2d([[1, 0], [0, 10], [5, 5]]); // prettier-ignore
    const added = (given: Inputs, cosine: number): Float32Array => {
      const presence = { places: { weight }, cosine: tf.scalar(cosine) };
      const [withIt, without] = [presence, undefined].map((presence) => Grounding.forward({ ...parameters, presence }, given, text).visual);
      return tf.sub(withIt!, without!).dataSync() as Float32Array;
    };
    // Cosines 1, 0, -1 less .5, times 2: sigmoid of 1, -1, -3 is .731059, .268941, .047426, of the rows (1, 0), (0, 10), (5, 5)
    expect(greatestDifference(added(picture, 0.5), [0.968189, 2.92654])).toBeLessThan(4e-6);
    // Their mean .349142 for every region
    expect(greatestDifference(added({ ...picture, uniform: true }, 0.5), [2.094852, 5.23713])).toBeLessThan(6e-6);
    // A second target in the picture adds to the first: the region (3, 0) is now (0, 3) as well
    const two = { ...picture, regions: tf.tensor4d([[[[0, 3], [0, 3], [0, -1]]]]) }; // prettier-ignore
    expect(greatestDifference(added(two, 0.5), [0.968189, 7.54772])).toBeLessThan(6e-6);
    expect(start(text).presence!.cosine.dataSync()[0]).toBeCloseTo(0.2, 6);
  });

  it('averages the regions without grounding', () => {
    const average = { ...joint, grounding: false };
    // (3 / 3, 2 / 3)
    expect(greatestDifference(Grounding.forward(start(average), picture, average).grounded.dataSync(), [1, 0.666667])).toBeLessThan(1e-6);
  });

  it.each(mapsForms)('pools by equal shares where they are asked for, and still tells the maps, %s', (maps) => {
    const of = { ...config, maps, presence: true };
    const given = Grounding.forward(start(of), { ...inputs, uniform: true }, of);
    const average = tf.broadcastTo(tf.expandDims(tf.mean(inputs.regions, 2), 1), [2, 3, 4, 5]);
    expect(greatestDifference(given.grounded.dataSync(), average.dataSync())).toBeLessThan(1e-6);
    expect(greatestDifference(given.map!.dataSync(), new Float32Array(168).fill(1 / 7))).toBeLessThan(1e-7);
    const plain = plainSpatialGrounding(start(of), { ...inputs, uniform: true }, of);
    expect(greatestDifference(given.visual.dataSync(), plain.dataSync())).toBeLessThan(2e-6);
    const asItIs = Grounding.forward(start(of), inputs, of);
    expect(greatestDifference(given.textMap!.dataSync(), asItIs.textMap!.dataSync())).toBe(0);
    expect(greatestDifference(given.visual.dataSync(), asItIs.visual.dataSync())).toBeGreaterThan(1e-2);
  });

  it.each(mapsForms.flatMap((maps) => [false, true].map((places) => [maps, places] as const)))(
    'equals the plain form in value and every gradient, maps %s, places and presence %s',
    (maps, places) => {
      const of = { ...config, maps, places, presence: places };
      const parameters = start(of);
      const { visual, map } = Grounding.forward(parameters, inputs, of);
      expect([...map!.dataSync()]).toContain(0); // the threshold is at work
      const names = [...namedParameters(parameters).keys()];
      const mixture = normal('mixture', [2, 3, 4, 6]);
      const gradients = (form: (tree: Parameters, given: typeof inputs) => tf.Tensor) =>
        tf.valueAndGrads((target: tf.Tensor, audio: tf.Tensor, ...tensors: tf.Tensor[]) => {
          const tree = withParameters(parameters, new Map(names.map((name, i) => [name, tensors[i]])));
          return tf.sum(tf.mul(form(tree, { ...inputs, target: target as tf.Tensor3D, audio: audio as tf.Tensor4D }), mixture));
        })([inputs.target, inputs.audio, ...namedParameters(parameters).values()]);
      const fast = gradients((tree, given) => Grounding.forward(tree, given, of).visual);
      const slow = gradients((tree, given) => plainSpatialGrounding(tree, given, of));
      expect(greatestDifference(visual.dataSync(), plainSpatialGrounding(parameters, inputs, of).dataSync())).toBeLessThan(2e-6);
      ['target', 'audio', ...names].forEach((name, i) => {
        const difference = greatestDifference(fast.grads[i].dataSync(), slow.grads[i].dataSync());
        expect({ name, close: difference < 2e-5 }).toEqual({ name, close: true }); // gradients up to 10
      });
    },
  );

  it.each((['target', 'audio'] as const).flatMap((name) => mapsForms.map((maps) => [name, maps] as const)))(
    'has the gradient of central differences with respect to the %s, maps %s',
    (name, maps) => {
      const all = { ...config, threshold: 0, maps, presence: true }; // a threshold would jump within the step
      const parameters = { ...start(all), logAudioScale: tf.scalar(0.5) };
      const terms = (x: tf.Tensor): tf.Tensor => tf.square(Grounding.forward(parameters, { ...inputs, [name]: x }, all).visual);
      const point = inputs[name];
      const numeric = numericGradient((values) => terms(tf.tensor(values, point.shape)).dataSync(), point.dataSync());
      expect(
        greatestDifference(
          tf
            .grad((x: tf.Tensor) => tf.sum(terms(x)))(point)
            .dataSync(),
          numeric,
        ),
      ).toBeLessThan(1e-4); // measured 2e-5, gradients up to 3
    },
  );

  it('keeps the most relevant region under any threshold', () => {
    const { map } = Grounding.forward(start(config), inputs, { ...config, threshold: 7 });
    expect(greatestDifference(tf.max(map!, -1).dataSync(), new Float32Array(24).fill(1))).toBe(0);
  });

  it('has a finite gradient for a region, a target and a sound of zeros', () => {
    const loss = (target: tf.Tensor, audio: tf.Tensor): tf.Scalar =>
      tf.sum(Grounding.forward(start(config), { ...inputs, regions: tf.zeros([2, 4, 7, 5]), target, audio } as Inputs, config).visual);
    const gradients = tf.grads(loss)([tf.zeros([2, 3, 5]), inputs.audio]);
    for (const gradient of gradients) expect([...gradient.dataSync()].every(Number.isFinite)).toBe(true);
  });

  it('changes with each switch, and holds only the parameters that it uses', () => {
    const names = (of: Config): string[] => [...namedParameters(start(of)).keys()].sort();
    const full = ['frame.bias', 'frame.weight', 'grounded.weight', 'logAudioScale', 'logTextScale'];
    expect(names(config)).toEqual(full);
    const ablations: [Partial<Config>, string[]][] = [
      [{ textQuery: false }, full.filter((name) => name !== 'logTextScale')],
      [{ audioQuery: false }, full.filter((name) => name !== 'logAudioScale')],
      [{ threshold: 0 }, full],
      [{ grounding: false }, full.slice(0, 3)],
      [{ maps: 'product' }, full],
      [{ places: true }, [...full, 'places.weight']],
      [{ places: true, grounding: false }, full.slice(0, 3)],
      [
        { places: true, maps: 'separate' },
        [
          ...full.slice(0, 2),
          'groundedByAudio.weight',
          'groundedByText.weight',
          ...full.slice(3),
          'placesByAudio.weight',
          'placesByText.weight',
        ],
      ],
      [{ presence: true }, [...full, 'presence.cosine', 'presence.places.weight']],
      [{ maps: 'separate' }, [...full.slice(0, 2), 'groundedByAudio.weight', 'groundedByText.weight', ...full.slice(3)]],
    ];
    for (const [change, expected] of ablations) {
      const of = { ...config, ...change };
      expect(names(of)).toEqual(expected);
      expect(greatestDifference(tf.broadcastTo(visualOf(of), [2, 3, 4, 6]).dataSync(), visualOf(config).dataSync())).toBeGreaterThan(1e-3);
    }
  });

  it('gives one result for all questions where nothing depends on them', () => {
    expect(visualOf({ ...config, textQuery: false }).shape).toEqual([2, 1, 4, 6]);
    expect(visualOf({ ...config, grounding: false }).shape).toEqual([2, 1, 4, 6]);
    expect(visualOf(config).shape).toEqual([2, 3, 4, 6]);
  });

  it('starts the text scale at the logit scale, at most 100, and never goes beyond', () => {
    expect(start({ ...config, logitScale: 14 }).logTextScale!.dataSync()[0]).toBeCloseTo(Math.log(14), 6);
    expect(start({ ...config, logitScale: 1000 }).logTextScale!.dataSync()[0]).toBeCloseTo(Math.log(100), 6);
    const at = (scale: number) =>
      Grounding.forward({ ...start(config), logTextScale: tf.scalar(Math.log(scale)) }, inputs, config).textMap!.dataSync();
    expect(greatestDifference(at(100), at(5000))).toBeLessThan(1e-6);
    const beyond = { ...start(config), logTextScale: tf.scalar(Math.log(5000)) };
    const { visual } = Grounding.forward(beyond, inputs, config);
    expect(greatestDifference(visual.dataSync(), plainSpatialGrounding(beyond, inputs, config).dataSync())).toBeLessThan(2e-6);
  });

  it('leaves no tensor behind', () => {
    const parameters = start(config);
    const before = tf.memory().numTensors;
    tf.dispose(
      tf.grad((target: tf.Tensor) => tf.sum(Grounding.forward(parameters, { ...inputs, target: target as tf.Tensor3D }, config).visual))(
        inputs.target,
      ),
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names what is missing or of another shape', () => {
    expect(() => visualOf(config, { ...inputs, target: tf.zeros([2, 3, 9]) })).toThrow(
      new ShapeError('TargetAwareSpatialGrounding: target has shape [2, 3, 9], expected [videos=2, questions, joint=5]'),
    );
    expect(() => visualOf(config, { ...inputs, audio: undefined })).toThrow(
      'TargetAwareSpatialGrounding: audioQuery is true, but no audio is given',
    );
    expect(() => start({ ...config, places: true, regions: undefined })).toThrow(
      'TargetAwareSpatialGrounding: regions is not given, expected their number for places: true',
    );
    expect(() => start({ ...config, presence: true, regions: undefined })).toThrow(/expected their number for presence: true/);
    expect(() => start({ ...config, presence: true, textQuery: false })).toThrow(
      'TargetAwareSpatialGrounding: presence is true without a text query; set presence: false',
    );
    expect(() => start({ ...config, textQuery: false, audioQuery: false })).toThrow(/grounding is true without a text or an audio query/);
  });
});
