import { build, objective } from '@tass/network';
import { Random, engineFromEnvironment, namedParameters, tf, valueAndGradients, withParameters } from '@tass/tensor';
import { greatestDifference } from '@tass/testing';
import { asSingles, batch, labels, sizes } from '../fixtures/small-batch';
import { network, publishedSynchrony } from './tjstg';

beforeAll(() => engineFromEnvironment({ backend: 'wasm' }));

type Form = 'published' | 'corrected';
const weights = { answer: 1, match: 0.5, synchrony: 1 };
const settings = { dim: 8, heads: 4, dropout: 0, attentionDropout: 0 };
const small = (form: Form, change: Partial<typeof settings> = {}) =>
  build(network, { ...settings, ...change, form }, sizes, Random.fromSeed(1));
const logitsOf = ({ parameters, forward }: ReturnType<typeof small>, given: typeof batch) => forward(parameters, given).logits.dataSync();
const learn = ({ parameters, forward, losses }: ReturnType<typeof small>) =>
  valueAndGradients(namedParameters(parameters), (named) =>
    objective(forward(withParameters(parameters, named), batch, { training: { seed: () => 0, labels } }), labels, weights, losses),
  );
const unread = (form: Form): string[] =>
  [...learn(small(form)).gradients].filter(([, gradient]) => gradient.dataSync().every((value) => value === 0)).map(([name]) => name);

it('has the published number of parameters but for those that change nothing, and as many of them untrained', () => {
  const published = { time: 10, regions: 196, regionDim: 512, audioDim: 128, words: 14, vocabulary: 93, answers: 42 };
  const config = { form: 'published', dim: 512, heads: 4, dropout: 0.2, attentionDropout: 0.1 };
  const named = namedParameters(build(network, config, published, Random.fromSeed(1)).parameters);
  const count = (names: string[]): number => names.reduce((sum, name) => sum + named.get(name)!.size, 0);
  // PyTorch's second bias of the question's LSTM and of each direction of two others, which only add to the first, and the key bias of two attentions,
  // which softmax drops
  const redundant = 4 * 512 + 4 * (4 * 256) + 2 * 512;
  expect(count([...named.keys()]) + redundant).toBe(11_069_612);
  expect(count(unread('published')) + 512).toBe(1_050_624); // with the key bias
  tf.dispose([...named.values()]);
});

it('trains every parameter but, as published, the attention that chooses the target', () => {
  expect(unread('published')).toEqual(['query.weight', 'query.bias', 'key.weight', 'value.weight', 'value.bias', 'output.weight', 'output.bias'].map((name) => `target.attention.${name}`)); // prettier-ignore
  expect(unread('corrected')).toEqual([]);
});

it('answers a question alone as beside others; as published it takes the targets of others', () => {
  const difference = (form: Form): number => greatestDifference(logitsOf(small(form), asSingles(batch)), single(small(form)));
  expect(difference('corrected')).toBeLessThan(1e-5);
  expect(difference('published')).toBeGreaterThan(1e-4);
});

/** The logits of each question in a batch of its own. */
function single(of: ReturnType<typeof small>): Float32Array {
  const batches = Object.fromEntries(Object.entries(asSingles(batch)).map(([name, x]) => [name, tf.split(x, 6)]));
  return Float32Array.from(
    [0, 1, 2, 3, 4, 5].flatMap((i) => [...logitsOf(of, Object.fromEntries(Object.entries(batches).map(([name, parts]) => [name, parts[i]])) as unknown as typeof batch)]), // prettier-ignore
  );
}

/** Of the map of 7 regions, the means over segments: its entropy, and the share of regions that stay under the threshold. */
function mapOf(form: Form): { entropy: number; under: number } {
  const { parameters, forward } = small(form);
  const { map, textMap, audioMap } = forward(parameters, batch, { maps: true }).grounding!;
  expect(tf.sum(map!, -1).dataSync()[0]).toBeCloseTo(1, 5);
  const under = tf.step(tf.sub((0.01 * 196) / 7, tf.add(textMap!, audioMap!)));
  const entropy = tf.neg(tf.mean(tf.sum(tf.mul(map!, tf.log(tf.maximum(map!, 1e-9))), -1)));
  return { entropy: entropy.dataSync()[0], under: tf.mean(tf.sum(tf.mul(map!, under), -1)).dataSync()[0] };
}

it('spreads the map evenly by a second softmax, as published, and gives weight to what is under the threshold', () => {
  const [published, corrected] = [mapOf('published'), mapOf('corrected')];
  expect(published.entropy).toBeGreaterThan(Math.log(7) - 0.02);
  expect(corrected.entropy).toBeLessThan(Math.log(7) - 0.5);
  expect(published.under).toBeGreaterThan(0.3);
  expect(corrected.under).toBe(0);
});

it('drops something in training alone, by both rates', () => {
  for (const change of [{ dropout: 0.5 }, { attentionDropout: 0.5 }]) {
    const [dropping, plain] = [small('corrected', change), small('corrected')];
    const trained = (of: typeof plain, seed: number) => of.forward(of.parameters, batch, { training: { seed: () => seed, labels } }).logits.dataSync(); // prettier-ignore
    expect(greatestDifference(trained(dropping, 1), trained(dropping, 2))).toBeGreaterThan(1e-3);
    expect(greatestDifference(logitsOf(dropping, batch), trained(plain, 1))).toBeLessThan(1e-6);
  }
});

it('has as published a synchrony loss that is the same for halves that agree and for opposite ones, worked out by hand', () => {
  // m = (1/4, 1/4) both times: 1/4 (log 1/4 - 1/4) = -.409074
  const of = (visual: number[], audio: number[]): number => publishedSynchrony(tf.tensor3d([[visual]]), tf.tensor3d([[audio]]), tf.ones([1, 1])).dataSync()[0]; // prettier-ignore
  expect(of([0.25, 0.25], [0.25, 0.25])).toBeCloseTo(-0.409074, 5);
  expect(of([0.5, 0], [0, 0.5])).toBeCloseTo(-0.409074, 5);
  expect(learn(small('corrected')).outputs.synchrony.dataSync()[0]).toBeGreaterThan(0);
});

it('says what a reader of published results must know', () => {
  expect(network.remarks!({ ...settings, form: 'published' })).toHaveLength(1);
  expect(network.remarks!({ ...settings, form: 'corrected' })).toEqual([]);
});

it('names what does not fit', () => {
  const { parameters, forward } = small('corrected');
  expect(() => forward(parameters, { ...batch, regions: tf.zeros([3, 4, 7, 5]) })).toThrow('tjstg: regions has shape [3, 4, 7, 5], expected [videos, time=4, regions, regionDim=6]'); // prettier-ignore
  expect(network.mistakes!({ ...settings, form: 'corrected', dim: 9 }, weights).map(({ path }) => path.join('.'))).toEqual(['model.heads', 'model.dim']); // prettier-ignore
});
