import { greatestDifference, numericGradient } from '@tass/testing';
import { DropoutSource, Random, ShapeError, engineFromEnvironment, namedParameters, tf, withParameters } from '@tass/tensor';
import {
  JointTemporalGrounding as Grounding,
  type JointTemporalGroundingConfig as Config,
  type JointTemporalGroundingInputs as Inputs,
  type JointTemporalGroundingParameters as Parameters,
} from './joint-temporal-grounding';
import { StreamAttention } from './stream-attention';
import { plainPairedStream, plainSingleStream } from './plain';

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

/** Of a paired stream: half of relu's inputs well above 0, half well below, as central differences are wrong at its corner. */
const awayFromZero = ({ pairing, ...rest }: Parameters): Parameters => {
  if (pairing === undefined) return rest;
  const bias = tf.tensor1d(Array.from({ length: pairing.term.bias.size }, (_, i) => (i % 2 === 0 ? 6 : -6)));
  return { ...rest, pairing: { ...pairing, term: { ...pairing.term, bias } } };
};

describe('JointTemporalGrounding', () => {
  it.each([
    ['single', plainSingleStream],
    ['paired', plainPairedStream],
  ] as const)('equals its plain form in output, attention of each half and every gradient: %s', (stream, plain) => {
    const of = { ...config, stream };
    const parameters = start(of);
    const { fused, attention, attentionByHead } = Grounding.forward(parameters, inputs, of);
    const expected = plain(parameters, inputs, of);
    expect(greatestDifference(attentionByHead.visual!.dataSync(), expected.attentionByHead.visual.dataSync())).toBeLessThan(1e-6);
    expect(greatestDifference(attentionByHead.audio!.dataSync(), expected.attentionByHead.audio.dataSync())).toBeLessThan(1e-6);
    expect(greatestDifference(fused.dataSync(), expected.fused.dataSync())).toBeLessThan(3e-6);
    expect(greatestDifference(attention.visual!.dataSync(), expected.attention.visual.dataSync())).toBeLessThan(1e-6);
    expect(greatestDifference(attention.audio!.dataSync(), expected.attention.audio.dataSync())).toBeLessThan(1e-6);

    const names = [...namedParameters(parameters).keys()];
    const mixture = normal('mixture', [2, 3, 8]);
    const gradients = (form: (tree: Parameters, given: typeof inputs) => { fused: tf.Tensor }) =>
      tf.grads((visual: tf.Tensor, audio: tf.Tensor, ...tensors: tf.Tensor[]) => {
        const tree = withParameters(parameters, new Map(names.map((name, i) => [name, tensors[i]])));
        return tf.sum(tf.mul(form(tree, { ...inputs, visual, audio } as typeof inputs).fused, mixture));
      })([inputs.visual, inputs.audio, ...namedParameters(parameters).values()]);
    const fast = gradients((tree, given) => Grounding.forward(tree, given, of));
    const slow = gradients((tree, given) => plain(tree, given, of));
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
    expect(greatestDifference(attention.visual!.dataSync(), [0.5, 0.5])).toBeLessThan(1e-6);
    expect(greatestDifference(attention.audio!.dataSync(), [0.5, 0.5])).toBeLessThan(1e-6);
  });

  it('pairs picture and sound under the question on a case worked out by hand', () => {
    // One channel in, W_v = (1 0), W_a = (0 1), W_g q = (1 0), W_q q = (0 -3): v = 1, 2 and a = 4, 2 become relu((2v, a - 3)) = (2, 1) and (4, 0).
    // W_z takes the first of both to channel 1 and the second to channel 2; LayerNorm of two channels is (1, -1) for both, but for epsilon.
    const small = { ...config, stream: 'paired' as const, dim: 2, heads: 1, time: 2 };
    const fresh = start(small);
    const map = (rows: number[][], bias: number[]) => ({ weight: tf.tensor2d(rows), bias: tf.tensor1d(bias) });
    const none = [0, 0, 0, 0];
    const pairing = {
      visual: map([[1, 0, 0, 0], none], none),
      audio: map([[0, 1, 0, 0], none], none),
      factor: map([none, none], [1, 0, 0, 0]),
      term: map([none, none], [0, -3, 0, 0]),
      output: map([[1, 0], [0, 1], [0, 0], [0, 0]], [0, 0]), // prettier-ignore
      norm: { gain: tf.ones([2]) as tf.Tensor1D, bias: tf.zeros([2]) as tf.Tensor1D },
    };
    const given = { question: tf.ones([1, 1, 2]) as tf.Tensor3D, visual: tf.tensor4d([[[[1, 0], [2, 0]]]]), audio: tf.tensor4d([[[[4, 0], [2, 0]]]]) }; // prettier-ignore
    const parameters = { ...fresh, pairing, timeEmbedding: tf.zeros([2, 2]) as tf.Tensor2D };
    const same = tf.tensor4d([[[[1, -1], [1, -1]]]]); // prettier-ignore
    const expected = StreamAttention.forward(parameters.stream!, { question: given.question, streams: [same] }, small);
    const { fused, attention } = Grounding.forward(parameters, given, small);
    expect(greatestDifference(fused.dataSync(), expected.fused.dataSync())).toBeLessThan(1e-4);
    expect(greatestDifference(attention.visual!.dataSync(), [0.5, 0.5])).toBeLessThan(1e-4);
    expect(attention.audio!.dataSync()).toEqual(attention.visual!.dataSync());
  });

  it.each(['single', 'dual', 'paired'] as const)('gives the shares by head, whose mean, rescaled, is its attention: %s', (stream) => {
    const of = { ...config, stream };
    const { attention, attentionByHead } = Grounding.forward(start(of), inputs, of);
    for (const half of ['visual', 'audio'] as const) {
      const mean = tf.mean(attentionByHead[half]!, 2); // [videos, questions, time]
      expect(attentionByHead[half]!.shape).toEqual([2, 3, 4, 5]);
      expect(greatestDifference(attention[half]!.dataSync(), tf.div(mean, tf.sum(mean, -1, true)).dataSync())).toBeLessThan(1e-6);
    }
    const mass = tf.add(...((['visual', 'audio'] as const).map((half) => tf.sum(attentionByHead[half]!, -1)) as [tf.Tensor, tf.Tensor]));
    expect(greatestDifference(mass.dataSync(), new Float32Array(24).fill(stream === 'single' ? 1 : 2))).toBeLessThan(1e-6);
  });

  it.each<[string, Partial<Config>]>([
    ['single', {}],
    ['dual', { stream: 'dual' }],
    ['paired', { stream: 'paired' }],
    ['paired, one modality', { stream: 'paired', modalities: { audio: false, video: true } }],
    ['one modality', { modalities: { audio: false, video: true } }],
  ])('weighs by other shares: %s', (_, differs) => {
    const of = { ...config, ...differs };
    const changed = Grounding.forward(start(of), { ...inputs, change: (shares) => tf.reverse(shares, -1) }, of);
    const plain = Grounding.forward(start(of), inputs, of);
    const reversed = tf.reverse(plain.attentionByHead.visual!, -1);
    expect(greatestDifference(changed.attentionByHead.visual!.dataSync(), reversed.dataSync())).toBeLessThan(1e-7);
    expect(greatestDifference(changed.fused.dataSync(), plain.fused.dataSync())).toBeGreaterThan(1e-3);
  });

  it.each(['single', 'dual', 'paired'] as const)('has the gradient of central differences with respect to the sound: %s', (stream) => {
    const of = { ...config, stream, context: 'bilstm' as const };
    const mixture = normal('mixture', [2, 3, 8]);
    const parameters = awayFromZero(start(of));
    const terms = (audio: tf.Tensor): tf.Tensor =>
      tf.mul(Grounding.forward(parameters, { ...inputs, audio: audio as tf.Tensor4D }, of).fused, mixture);
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

  it.each(['single', 'dual', 'paired'] as const)('knows when something happens: other order of time, other output: %s', (stream) => {
    const of = { ...config, stream };
    const reversed = { ...inputs, visual: tf.reverse(inputs.visual, 2), audio: tf.reverse(inputs.audio, 2) };
    expect(greatestDifference(fusedOf(of, reversed).dataSync(), fusedOf(of).dataSync())).toBeGreaterThan(1e-3);
    const blind = { ...start(of), timeEmbedding: tf.zeros([5, 8]) as tf.Tensor2D };
    const without = (given: Inputs) => Grounding.forward(blind, given, of).fused.dataSync();
    expect(greatestDifference(without(reversed), without(inputs))).toBeLessThan(1e-5); // only the embeddings make the difference
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
      [{ stream: 'paired' }, ['pairing', 'stream', 'timeEmbedding']],
      [{ stream: 'paired', modalities: { audio: true, video: false } }, ['pairing', 'stream', 'timeEmbedding']],
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
