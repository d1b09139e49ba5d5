import { build } from '@tass/network';
import { Random, engineFromEnvironment, namedParameters, tf } from '@tass/tensor';
import { greatestDifference } from '@tass/testing';
import { batch, expectDropoutInTrainingAlone, sizes } from '../fixtures/small-batch';
import { network, seconds } from './tspm';

beforeAll(() => engineFromEnvironment({ backend: 'wasm' }));

type Given = Parameters<typeof network.needs>[0];
const settings: Given = { selection: 'prompt', dim: 8, heads: 4, chosen: 2, dropout: 0 };
const small = (change: Partial<Given> = {}) => build(network, { ...settings, ...change }, sizes, Random.fromSeed(1));
const logitsOf = ({ parameters, forward }: ReturnType<typeof small>, given: Parameters<typeof forward>[1] = batch) =>
  forward(parameters, given).logits.dataSync();

it('has the published number of parameters that are trained, but for those that change nothing', () => {
  const published = { time: 60, regions: 14, regionDim: 1024, frameDim: 768, audioDim: 128, textDim: 768, words: 77, vocabulary: 93, answers: 42 }; // prettier-ignore
  const config: Given = { selection: 'prompt', dim: 512, heads: 4, chosen: 10, dropout: 0.1 };
  const named = namedParameters(build(network, config, published, Random.fromSeed(1)).parameters);
  const count = (ofChoice: boolean): number =>
    [...named].reduce((sum, [name, { size }]) => sum + (name.startsWith('choice.') === ofChoice ? size : 0), 0);
  const [keyBias, map, norm] = [512, 512 * 512 + 512, 2 * 512]; // softmax drops a key bias
  expect(count(false) + 5 * keyBias).toBe(10_333_738);
  // The published choice has values, an output, a feed-forward layer and a norm as well, which nothing reads
  expect(count(true) + keyBias + 2 * map + 2 * map + norm).toBe(1_970_688);
  tf.dispose([...named.values()]);
});

it('chooses seconds by the prompt; the controls choose without one', () => {
  const asked = { ...batch, prompt: tf.mul(batch.prompt, -3) as tf.Tensor3D };
  expect(greatestDifference(logitsOf(small(), asked), logitsOf(small()))).toBeGreaterThan(1e-3);
  for (const selection of ['uniform', 'random'] as const) {
    expect(network.needs({ ...settings, selection }).prompt).toBe(false);
    expect([...logitsOf(small({ selection }), { ...batch, prompt: undefined })]).toEqual([...logitsOf(small({ selection }), asked)]);
  }
  expect(() => logitsOf(small(), { ...batch, prompt: undefined })).toThrow('tspm: the batch has no prompt, expected prompt and sentence');
});

it('takes evenly spaced seconds, or the same random ones every time', () => {
  expect(seconds('uniform', 10, 60)).toEqual([0, 6, 12, 18, 24, 30, 36, 42, 48, 54]);
  const drawn = seconds('random', 10, 60);
  expect(drawn).toEqual(seconds('random', 10, 60));
  expect(drawn).toEqual([...new Set(drawn)].sort((a, b) => a - b));
  expect(drawn).not.toEqual(seconds('uniform', 10, 60));
});

it('reads the patches of the chosen seconds alone, and looks nowhere else in time', () => {
  const [uniform, plain] = [small({ selection: 'uniform' }), logitsOf(small({ selection: 'uniform' }))];
  for (const second of [0, 1, 2, 3]) {
    const regions = tf.add(batch.regions, tf.reshape(tf.oneHot(second, 4), [1, 4, 1, 1])) as tf.Tensor4D;
    const changes = greatestDifference(logitsOf(uniform, { ...batch, regions }), plain) > 1e-6;
    expect({ second, changes }).toEqual({ second, changes: [0, 2].includes(second) });
  }
  const { attention } = uniform.forward(uniform.parameters, batch);
  for (const shares of [attention!.visual!, attention!.audio!]) {
    expect([...tf.sum(shares, [0, 1]).dataSync()].map((sum) => sum > 0)).toEqual([true, false, true, false]);
    for (const sum of tf.sum(shares, -1).dataSync()) expect(sum).toBeCloseTo(1, 5);
  }
});

it('drops something in training alone', () => expectDropoutInTrainingAlone(small({ dropout: 0.5 }), small()));

it('gives what a reader of the results must know, and names what does not fit', () => {
  expect(network.remarks!(settings)).toHaveLength(1);
  expect(network.remarks!({ ...settings, selection: 'uniform' })).toEqual([]);
  expect(() => small({ chosen: 4 })).toThrow(
    'tspm: model.chosen is 4, expected less than the 4 seconds of a video: else nothing is chosen',
  );
  expect(network.mistakes!({ ...settings, heads: 3 }, { answer: 1 })).toEqual([{ path: ['model', 'heads'], expected: 'a divisor of model.dim (8)' }]); // prettier-ignore
});
