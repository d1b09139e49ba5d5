import { build, objective } from '@tass/network';
import { createAdam } from '@tass/optimizers';
import { Random, engineFromEnvironment, namedParameters, tf, valueAndGradients, withParameters } from '@tass/tensor';
import { greatestDifference } from '@tass/testing';
import { asSingles, batch, eightQuestions, labels, sizes, withOtherPadding } from './fixtures/small-batch';
import { baselines, faultyNetworks } from './index';

beforeAll(() => engineFromEnvironment({ backend: 'wasm' })); // five times as fast as cpu where layers are wide

/** Networks that train something else than answers. */
const withoutAnswers: readonly string[] = ['match-pretraining'];

/** Parameters that decide which ones are largest, and no more: nothing trains them. */
const untrained: Readonly<Record<string, RegExp>> = { 'pstp-intended': /^(segment|segmentChoice|patchChoice)\./, tspm: /^choice\./ };

it('no file there has a fault', () => expect([...faultyNetworks.values()]).toEqual([]));

describe.each(baselines)('$name', (network) => {
  const { name } = network;
  const built = build(network, network.example, sizes, Random.fromSeed(1));
  const logitsOf = (given: typeof batch) => built.forward(built.parameters, given).logits.dataSync();
  const weights = { answer: 1, ...Object.fromEntries(built.losses.map((loss) => [loss, 1])) };
  const learn = (given: typeof batch, targets = labels, parameters: ReadonlyMap<string, tf.Tensor> = namedParameters(built.parameters)) =>
    valueAndGradients(parameters, (named) => {
      const tree = withParameters(built.parameters, named);
      return objective(built.forward(tree, given, { training: { seed: () => 0, labels: targets } }), targets, weights, built.losses);
    });

  it('has a finite gradient for every parameter, and one of zeros for those that nothing trains', () => {
    for (const [path, gradient] of learn(batch).gradients) {
      const values = [...gradient.dataSync()];
      expect({ path, finite: values.every(Number.isFinite) }).toEqual({ path, finite: true });
      expect({ path, moves: values.some((value) => value !== 0) }).toEqual({ path, moves: !untrained[name]?.test(path) });
    }
  });

  it('refuses settings that it does not know', () => {
    expect(network.settings.safeParse({ ...network.example, other: 1 }).success).toBe(false);
    expect(network.settings.safeParse(network.example).success).toBe(true);
  });

  it('gives the same answer to a question alone and in a batch', () =>
    expect(greatestDifference(logitsOf(asSingles(batch)), logitsOf(batch))).toBeLessThan(1e-5));

  it('lets a padding question change no loss', () => {
    const other = { ...labels, answers: tf.tensor2d([[0, 6], [3, 1], [5, 4]], [3, 2], 'int32') }; // prettier-ignore
    const { outputs } = learn(withOtherPadding(batch), other);
    for (const [loss, value] of Object.entries(learn(batch).outputs)) expect([loss, ...outputs[loss].dataSync()]).toEqual([loss, ...value.dataSync()]); // prettier-ignore
  });

  it('looks at no padding word of a text encoder', () => {
    const padded = { ...batch, words: tf.add(batch.words, tf.mul(tf.sub(1, tf.expandDims(batch.wordMask, 3)), 5)) as tf.Tensor4D };
    const answered = 5 * sizes.answers; // the last question is padding
    expect(greatestDifference(logitsOf(padded).slice(0, answered), logitsOf(batch).slice(0, answered))).toBeLessThan(1e-5);
  });

  it('answers otherwise under each intervention that it knows, and as before under a map that is uniform already', () => {
    for (const intervention of built.interventions) {
      const { logits, attentionByHead = {} } = built.forward(built.parameters, batch, { intervention });
      expect({ intervention, changes: greatestDifference(logits.dataSync(), logitsOf(batch)) > 1e-5 }).toEqual({ intervention, changes: true }); // prettier-ignore
      if (intervention !== 'uniform-attention') continue;
      for (const half of Object.values(attentionByHead)) {
        const even = tf.broadcastTo(tf.mean(half, -1, true), half.shape);
        expect(greatestDifference(half.dataSync(), even.dataSync())).toBeLessThan(1e-6);
      }
    }
  });

  it('gives attention as the mean over its heads', () => {
    const { attention = {}, attentionByHead = {} } = built.forward(built.parameters, batch);
    expect(Object.keys(attentionByHead)).toEqual(Object.keys(attention));
    for (const [half, shares] of Object.entries(attention)) {
      const mean = tf.mean(attentionByHead[half as 'visual' | 'audio']!, 2);
      expect(greatestDifference(shares.dataSync(), tf.div(mean, tf.sum(mean, -1, true)).dataSync())).toBeLessThan(1e-6);
    }
  });

  it('leaves no tensor behind', () => {
    const step = (): void => {
      const { outputs, gradients } = learn(batch);
      tf.dispose([...Object.values(outputs), ...gradients.values()]);
    };
    step();
    const before = tf.memory().numTensors;
    step();
    expect(tf.memory().numTensors).toBe(before);
  });

  (withoutAnswers.includes(name) ? it.skip : it)('learns eight questions by heart', () => {
    const optimizer = createAdam(namedParameters(built.parameters), { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
    const losses: number[] = [];
    while (losses.length < 60 && !(losses.at(-1)! < 0.2)) {
      const { outputs, gradients } = learn(eightQuestions.batch, eightQuestions.labels, optimizer.parameters());
      losses.push(outputs.answer.dataSync()[0]);
      const step = losses.length;
      optimizer.apply(gradients, () => ({ step, learningRate: 0.02 }));
      tf.dispose([...Object.values(outputs), ...gradients.values()]);
    }
    optimizer.dispose();
    expect(losses[0]).toBeGreaterThan(1.5); // ln 9 = 2.2 at the start
    expect(losses.at(-1)).toBeLessThan(0.2);
  });
});
