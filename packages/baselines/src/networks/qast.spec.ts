import { build } from '@tass/network';
import { Random, engineFromEnvironment, namedParameters, tf } from '@tass/tensor';
import { greatestDifference } from '@tass/testing';
import { asSingles, batch, expectDropoutInTrainingAlone, labels, sizes } from '../fixtures/small-batch';
import { network } from './qast';

beforeAll(() => engineFromEnvironment({ backend: 'wasm' }));

type Given = Parameters<typeof network.needs>[0];
const settings: Given = { semantic: 'mean', dim: 8, heads: 4, patches: 3, readers: 5, dropout: 0 };
const small = (change: Partial<Given> = {}) => build(network, { ...settings, ...change }, sizes, Random.fromSeed(1));
const logitsOf = ({ parameters, forward }: ReturnType<typeof small>, given: Parameters<typeof forward>[1] = batch) =>
  forward(parameters, given).logits.dataSync();
const lossesOf = ({ parameters, forward }: ReturnType<typeof small>, epoch?: () => number) =>
  Object.fromEntries(Object.entries(forward(parameters, batch, { training: { seed: () => 1, labels, epoch } }).losses!).map(([name, loss]) => [name, loss!.dataSync()[0]])); // prettier-ignore

it.each(['mean', 'layer'] as const)('has as many parameters as its equations, at the published size: %s', (semantic) => {
  const published = { time: 60, regions: 14, regionDim: 1024, frameDim: 768, audioDim: 128, textDim: 768, words: 77, vocabulary: 93, answers: 42 }; // prettier-ignore
  const config: Given = { semantic, dim: 512, heads: 8, patches: 4, readers: 10, dropout: 0.1 };
  const named = namedParameters(build(network, config, published, Random.fromSeed(1)).parameters);
  const linear = (from: number, to: number): number => from * to + to;
  const [norm, map, attention] = [2 * 512, linear(512, 512), 4 * 512 * 512 + 3 * 512]; // an attention without the key's bias, which changes nothing
  const pair = (from: number, inside: number, to: number): number => linear(from, inside) + linear(inside, to);
  const projections = linear(128, 512) + 3 * linear(768, 512) + linear(1024, 512);
  const router = 4 * (norm + map) + norm + pair(512, 512, 4) + norm + pair(512, 1024, 512);
  const patches = 512 * 512 + 3 * map + (norm + linear(512, 3)) + (norm + map) + norm; // nor has the patches' key one
  const memory = (3 + 7 + 15 + 3) * 512 + 6 * map + (norm + linear(512, 3)) + norm;
  const positions = 2 * linear(1, 512) + linear(9, 512) + map + pair(2048, 1024, 512) + norm + linear(512, 1) + (norm + linear(512, 1));
  const context = attention + norm;
  const readers = 10 * 512 + 2 * norm + pair(1024, 512, 512) + attention + norm + pair(512, 1024, 512);
  const head = 2 * norm + pair(1024, 512, 4) + norm + pair(512, 1024, 512) + norm + linear(512, 42);
  const layer = norm + attention + norm + pair(512, 1536, 512);
  const whole = projections + router + patches + memory + positions + context + readers + head + (semantic === 'layer' ? layer : 0);
  expect([...named.values()].reduce((sum, { size }) => sum + size, 0)).toBe(whole);
  expect(whole).toBe(semantic === 'mean' ? 15_500_346 : 18_127_418);
  tf.dispose([...named.values()]);
});

it('answers a question alone as in a batch, in both forms', () => {
  for (const semantic of ['mean', 'layer'] as const) {
    const built = small({ semantic });
    expect(greatestDifference(logitsOf(built, asSingles(batch)), logitsOf(built))).toBeLessThan(1e-5);
  }
  expect(greatestDifference(logitsOf(small()), logitsOf(small({ semantic: 'layer' })))).toBeGreaterThan(1e-3);
});

it('two of its losses rise over three epochs', () => {
  const risen = lossesOf(small());
  const at = (epoch: number) => lossesOf(small(), () => epoch);
  for (const [epoch, share] of [
    [0, 1 / 3],
    [1, 2 / 3],
    [2, 1],
    [14, 1],
  ] as const)
    for (const [name, loss] of Object.entries(at(epoch)))
      expect(loss).toBeCloseTo(risen[name] * (['audioVisual', 'questionPatches'].includes(name) ? share : 1), 6);
});

it('starts with positions of a strength near .07, behind gates near the sigmoid of .8', () => {
  const { gate, strength } = network.initialize({ ...settings, sizes }, Random.fromSeed(1)).positions;
  expect(gate.bias.dataSync()[0]).toBeCloseTo(0.8, 6);
  expect(0.05 + 0.05 / (1 + Math.exp(-strength.map.bias.dataSync()[0]))).toBeCloseTo(0.07, 6);
});

it('reads of a frame the patches that a question keeps', () => {
  const { parameters, forward } = small();
  const { grounding, attention } = forward(parameters, batch, { maps: true });
  expect(grounding!.map!.shape).toEqual([3, 2, 4, 7]);
  const rows = tf.reshape(grounding!.map!, [-1, 7]).arraySync() as number[][];
  for (const row of rows) expect(row.filter((share) => share > 0)).toHaveLength(3);
  for (const shares of [attention!.visual!, attention!.audio!])
    for (const sum of tf.sum(shares, -1).dataSync()) expect(sum).toBeCloseTo(1, 5);
});

it('drops something in training alone', () => expectDropoutInTrainingAlone(small({ dropout: 0.5 }), small()));

it('gives what a reader of the results must know, and names what does not fit', () => {
  expect(network.remarks!(settings)).toHaveLength(1);
  expect(() => small({ patches: 7 })).toThrow(
    'qast: model.patches is 7, expected less than the 7 patches of a frame: else nothing is chosen',
  );
  expect(network.mistakes!({ ...settings, heads: 3 }, { answer: 1 })).toEqual([{ path: ['model', 'heads'], expected: 'a divisor of model.dim (8)' }]); // prettier-ignore
  expect(() => logitsOf(small(), { ...batch, prompt: undefined })).toThrow('qast: the batch has no prompt, expected prompt and sentence');
});
