import { greatestDifference, numericGradient } from '@tass/testing';
import { DropoutSource, Random, ShapeError, engineFromEnvironment, namedParameters, tf, withParameters } from '@tass/tensor';
import {
  JointTemporalGrounding as Grounding,
  type JointTemporalGroundingConfig as Config,
  type JointTemporalGroundingInputs as Inputs,
  type JointTemporalGroundingParameters as Parameters,
} from './joint-temporal-grounding';
import { plainSingleStream } from './plain';

beforeAll(() => engineFromEnvironment());

const random = Random.fromSeed(10);
const normal = (name: string, shape: number[]): tf.Tensor => tf.tensor(random.fork(name).normals(tf.util.sizeFromShape(shape)), shape);
// videos 2, questions 3, time 5, dim 8
const config: Config = {
  dim: 8,
  heads: 4,
  time: 5,
  dropout: 0,
  stream: 'single',
  context: 'none',
  modalities: { audio: true, video: true },
};
const inputs = {
  question: normal('question', [2, 3, 8]) as tf.Tensor3D,
  visual: normal('visual', [2, 3, 5, 8]) as tf.Tensor4D,
  audio: normal('audio', [2, 1, 5, 8]) as tf.Tensor4D,
};
const start = (of: Config): Parameters => Grounding.initialize(of, Random.fromSeed(1));
const fusedOf = (of: Config, given: Inputs = inputs) => Grounding.forward(start(of), given, of).fused;

