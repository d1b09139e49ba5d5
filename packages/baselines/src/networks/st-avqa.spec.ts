import { build, objective, type NetworkLabels } from '@tass/network';
import { Random, engineFromEnvironment, namedParameters, tf, valueAndGradients, withParameters } from '@tass/tensor';
import { greatestDifference } from '@tass/testing';
import { batch, labels, sizes } from '../fixtures/small-batch';
import { network } from './st-avqa';

beforeAll(() => engineFromEnvironment());

const weights = { answer: 1, match: 0.5 };
const small = (dropout = 0) => build(network, { dim: 8, heads: 4, dropout }, sizes, Random.fromSeed(1));
const learn = ({ parameters, forward, losses } = small(), given = batch, targets: NetworkLabels = labels, seed = 0) =>
  valueAndGradients(namedParameters(parameters), (named) =>
    objective(
      forward(withParameters(parameters, named), given, { training: { seed: () => seed, labels: targets } }),
      targets,
      weights,
      losses,
    ),
  );

it('has the published number of parameters but for those that change nothing', () => {
  const published = { time: 10, regions: 196, regionDim: 512, audioDim: 128, words: 14, vocabulary: 93, answers: 42 };
  const { parameters } = build(network, { dim: 512, heads: 4, dropout: 0.1 }, published, Random.fromSeed(1));
  const ours = [...namedParameters(parameters).values()].reduce((sum, { size }) => sum + size, 0);
  const redundant = 4 * 512 + 2 * 512; // PyTorch's second bias of the LSTM, which only adds to the first, and the key bias of each attention, which softmax drops
  expect(ours + redundant).toBe(7_916_716);
  tf.dispose([...namedParameters(parameters).values()]);
});

it('draws negatives by the seed; one video has none, and no match loss', () => {
  const matchOf = (...given: Parameters<typeof learn>): number => learn(...given).outputs.match.dataSync()[0];
  expect(matchOf(small(), batch, labels, 1)).toBe(matchOf(small(), batch, labels, 1));
  expect(matchOf(small(), batch, labels, 1)).not.toBe(matchOf(small(), batch, labels, 2));
  const first = <Tree extends object>(tree: Tree): Tree =>
    Object.fromEntries(Object.entries(tree).map(([name, x]) => [name, tf.slice(x, 0, 1)])) as unknown as Tree;
  expect(matchOf(small(), first(batch), first(labels))).toBe(0);
});

it('drops something in training alone', () => {
  const [dropping, plain] = [small(0.5), small()];
  const trained = (of: typeof plain, seed: number) => of.forward(of.parameters, batch, { training: { seed: () => seed, labels } }).logits.dataSync(); // prettier-ignore
  expect(greatestDifference(trained(dropping, 1), trained(dropping, 2))).toBeGreaterThan(1e-3);
  expect(greatestDifference(dropping.forward(dropping.parameters, batch).logits.dataSync(), trained(plain, 1))).toBeLessThan(1e-6);
});

it('gives attention and, on demand, maps that sum to 1', () => {
  const { parameters, forward } = small();
  const { attention, grounding } = forward(parameters, batch, { maps: true });
  for (const shares of [attention!.visual!, attention!.audio!, grounding!.map!])
    for (const sum of tf.sum(shares, -1).dataSync()) expect(sum).toBeCloseTo(1, 5);
  expect(grounding!.map!.shape).toEqual([3, 2, 4, 7]);
  expect(forward(parameters, batch).grounding).toBeUndefined();
});

it('names what does not fit', () => {
  const { parameters, forward } = small();
  expect(() => forward(parameters, { ...batch, audio: tf.zeros([3, 4, 3]) })).toThrow('st-avqa: audio has shape [3, 4, 3], expected [videos=3, time=4, audioDim=10]'); // prettier-ignore
  expect(() => forward(parameters, { ...batch, wordIds: undefined })).toThrow('st-avqa: the batch has no wordIds, expected regions, audio and wordIds'); // prettier-ignore
  expect(network.mistakes!({ dim: 16, heads: 3, dropout: 0 }, weights)).toEqual([{ path: ['model', 'heads'], expected: 'a divisor of model.dim (16)' }]); // prettier-ignore
});