describe('JointTemporalGrounding', () => {
  it('equals attention to the interleaved stream in output, attention of each half and every gradient', () => {
    const parameters = start(config);
    const { fused, attention } = Grounding.forward(parameters, inputs, config);
    const expected = plainSingleStream(parameters, inputs, config);
    expect(greatestDifference(fused.dataSync(), expected.fused.dataSync())).toBeLessThan(3e-6);
    expect(greatestDifference(attention!.visual.dataSync(), expected.attention.visual.dataSync())).toBeLessThan(1e-6);
    expect(greatestDifference(attention!.audio.dataSync(), expected.attention.audio.dataSync())).toBeLessThan(1e-6);

    const names = [...namedParameters(parameters).keys()];
    const mixture = normal('mixture', [2, 3, 8]);
    const gradients = (form: (tree: Parameters, given: typeof inputs) => { fused: tf.Tensor }) =>
      tf.grads((visual: tf.Tensor, audio: tf.Tensor, ...tensors: tf.Tensor[]) => {
        const tree = withParameters(parameters, new Map(names.map((name, i) => [name, tensors[i]])));
        return tf.sum(tf.mul(form(tree, { ...inputs, visual, audio } as typeof inputs).fused, mixture));
      })([inputs.visual, inputs.audio, ...namedParameters(parameters).values()]);
    const fast = gradients((tree, given) => Grounding.forward(tree, given, config));
    const slow = gradients((tree, given) => plainSingleStream(tree, given, config));
    ['visual', 'audio', ...names].forEach((name, i) => {
      const difference = greatestDifference(fast[i].dataSync(), slow[i].dataSync());
      expect({ name, close: difference < 5e-5 }).toEqual({ name, close: true }); // gradients up to 10
    });
  });

  it('shares attention by the scores of both halves on a case worked out by hand', () => {
    // One head; key 0, so that every position of the stream weighs 1 / 4 and each half, rescaled, 1 / 2 and 1 / 2. Values 1, 3 (visual) and
    // 5, 7 (audio) in both channels: the mean is 4. LayerNorm of equal channels is its bias; of (4, 4 + 1) it is (-1, 1) but for epsilon.
    const small = { ...config, dim: 2, heads: 1, time: 2 };
    const fresh = start(small);
    const identity = { weight: tf.eye(2) as tf.Tensor2D, bias: tf.zeros([2]) as tf.Tensor1D };
    const nothing = { weight: tf.zeros([2, 2]) as tf.Tensor2D, bias: tf.zeros([2]) as tf.Tensor1D };
    const stream = {
      attention: { query: identity, key: nothing, value: identity, output: { ...identity, bias: tf.tensor1d([0, 1]) } },
      feedForward: { hidden: nothing, output: nothing },
      norm: fresh.stream!.norm,
    };
    const parameters = {
      ...fresh,
      stream,
      timeEmbedding: tf.zeros([2, 2]) as tf.Tensor2D,
      modalityEmbedding: tf.zeros([2, 2]) as tf.Tensor2D,
    };
    const { fused, attention } = Grounding.forward(
      parameters,
      { question: tf.ones([1, 1, 2]), visual: tf.tensor4d([[[[1, 1], [3, 3]]]]), audio: tf.tensor4d([[[[5, 5], [7, 7]]]]) }, // prettier-ignore
      small,
    );
    expect(greatestDifference(fused.dataSync(), [-1, 1])).toBeLessThan(1e-4);
    expect(greatestDifference(attention!.visual.dataSync(), [0.5, 0.5])).toBeLessThan(1e-6);
    expect(greatestDifference(attention!.audio.dataSync(), [0.5, 0.5])).toBeLessThan(1e-6);
  });

  it.each(['single', 'dual'] as const)('has the gradient of central differences with respect to the sound: %s', (stream) => {
    const of = { ...config, stream, context: 'bilstm' as const };
    const mixture = normal('mixture', [2, 3, 8]);
    const terms = (audio: tf.Tensor): tf.Tensor => tf.mul(fusedOf(of, { ...inputs, audio: audio as tf.Tensor4D }), mixture);
    const numeric = numericGradient((values) => terms(tf.tensor(values, [2, 1, 5, 8])).dataSync(), inputs.audio.dataSync());
    expect(
      greatestDifference(
        tf
          .grad((audio: tf.Tensor) => tf.sum(terms(audio)))(inputs.audio)
          .dataSync(),
        numeric,
      ),
    ).toBeLessThan(2e-4); // measured 6e-5, gradients up to .4
  });

  it.each(['single', 'dual'] as const)('knows when something happens: other order of time, other output: %s', (stream) => {
    const of = { ...config, stream };
    const reversed = { ...inputs, visual: tf.reverse(inputs.visual, 2), audio: tf.reverse(inputs.audio, 2) };
    expect(greatestDifference(fusedOf(of, reversed).dataSync(), fusedOf(of).dataSync())).toBeGreaterThan(1e-3);
    const blind = { ...start(of), timeEmbedding: tf.zeros([5, 8]) as tf.Tensor2D };
    const without = (given: Inputs) => Grounding.forward(blind, given, of).fused.dataSync();
    expect(greatestDifference(without(reversed), without(inputs))).toBeLessThan(1e-5); // it is the embeddings that tell
  });

  it('changes with each switch, and holds only the parameters that it uses', () => {
    const parts = (of: Config): string[] => [...new Set([...namedParameters(start(of)).keys()].map((name) => name.split('.')[0]))].sort();
    expect(parts(config)).toEqual(['modalityEmbedding', 'stream', 'timeEmbedding']);
    const ablations: [Partial<Config>, string[]][] = [
      [{ stream: 'dual' }, ['audioStream', 'fusion', 'timeEmbedding', 'visualStream']],
      [{ context: 'bilstm' }, ['audioContext', 'modalityEmbedding', 'stream', 'timeEmbedding', 'visualContext']],
      [{ context: 'attention' }, ['audioContext', 'modalityEmbedding', 'stream', 'timeEmbedding', 'visualContext']],
      [{ modalities: { audio: true, video: false } }, ['stream', 'timeEmbedding']],
      [{ modalities: { audio: false, video: true } }, ['stream', 'timeEmbedding']],
      [{ modalities: { audio: false, video: true }, stream: 'dual' }, ['stream', 'timeEmbedding']],
    ];
    for (const [change, expected] of ablations) {
      const of = { ...config, ...change };
      expect(parts(of)).toEqual(expected);
      expect(greatestDifference(fusedOf(of).dataSync(), fusedOf(config).dataSync())).toBeGreaterThan(1e-3);
    }
    expect(() => start({ ...config, modalities: { audio: false, video: false } })).toThrow(/modalities are none/);
  });

  it('drops out by the given stream of numbers alone', () => {
    const of = { ...config, dropout: 0.5 };
    const drop = (seed: number) => fusedOf(of, { ...inputs, dropout: DropoutSource.fromSeed(() => seed) }).dataSync();
    expect(drop(1)).toEqual(drop(1));
    expect(greatestDifference(drop(1), drop(2))).toBeGreaterThan(1e-2);
    expect(greatestDifference(fusedOf(of).dataSync(), fusedOf(config).dataSync())).toBe(0);
  });

  it('leaves no tensor behind', () => {
    const of = { ...config, context: 'bilstm' as const };
    const parameters = start(of);
    const before = tf.memory().numTensors;
    tf.dispose(
      tf.grad((visual: tf.Tensor) =>
        tf.sum(tf.square(Grounding.forward(parameters, { ...inputs, visual: visual as tf.Tensor4D }, of).fused)),
      )(inputs.visual),
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names what is missing or of another shape', () => {
    expect(() => fusedOf(config, { ...inputs, audio: tf.zeros([2, 1, 4, 8]) })).toThrow(
      new ShapeError('JointTemporalGrounding: audio has shape [2, 1, 4, 8], expected [videos=2, questions=3 or 1, time=5, dim=8]'),
    );
    expect(() => fusedOf(config, { ...inputs, visual: undefined })).toThrow(
      'JointTemporalGrounding: visual is not given, but its modality is on',
    );
  });
});
